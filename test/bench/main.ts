// `npm run bench [-- --only NAME,NAME] [--json FILE]`: measures, with targets where there are some, each block with how
// busy the machine was with other things just before. All blocks take less than twelve minutes on two quiet cores.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { testModel } from "../support/models.ts";
import { backlog } from "./backlog.ts";
import { counting } from "./counting.ts";
import { machineBusy } from "./cpu.ts";
import { demo } from "./demo.ts";
import { idleNodes } from "./idle-nodes.ts";
import { jobs } from "./jobs.ts";
import { latency } from "./latency.ts";
import { type Measure, table } from "./measure.ts";
import { pacing } from "./pacing.ts";
import { relay } from "./relay.ts";
import { tokens } from "./tokens.ts";

const BENCHES: Record<string, () => Promise<Measure[]>> = {
  // First: it reports the highest memory this process ever held.
  counting,
  latency,
  jobs,
  relay,
  "idle-nodes": idleNodes,
  backlog,
  tokens: () => tokens(testModel),
  demo,
  pacing,
};

/** Other work above this share of the machine makes a block's figures worse than they are. */
const QUIET_PERCENT = 5;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" }, only: { type: "string" } },
});
const chosen = [...positionals, ...(values.only?.split(",") ?? [])];
const unknown = chosen.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(
    `No bench named ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.`,
  );
  process.exit(2);
}
console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`);
const measures: (Measure & { block: string; busyBefore: number })[] = [];
const begun = performance.now();
for (const block of chosen.length > 0 ? chosen : Object.keys(BENCHES)) {
  const busyBefore = Math.round(await machineBusy(2000));
  const from = performance.now();
  const some = await (BENCHES[block] as () => Promise<Measure[]>)();
  const seconds = Math.round((performance.now() - from) / 1000);
  const quiet =
    busyBefore <= QUIET_PERCENT ? "" : ", NOT QUIET: compare ratios within this block only";
  console.log(
    `${block}: ${seconds} s; other work before it ${busyBefore} % of the machine${quiet}`,
  );
  console.log(`${table(some)}\n`);
  measures.push(...some.map((measure) => ({ ...measure, block, busyBefore })));
}
console.log(`All: ${Math.round((performance.now() - begun) / 1000)} s`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(measures, null, 2)}\n`);
if (measures.some((m) => m.met === false)) process.exitCode = 1;
