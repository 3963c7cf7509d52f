// A program that seals a long text (WORD, many times) in FILE and dies on the way, at MOMENT.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

export type Moment =
  | "half written"
  | "written, not flushed"
  | "flushed, not renamed"
  | "renamed"
  | "done";

const [moment, file, word] = process.argv.slice(2) as [Moment, string, string];
const die = () => process.kill(process.pid, "SIGKILL");
const { writeSync, renameSync } = fs;
if (moment === "half written") {
  fs.writeFileSync = (handle, bytes) => {
    writeSync(handle as number, bytes as Buffer, 0, (bytes as Buffer).length >> 1);
    die();
  };
}
if (moment === "written, not flushed") fs.fsyncSync = die;
if (moment === "flushed, not renamed") fs.renameSync = die;
if (moment === "renamed") {
  fs.renameSync = (from, to) => {
    renameSync(from, to);
    die();
  };
}
// What is imported by name from here on is what was put there.
syncBuiltinESMExports();
const { SealedFile } = await import("../../../bot/matrix/encryption/sealed-file.ts");
new SealedFile(file, "an operator's key", "a device").write(Buffer.from(word.repeat(20_000)));
