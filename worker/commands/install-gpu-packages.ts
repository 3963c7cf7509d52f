import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ENGINE_VERSION } from "../engines/llama/gpu-packages.ts";
import { Mistake } from "./mistake.ts";

/** Installs these packages with npm into a folder of their own. Throws Mistake. */
export function installGpuPackages(packages: readonly string[], folder: string): void {
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(packages.map((name) => [name, ENGINE_VERSION]));
  // A package of its own: the root's overrides, which map these names to nothing, do not reach here.
  writeFileSync(
    join(folder, "package.json"),
    `${JSON.stringify({ name: "substrate-gpu", private: true, dependencies }, null, 2)}\n`,
  );
  const flags = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const npm = process.env.npm_execpath;
  // npm set these for `npm run`; they would lead the inner npm back to the root.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(config_|package_|lifecycle_)/i.test(key)),
  );
  const options = { cwd: folder, stdio: "inherit", env } as const;
  const result = npm
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, ...flags], options)
    : spawnSync("npm", flags, { ...options, shell: process.platform === "win32" });
  if (result.status !== 0) {
    throw new Mistake(
      "npm could not install it (see above). Check the network and free disk space.",
    );
  }
}
