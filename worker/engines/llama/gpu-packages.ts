import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../../../config/settings.ts";
import manifest from "../../package.json" with { type: "json" };

/** Version of node-llama-cpp this worker is made for; its binary packages carry the same number. */
export const ENGINE_VERSION: string = manifest.optionalDependencies["node-llama-cpp"];

export type GpuKind = "cuda" | "vulkan";

/** A folder of its own, outside node_modules: `npm ci` leaves it alone. */
export const GPU_FOLDER = join(ROOT, ".cache", "gpu");

/** npm packages with the engine for a kind of card; empty where there is none for this system. */
export function gpuPackages(
  kind: GpuKind,
  platform: string = process.platform,
  arch: string = process.arch,
): string[] {
  const system = { linux: "linux", win32: "win" }[platform];
  if (system === undefined || arch !== "x64") return [];
  const names = kind === "cuda" ? ["cuda", "cuda-ext"] : ["vulkan"];
  return names.map((name) => `@node-llama-cpp/${system}-x64-${name}`);
}

/**
 * Links what lies in GPU_FOLDER to where node-llama-cpp looks first: its own node_modules. In the root's
 * node_modules these names are empty packages, so that nobody downloads 600 MB unasked. Returns the kinds there are.
 */
export function linkGpuPackages(): GpuKind[] {
  return (["cuda", "vulkan"] as const).filter((kind) => {
    const names = gpuPackages(kind);
    return names.length > 0 && names.map((name) => linkGpuPackage(name, GPU_FOLDER)).every(Boolean);
  });
}

/** Links one package of a folder. False where it is not there, or for another version of the engine. */
export function linkGpuPackage(name: string, folder: string): boolean {
  const installed = join(folder, "node_modules", name);
  if (versionOf(installed) !== ENGINE_VERSION) return false;
  // Its exports name dist/index.js only, not package.json.
  const library = join(dirname(fileURLToPath(import.meta.resolve("node-llama-cpp"))), "..");
  const place = join(library, "node_modules", name);
  if (lstatSync(place, { throwIfNoEntry: false }) !== undefined) {
    if (existsSync(place) && versionOf(place) === ENGINE_VERSION) return true;
    rmSync(place, { recursive: true });
  }
  mkdirSync(dirname(place), { recursive: true });
  symlinkSync(installed, place, process.platform === "win32" ? "junction" : "dir");
  return true;
}

function versionOf(folder: string): string | null {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string })
      .version;
  } catch {
    return null;
  }
}
