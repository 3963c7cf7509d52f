// `npm run soak -- [--minutes N] [--seed S] [--only <fault>] [--nodes N] [--rate N]`: the fault suite in full
// length, on a pool with production's times. Every fault alone, then random pairs until the time is over.
// Prints one line per fault and exits with 1 when anything was lost, twice, credited wrongly, untold or slow.
import { parseArgs } from "node:util";
import { type Chance, chance } from "./chance.ts";
import { FAULTS, type Fault, type FaultTimes } from "./faults.ts";
import { Fleet } from "./fleet.ts";
import { Report, type Row } from "./report.ts";

const HELP = `npm run soak -- [--minutes N] [--seed S] [--only <fault>] [--nodes N] [--rate N]

  --minutes  how long random pairs of faults go on after each one alone (default 10)
  --seed     what happens in which order; printed, so that a run can be had again
  --only     only faults whose name holds this
  --nodes    echo nodes (default 200)
  --rate     questions a second (default 40)
  --quick    shorter outages: frozen for 12 s instead of 45

Faults: ${FAULTS.map((fault) => fault.name).join(" · ")}`;

/** Before each fault the pool is watched for so long: what it answers then is what it must come back to. */
const CALM_MS = 8_000;
/** After each fault people go on asking for so long. */
const AFTER_MS = 20_000;
const SETTLE_MS = 180_000;

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    seed: { type: "string", default: `${Date.now() % 1_000_000}` },
    only: { type: "string" },
    nodes: { type: "string", default: "200" },
    rate: { type: "string", default: "40" },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit(0);
}
const chosen = FAULTS.filter((fault) => fault.name.includes(values.only ?? ""));
if (chosen.length === 0) {
  console.error(`No fault is called “${values.only}”.\n\n${HELP}`);
  process.exit(2);
}
const seed = Number(values.seed);
const [minutes, nodes, rate] = [values.minutes, values.nodes, values.rate].map(Number) as [
  number,
  number,
  number,
];
const times: FaultTimes = values.quick
  ? { frozenMs: 12_000, awayMs: 3_000 }
  : { frozenMs: 45_000, awayMs: 5_000 };

console.log(`seed ${seed} · ${nodes} nodes · ${rate} questions/s · logs are kept where it fails`);
const fleet = await Fleet.start({ seed, nodes, rate, paceMs: 30, silenceMs: 40_000 });
let stopping = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    console.error("stopping everything that was started");
    void fleet.close().then(() => process.exit(130));
  });
}

const report = new Report();
let failed = false;
try {
  console.log(report.head());
  await calm();
  for (const fault of chosen) console.log(report.line(await broken([fault])));
  const dice = chance(seed);
  for (const end = Date.now() + minutes * 60_000; Date.now() < end; ) {
    console.log(report.line(await broken(pair(dice))));
  }
  await fleet.settle(SETTLE_MS);
  console.log("");
  failed = !report.close(await fleet.account(), fleet, console.log);
} catch (error) {
  failed = true;
  if (!stopping) console.error(error);
} finally {
  if (!stopping) await fleet.close(failed);
  if (failed) console.error(`logs and journal: ${fleet.folder}`);
}
process.exit(failed ? 1 : 0);

/** Lets faults happen together and watches what becomes of the people who ask before, during and after. */
async function broken(faults: readonly Fault[]): Promise<Row> {
  const calmRate = await calm();
  const began = Date.now();
  await Promise.all(faults.map((fault) => fault.act(fleet, times)));
  const over = Date.now();
  await pause(AFTER_MS);
  const name = faults.map((fault) => fault.name).join(" + ");
  const recovery = fleet.recoverySeconds(over, calmRate, Date.now());
  return { name, began, over, recovery, calmRate, resident: fleet.resident() };
}

/** Answers a second while nothing is broken. */
async function calm(): Promise<number> {
  const from = Date.now();
  await pause(CALM_MS);
  return Math.min(rate, fleet.answerRate(from, Date.now()));
}

function pair(dice: Chance): Fault[] {
  const first = dice.pick(chosen);
  const second = dice.pick(chosen);
  return first === second ? [first] : [first, second];
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}
