// `npm test`: does its own set-up, then type check, lint and every test. `npm test -- PATH …` runs only those files.
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { gpuPackages } from "../worker/engines/llama/gpu-packages.ts";
import { llamaServerPython } from "./support/llama-server.ts";
import { SMOLLM2, testModel } from "./support/models.ts";
import { preparedRecords } from "./support/prepared-records.ts";
import { redisServer } from "./support/services.ts";
import { installMissingPrograms } from "./support/setup.ts";
import { softwareCard } from "./support/software-card.ts";
import { shareHomeserver } from "./support/synapse.ts";
import { synapsePython } from "./support/synapse-install.ts";

const root = resolve(import.meta.dirname, "..");
const bin = (name: string) => join(root, "node_modules", ".bin", name);
const started = Date.now();

function say(line: string): void {
  console.log(`[${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s] ${line}`);
}

function step(title: string, command: string, args: string[]): void {
  say(title);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: "inherit" });
  if (error || status !== 0) {
    console.error(`${title}: failed${error ? ` (${error.message})` : ""}`);
    process.exit(1);
  }
}

try {
  say("set-up");
  installMissingPrograms(say);
  // Debian's redis-tools carries the server under another name; programs look for it on PATH.
  process.env.PATH = `${process.env.PATH}:${dirname(redisServer())}`;
  say("model file of the tests (98 MB on first use)");
  await testModel(SMOLLM2);
  say("homeserver of the tests (280 MB on first use)");
  await synapsePython();
  say("llama.cpp's own server, for the tests (34 MB on first use)");
  await llamaServerPython();
  if (gpuPackages("vulkan").length > 0) {
    say("engine for graphics cards, for the tests (80 MB on first use)");
    await softwareCard();
  }
  say("records that pools of the tests begin with");
  await preparedRecords();
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}

const wanted = process.argv.slice(2);
const files = wanted.length > 0 ? wanted.flatMap(testFilesAt) : testFilesAt("test");
// One for all files that need no limits of a homeserver; it starts while types are checked.
const homeserver = files.length > 1 ? shareHomeserver() : null;
if (wanted.length === 0) {
  step("types (tsc)", bin("tsc"), ["-p", "."]);
  step("lint and format (biome)", bin("biome"), ["ci", "--error-on-warnings", "."]);
  // A vulnerability that somebody knows of ends the run; where nobody can be asked it says so.
  step("dependencies (audit)", process.execPath, [
    join(root, "launch/audit/main.ts"),
    "--or-say-so",
  ]);
}
await homeserver;
say(`tests (${files.length} files)`);
const tests = spawn(
  process.execPath,
  [
    "--import",
    join(root, "test/support/seed.ts"),
    "--test",
    "--test-concurrency=3",
    "--test-timeout=600000",
    ...files,
  ],
  { cwd: root, stdio: "inherit" },
);
const [status] = await once(tests, "exit");
await (await homeserver)?.stop();
if (status !== 0) {
  console.error("tests: failed");
  process.exit(1);
}
say("all done");

function testFilesAt(path: string): string[] {
  if (path.endsWith(".ts")) return [path];
  return globSync(`${path}/**/*.test.ts`, { cwd: root }).sort();
}
