// `npm run bench:profile [-- --seconds N] [--per-second N]`: where the processor time of a load goes.
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import pg from "pg";
import { ROOT } from "../../config/settings.ts";
import { scratch } from "../support/services.ts";
import { startPoolUnderLoad } from "./pool-under-load.ts";

const SHOWN = 40;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "10" },
    "per-second": { type: "string" },
  },
});
const seconds = Number(values.seconds);
const perSecond = values["per-second"] === undefined ? null : Number(values["per-second"]);

/** The warm load: what was profiled before and after it is not shown. */
const measured = { from: 0, to: 0 };
const dir = scratch("profile-", { kept: true });
mkdirSync(dir, { recursive: true });
const load = await startPoolUnderLoad(
  { NODE_OPTIONS: `--cpu-prof --cpu-prof-interval=500 --cpu-prof-dir=${dir}` },
  (_redis, postgres) => countStatements(postgres),
);
try {
  await load.ask(3, perSecond);
  await query(load.postgres.url, "select pg_stat_statements_reset()").catch(() => []);
  const before = load.cpu();
  measured.from = microseconds();
  const report = await load.ask(seconds, perSecond);
  measured.to = microseconds();
  const after = load.cpu();
  console.log(`${report.answered} answers, ${(report.answeredInTime / seconds).toFixed(0)}/s\n`);
  console.log("Processor time by part, ms/job");
  for (const [part, ms] of Object.entries(after)) {
    console.log(`  ${((ms - (before[part] as number)) / report.answered).toFixed(3)}  ${part}`);
  }
  await printStatements(load.postgres.url, report.answered);
} finally {
  await load.close();
}
printProfile(dir);
rmSync(dir, { recursive: true, force: true });

/** Lets PostgreSQL count what each statement takes, where its extension for that is installed. */
async function countStatements(postgres: { url: string; restart(): Promise<void> }): Promise<void> {
  await query(postgres.url, "alter system set shared_preload_libraries = 'pg_stat_statements'");
  await postgres.restart();
  await query(postgres.url, "create extension pg_stat_statements");
  await query(postgres.url, "alter system set pg_stat_statements.track_planning = on");
  await query(postgres.url, "select pg_reload_conf()");
}

async function printStatements(url: string, answered: number): Promise<void> {
  const rows = await query(
    url,
    `select greatest(calls, 1) as calls, total_exec_time + total_plan_time as ms, total_plan_time / greatest(plans, 1) as plan,
       shared_blks_hit as blocks, query
     from pg_stat_statements order by total_exec_time + total_plan_time desc limit 12`,
  );
  console.log("\nStatements, longest first: ms/job, calls, ms/call, planning of it, blocks/call");
  for (const { calls, ms, plan, blocks, query: text } of rows) {
    const [perJob, perCall] = [Number(ms) / answered, Number(ms) / Number(calls)];
    const words = String(text).replace(/\s+/g, " ").slice(0, 100);
    const touched = Math.round(Number(blocks) / Number(calls));
    console.log(
      `  ${perJob.toFixed(3)}  ${String(calls).padStart(6)}  ${perCall.toFixed(2)}  ${Number(plan).toFixed(2)}  ${touched}  ${words}`,
    );
  }
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { functionName: string; url: string; lineNumber: number };
    readonly children?: readonly number[];
  }[];
  /** Microseconds on the machine's monotonic clock, as process.hrtime has it. */
  readonly startTime: number;
  readonly samples: readonly number[];
  /** From the sample before. */
  readonly timeDeltas: readonly number[];
}

function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** Self time by function and by part of the program, under the load that was measured. */
function printProfile(folder: string): void {
  for (const file of readdirSync(folder)) {
    const profile = JSON.parse(readFileSync(join(folder, file), "utf8")) as Profile;
    const byNode = new Map(profile.nodes.map((node) => [node.id, node.callFrame]));
    const functions = new Map<string, number>();
    const parts = new Map<string, number>();
    let busy = 0;
    let time = profile.startTime;
    for (const [at, id] of profile.samples.entries()) {
      time += profile.timeDeltas[at] as number;
      if (time < measured.from || time > measured.to) continue;
      const frame = byNode.get(id) as Profile["nodes"][number]["callFrame"];
      if (frame.functionName === "(idle)" || frame.functionName === "(program)") continue;
      const ms = (profile.timeDeltas[at] as number) / 1000;
      busy += ms;
      const place = placeOf(frame.url);
      const name = `${frame.functionName || "(anonymous)"}  ${place}:${frame.lineNumber + 1}`;
      functions.set(name, (functions.get(name) ?? 0) + ms);
      const part = partOf(place);
      parts.set(part, (parts.get(part) ?? 0) + ms);
    }
    const top = (map: Map<string, number>, count: number) =>
      [...map].sort((a, b) => b[1] - a[1]).slice(0, count);
    console.log(`\nProfile of the api: ${Math.round(busy)} ms busy`);
    for (const [name, ms] of top(parts, 15)) console.log(`  ${share(ms, busy)}  ${name}`);
    console.log("\nFunctions by self time");
    for (const [name, ms] of top(functions, SHOWN)) console.log(`  ${share(ms, busy)}  ${name}`);
  }
}

function share(ms: number, of: number): string {
  return `${((ms / of) * 100).toFixed(1).padStart(5)} %`;
}

function placeOf(url: string): string {
  return url.replace("file://", "").replace(`${ROOT}/`, "") || "(native)";
}

/** `node_modules/<package>`, `node:<module>`, or the room of this program. */
function partOf(place: string): string {
  const inner = /^(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(place)?.[1] as string;
  if (place.includes("node_modules/")) return `package ${inner}`;
  return place.split("/").slice(0, 2).join("/");
}
