import { installGpuPackages } from "../../worker/commands/install-gpu-packages.ts";
import {
  ENGINE_VERSION,
  gpuPackages,
  linkGpuPackage,
} from "../../worker/engines/llama/gpu-packages.ts";
import { keptFolder } from "./kept-folder.ts";
import { softwareVulkan } from "./setup.ts";

/**
 * A graphics card in software: llama.cpp's Vulkan engine with Mesa's driver that computes on the processor. Programs
 * that ask for Vulkan find the engine from now on; they find the card only with the returned environment, since
 * llama.cpp passes over such drivers unless it is told to take them.
 */
export async function softwareCard(): Promise<Record<string, string>> {
  const driver = softwareVulkan();
  if (driver === null)
    throw new Error("Missing: Mesa's Vulkan driver. Run the tests with: npm test");
  const packages = gpuPackages("vulkan");
  const folder = await keptFolder(`vulkan-${ENGINE_VERSION}`, async (made) =>
    installGpuPackages(packages, made),
  );
  if (!packages.every((name) => linkGpuPackage(name, folder))) {
    throw new Error(`The engine in ${folder} is not for this version. Delete the folder.`);
  }
  return { GGML_VK_VISIBLE_DEVICES: "0", VK_DRIVER_FILES: driver, VK_ICD_FILENAMES: driver };
}
