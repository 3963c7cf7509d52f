import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  ENGINE_VERSION,
  GPU_FOLDER,
  type GpuKind,
  gpuPackages,
  linkGpuPackages,
} from "../engines/llama/gpu-packages.ts";
import { llamaLibrary } from "../engines/llama/runtime.ts";
import { Mistake } from "./mistake.ts";

/**
 * `gpu [cuda|vulkan]`: installs the engine for a graphics card into a folder of its own, at the version this
 * worker is made for, and tries it. Resolves to the exit code. Throws Mistake.
 */
export async function gpu(args: readonly string[], say: (text: string) => void): Promise<number> {
  const [wanted] = args;
  if (wanted !== undefined && wanted !== "cuda" && wanted !== "vulkan") {
    throw new Mistake("Write: npm run worker -- gpu [cuda|vulkan]");
  }
  if (process.platform === "darwin") {
    say("On a Mac nothing is to be installed: Apple silicon's engine uses its graphics already.");
    return 0;
  }
  const kind: GpuKind = wanted ?? (hasNvidia() ? "cuda" : "vulkan");
  const packages = gpuPackages(kind);
  if (packages.length === 0) {
    throw new Mistake(
      `There is no ready-made ${kind} engine for ${process.platform}-${process.arch}. The worker runs on the processor.`,
    );
  }
  const megabytes = kind === "cuda" ? 540 : 80;
  say(
    `Installing ${packages.join(" and ")} ${ENGINE_VERSION} (about ${megabytes} MB) into ${GPU_FOLDER} …`,
  );
  install(packages);
  if (!linkGpuPackages().includes(kind)) {
    throw new Mistake("npm installed nothing that fits this system. See its messages above.");
  }
  const works = await tryIt(kind);
  if (works === null) {
    say(
      `Installed, but it does not run here: is there a card, and its ${kind === "cuda" ? "NVIDIA" : "Vulkan"} driver? ` +
        "The worker goes on with the processor until it does.",
    );
    return 1;
  }
  say(`It works: ${works}. The worker uses it from its next start (WORKER_GPU=off: never).`);
  return 0;
}

function install(packages: readonly string[]): void {
  mkdirSync(GPU_FOLDER, { recursive: true });
  const dependencies = Object.fromEntries(packages.map((name) => [name, ENGINE_VERSION]));
  // A package of its own: the root's overrides, which map these names to nothing, do not reach here.
  writeFileSync(
    join(GPU_FOLDER, "package.json"),
    `${JSON.stringify({ name: "substrate-gpu", private: true, dependencies }, null, 2)}\n`,
  );
  const flags = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock"];
  const npm = process.env.npm_execpath;
  // npm set these for `npm run`; they would lead the inner npm back to the root.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^npm_(config_|package_|lifecycle_)/i.test(key)),
  );
  const options = { cwd: GPU_FOLDER, stdio: "inherit", env } as const;
  const result = npm
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [npm, ...flags], options)
    : spawnSync("npm", flags, { ...options, shell: process.platform === "win32" });
  if (result.status !== 0) {
    throw new Mistake(
      "npm could not install it (see above). Check the network and free disk space.",
    );
  }
}

/** Names the card, or null where the engine finds none. */
async function tryIt(kind: GpuKind): Promise<string | null> {
  const library = await llamaLibrary();
  try {
    const llama = await library.getLlama({
      gpu: kind,
      build: "never",
      logLevel: library.LlamaLogLevel.disabled,
    });
    const names = await llama.getGpuDeviceNames();
    const { total } = await llama.getVramState();
    await llama.dispose();
    return `${names.join(", ") || kind} with ${Math.round(total / 1e6)} MB`;
  } catch {
    return null;
  }
}

function hasNvidia(): boolean {
  return spawnSync("nvidia-smi", ["-L"], { stdio: "ignore" }).status === 0;
}
