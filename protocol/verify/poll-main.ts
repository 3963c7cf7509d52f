import { readFileSync } from "node:fs";
import { verifyPoll } from "./poll.ts";
import { report } from "./print.ts";

const MAX_BYTES = 512 * 1024 * 1024;

/** `npm run verify -- poll FILE`: prints what holds; 0 nothing fails, 1 something fails, 2 there is no such file. */
export function verifyPollFile(path: string): number {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    console.error(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    return 2;
  }
  if (bytes.length === 0 || bytes.length > MAX_BYTES) {
    console.error(
      `${path} is no exported poll: it is ${bytes.length === 0 ? "empty" : "too large"}.`,
    );
    return 2;
  }
  const lines = verifyPoll(bytes);
  const colour = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;
  const columns = Math.min(process.stdout.columns ?? 100, 100);
  console.log(report(lines, { columns, colour, subject: "file" }));
  return lines.some(({ state }) => state === "fails") ? 1 : 0;
}
