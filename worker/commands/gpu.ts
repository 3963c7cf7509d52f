import { spawnSync } from "node:child_process";
import {
  ENGINE_VERSION,
  GPU_FOLDER,
  type GpuKind,
  gpuPackages,
  linkGpuPackages,
} from "../engines/llama/gpu-packages.ts";
import { findCard, type LlamaLibrary, llamaLibrary } from "../engines/llama/runtime.ts";
import { installGpuPackages } from "./install-gpu-packages.ts";
import { Mistake } from "./mistake.ts";

const NEEDS: Record<GpuKind, string> = {
  cuda:
    "It needs NVIDIA's driver and the CUDA runtime, version 13 or 12 (libcudart and libcublas, in NVIDIA's package " +
    "cuda-toolkit); without that runtime try: npm run worker -- gpu vulkan.",
  vulkan: "It needs the card's Vulkan driver and the loader (on Debian: libvulkan1).",
};

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
  const library = await llamaLibrary();
  const kind: GpuKind = wanted ?? (await likeliestKind(library, say));
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
  installGpuPackages(packages, GPU_FOLDER);
  if (!linkGpuPackages().includes(kind)) {
    throw new Mistake("npm installed nothing that fits this system. See its messages above.");
  }
  const works = await findCard(library, kind);
  if (works === null) {
    say(
      `Installed, but it finds no card that it can use. ${NEEDS[kind]} The worker uses the processor.`,
    );
    return 1;
  }
  say(`It works: ${works}. The worker uses it from its next start (WORKER_GPU=off: never).`);
  return 0;
}

/** The kind whose libraries are here; where none are, what fits the card. */
async function likeliestKind(library: LlamaLibrary, say: (text: string) => void): Promise<GpuKind> {
  const runs = await library.getLlamaGpuTypes("supported");
  if (runs.includes("cuda")) return "cuda";
  if (!hasNvidia()) return "vulkan";
  if (!runs.includes("vulkan")) return "cuda";
  say("NVIDIA's CUDA runtime is not installed here: taking Vulkan, which needs only the driver.");
  return "vulkan";
}

function hasNvidia(): boolean {
  return spawnSync("nvidia-smi", ["-L"], { stdio: "ignore" }).status === 0;
}
