import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../config/settings.ts";
import { ENGINE_VERSION, gpuPackages } from "../../worker/engines/llama/gpu-packages.ts";

const json = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));

test("each system gets the packages that node-llama-cpp itself names, at the pinned version", () => {
  const known = json("node_modules/node-llama-cpp/package.json");
  assert.equal(ENGINE_VERSION, known.version);
  for (const platform of ["linux", "win32"] as const) {
    for (const kind of ["cuda", "vulkan"] as const) {
      const names = gpuPackages(kind, platform, "x64");
      assert(names.length > 0);
      for (const name of names) assert.equal(known.optionalDependencies[name], ENGINE_VERSION);
    }
  }
  assert.deepEqual(gpuPackages("cuda", "linux", "arm64"), []);
  assert.deepEqual(gpuPackages("vulkan", "darwin", "arm64"), []);
});

test("an ordinary install brings no engine for graphics cards: their names are empty packages here", () => {
  const overrides = json("package.json").overrides as Record<string, string>;
  for (const platform of ["linux", "win32"]) {
    for (const name of [
      ...gpuPackages("cuda", platform, "x64"),
      ...gpuPackages("vulkan", platform, "x64"),
    ]) {
      assert.match(overrides[name] ?? "", /^npm:noop-package@/);
    }
  }
});
