// `npm run bench [-- NAME …] [--json FILE]`: measures, with targets where there are some.
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { testModel } from "../support/models.ts";
import { backlog } from "./backlog.ts";
import { counting } from "./counting.ts";
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

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: "string" } },
});
const unknown = positionals.filter((name) => !(name in BENCHES));
if (unknown.length > 0) {
  console.error(
    `No bench named ${unknown.join(", ")}. There are: ${Object.keys(BENCHES).join(", ")}.`,
  );
  process.exit(2);
}
console.log(`${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}\n`);
const measures: Measure[] = [];
for (const name of positionals.length > 0 ? positionals : Object.keys(BENCHES)) {
  const some = await (BENCHES[name] as () => Promise<Measure[]>)();
  console.log(`${table(some)}\n`);
  measures.push(...some);
}
if (values.json) writeFileSync(values.json, `${JSON.stringify(measures, null, 2)}\n`);
if (measures.some((m) => m.met === false)) process.exitCode = 1;
