// `npm run doctor [-- --json]`: is this machine, and what the settings name, fit for a pool? Changes nothing.
// Ends with 0 when there is no problem (warnings are none), 1 when there is one, 2 for a wrong argument.
import { parseArgs } from "node:util";
import { examine } from "./examine.ts";
import { inWords } from "./finding.ts";

const usage = "Usage: npm run doctor [-- --json]\nSettings are read as the api reads them.";

let json = false;
try {
  const { values } = parseArgs({
    options: { json: { type: "boolean" }, help: { type: "boolean" } },
  });
  if (values.help) {
    console.log(usage);
    process.exit(0);
  }
  json = values.json ?? false;
} catch (error) {
  console.error(`${(error as Error).message}\n${usage}`);
  process.exit(2);
}
const findings = await examine(process.env, Date.now());
process.stdout.write(json ? `${JSON.stringify(findings, null, 2)}\n` : inWords(findings));
process.exitCode = findings.some((finding) => finding.level === "problem") ? 1 : 0;
