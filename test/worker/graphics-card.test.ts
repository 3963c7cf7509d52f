// A card in software: slow, but the engine, its memory and its limits are the real ones.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { ROOT } from "../../config/settings.ts";
import { gpuPackages } from "../../worker/engines/llama/gpu-packages.ts";
import { LlamaEngine, type LlamaEngineOptions } from "../../worker/engines/llama/llama-engine.ts";
import { findCard, llamaLibrary } from "../../worker/engines/llama/runtime.ts";
import { createLog } from "../../worker/log.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { testModel } from "../support/models.ts";
import { softwareCard } from "../support/software-card.ts";

const DEMO = "d0".repeat(32);
const never = new AbortController().signal;
const none = gpuPackages("vulkan").length === 0 && "no ready-made engine for cards on this system";

describe("a graphics card", { skip: none }, () => {
  let file: string;
  const warnings: string[] = [];
  const log = createLog({
    ...{ level: "warn", node: "t", forPeople: false, now: Date.now },
    write: (line) => warnings.push(line),
  });
  const onCard: LlamaEngineOptions = {
    ...{ threads: 1, maxThreads: null, slots: 1, contextTokens: 512, memoryBytes: null },
    ...{ gpu: "vulkan", vramBytes: null, timings: null, log },
  };
  const demo = () => ({ sha256: DEMO, name: "demo", file, bytes: 1 });
  let environment: Record<string, string>;

  before(async () => {
    file = await testModel("substrate-demo");
    environment = await softwareCard();
    Object.assign(process.env, environment);
  });
  after(() => {
    for (const key of Object.keys(environment ?? {})) delete process.env[key];
  });

  const answer = async (options: LlamaEngineOptions) => {
    const engine = await LlamaEngine.start(options);
    try {
      await engine.add(demo());
      let text = "";
      const { tokenIds } = await engine.generate(
        {
          ...{ model: DEMO, maxTokens: 12, seed: "5e".repeat(32) },
          messages: [{ role: "user", content: "What is a node?" }],
          sampler: { temperatureMilli: 0, topK: 1, topPMilli: 1000, minPMilli: 0 },
        },
        (piece) => {
          text += piece;
        },
        never,
      );
      return { text, tokens: tokenIds.length, backend: engine.describe().backend };
    } finally {
      await engine.dispose();
    }
  };

  it("writes what the processor writes, and signs itself as what it is", async () => {
    const here = await answer(onCard);
    assert.equal(here.backend, "vulkan");
    assert.equal(here.tokens, 12);
    const onProcessor = await answer({ ...onCard, gpu: "off" });
    assert.equal(onProcessor.backend, "cpu");
    assert.equal(here.text, onProcessor.text);
    assert.match((await findCard(await llamaLibrary(), "vulkan")) ?? "", /llvmpipe.* with \d+ MB/);
  });

  it("takes no more of its memory than the owner allows, and refuses what then has no room", async () => {
    const within = await answer({ ...onCard, vramBytes: 200e6 });
    assert.deepEqual([within.backend, within.tokens], ["vulkan", 12]);
    const small = await LlamaEngine.start({ ...onCard, vramBytes: 8e6 });
    try {
      await assert.rejects(small.add(demo()), /does not fit.*WORKER_VRAM_MB/s);
      assert.deepEqual(small.models(), [], "what cannot be loaded is not offered");
    } finally {
      await small.dispose();
    }
    assert.equal((await answer({ ...onCard, vramBytes: 0 })).backend, "cpu");
  });

  it("that is not there is said not to be there, though its engine is installed", () => {
    const folder = mkdtempSync(join(tmpdir(), "card-"));
    const program = join(folder, "program.mjs");
    const runtime = pathToFileURL(join(ROOT, "worker/engines/llama/runtime.ts"));
    writeFileSync(
      program,
      `const { findCard, llamaLibrary, startLlama } = await import(${JSON.stringify(runtime)});
      const library = await llamaLibrary();
      console.log("found", await findCard(library, "vulkan"));
      const wishes = { threads: 1, maxThreads: null, vramBytes: null, log: { warn() {} } };
      await startLlama(library, { ...wishes, gpu: "vulkan" }).catch((error) => console.log(error.name, error.message));`,
    );
    const { stdout } = spawnSync(process.execPath, [program], {
      env: { ...BARE_ENVIRONMENT, HOME: process.env.HOME },
      encoding: "utf8",
    });
    rmSync(folder, { recursive: true });
    assert.match(stdout, /^found null$/m);
    assert.match(stdout, /^RuntimeMissing .*there is no card that it can use/m);
  });
});
