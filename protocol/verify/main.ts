// `npm run verify -- <folder or .zip>`: exit 0 when nothing fails, 1 when something fails, 2 when there is nothing to check.
import { resolve } from "node:path";
import { NoPack, openPack } from "./open-pack.ts";
import { verifyPollFile } from "./poll-main.ts";
import { report } from "./print.ts";
import { verifyPack } from "./verify.ts";

const USAGE = `Usage: npm run verify -- <folder or .zip>
       npm run verify -- poll <file>

Checks a saved answer, or an exported poll, offline, by itself: says line by line what holds, what fails and what was
not checked. A poll is recounted from its ballots.
Exit status: 0 nothing fails, 1 something fails, 2 there is nothing to check.`;

process.exitCode = main(process.argv.slice(2));

function main(args: readonly string[]): number {
  const [path, ...more] = args;
  if (path === "--help" || path === "-h") {
    console.log(USAGE);
    return 0;
  }
  if (path === "poll" && more.length === 1) {
    return verifyPollFile(resolve(callersFolder(), more[0] as string));
  }
  if (path === undefined || more.length > 0) {
    console.error(USAGE);
    return 2;
  }
  try {
    const lines = verifyPack(openPack(resolve(callersFolder(), path)));
    const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
    const columns = Math.min(process.stdout.columns ?? 100, 100);
    console.log(report(lines, { columns, colour, subject: "folder" }));
    return lines.some(({ state }) => state === "fails") ? 1 : 0;
  } catch (error) {
    if (!(error instanceof NoPack)) throw error;
    console.error(error.message);
    return 2;
  }
}

/** npm runs scripts in the repository's root; INIT_CWD is where the person stood. */
function callersFolder(): string {
  const fromNpm = process.env.npm_lifecycle_event === "verify";
  return (fromNpm && process.env.INIT_CWD) || process.cwd();
}
