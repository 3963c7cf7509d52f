// Servers of the volunteer's own: a real model behind a small one, the documented shapes of the known ones, and
// everything such a server may do wrong.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { findModelFact } from "../../config/model-facts.ts";
import { workerSettings } from "../../config/settings.ts";
import type { ChatMessage } from "../../protocol/wire/primitives.ts";
import { EngineError, type GenerateRequest } from "../../worker/engines/engine.ts";
import { LlamaEngine } from "../../worker/engines/llama/llama-engine.ts";
import { isNear, requireNear } from "../../worker/engines/openai/address.ts";
import { OpenAiEngine } from "../../worker/engines/openai/openai-engine.ts";
import { serverFacts } from "../../worker/engines/openai/server-facts.ts";
import { WholeText } from "../../worker/engines/openai/whole-text.ts";
import { createLog } from "../../worker/log.ts";
import { type RunningWorker, startWorker } from "../../worker/worker.ts";
import { TestPool } from "../api/support/pool.ts";
import { testModel } from "../support/models.ts";
import { scratch } from "../support/services.ts";
import { type ChatWriter, SmallOpenAiServer } from "./small-openai-server.ts";

const lines: string[] = [];
const log = createLog({
  level: "debug",
  node: "t",
  forPeople: false,
  write: (line) => lines.push(line),
  now: Date.now,
});
const never = new AbortController().signal;
const DEMO = findModelFact("substrate-demo")!;
const BLOB = "ab".repeat(32);

/** Ollama's documented answers (docs/api.md): digest of /api/tags is the manifest's, the blob names the weights. */
function ollamaPages(blob: string) {
  return {
    "/v1/models": {
      object: "list",
      data: [{ id: "demo:latest", object: "model", owned_by: "library" }],
    },
    "/api/version": { version: "0.12.6" },
    "/api/tags": {
      models: [
        { name: "demo:latest", model: "demo:latest", size: 4240576, digest: "cd".repeat(32) },
        {
          name: "big:cloud",
          size: 300,
          digest: "ef".repeat(32),
          remote_model: "big",
          remote_host: "https://ollama.com",
        },
        { name: "vectors:latest", size: 9, digest: "01".repeat(32) },
      ],
    },
    "/api/show": ({ model }: { model: string }) => ({
      modelfile: `# Modelfile\nFROM /root/.ollama/models/blobs/sha256-${blob}\nTEMPLATE x\n`,
      details: {
        format: "gguf",
        family: "llama",
        parameter_size: "4M",
        quantization_level: "Q8_0",
      },
      model_info: {
        "general.architecture": "llama",
        "general.license": "apache-2.0",
        "llama.context_length": 512,
      },
      capabilities: model.startsWith("vectors") ? ["embedding"] : ["completion"],
    }),
  };
}
const PLAIN = { "/v1/models": { data: [{ id: "some-model", object: "model" }] } };

const say =
  (...pieces: string[]): ChatWriter =>
  async (_request, { piece }) => {
    for (const text of pieces) piece(text);
    return { finish: "stop", prompt: 7, completion: pieces.length };
  };

async function engineOn(server: SmallOpenAiServer, more: object = {}): Promise<OpenAiEngine> {
  return OpenAiEngine.start({
    url: server.url,
    key: null,
    remote: false,
    models: ["substrate-demo"],
    contextTokens: 2048,
    log,
    onModels() {},
    ...more,
  });
}

/** Serves with `write`, asks once, and tells what came. */
async function asked(write: ChatWriter, request: Partial<GenerateRequest> = {}, signal = never) {
  const server = await SmallOpenAiServer.start(PLAIN, write);
  const engine = await engineOn(server);
  try {
    const pieces: string[] = [];
    const generated = await engine.generate(
      {
        model: engine.models()[0]!.sha256,
        messages: [{ role: "user", content: "the secret question" }],
        sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 50 },
        maxTokens: 8,
        seed: "ff".repeat(32),
        ...request,
      },
      (text) => pieces.push(text),
      signal,
    );
    return { ...generated, text: pieces.join(""), requests: server.asked };
  } finally {
    await engine.dispose();
    await server.close();
  }
}

describe("an answer from a server of the volunteer's own", () => {
  let llama: LlamaEngine;
  let server: SmallOpenAiServer;
  let pool: TestPool;
  let worker: RunningWorker;
  const dataDir = scratch("openai-");
  before(async () => {
    llama = await LlamaEngine.start({
      threads: 1,
      maxThreads: null,
      slots: 1,
      contextTokens: 512,
      memoryBytes: null,
      gpu: "off",
      vramBytes: null,
      timings: null,
      log,
    });
    const file = await testModel("substrate-demo");
    await llama.add({ sha256: BLOB, name: "demo", file, bytes: 1 });
    server = await SmallOpenAiServer.start(
      ollamaPages(DEMO.sha256 as string),
      async (request, { piece, response }) => {
        const gone = new AbortController();
        response.on("close", () => gone.abort());
        const generated = await llama.generate(
          {
            model: BLOB,
            messages: request.messages,
            sampler: { temperatureMilli: 0, topK: 0, topPMilli: 1000, minPMilli: 0 },
            maxTokens: request.max_tokens,
            seed: String(request.seed).padStart(64, "0"),
          },
          piece,
          gone.signal,
        );
        const { promptTokens: prompt, completionTokens: completion } = generated.usage;
        return { finish: generated.finishReason, prompt, completion };
      },
    );
    pool = await TestPool.start();
    worker = await startWorker(
      workerSettings({
        DATA_DIR: dataDir,
        API_URL: pool.api.url,
        WORKER_NAME: "with a server",
        WORKER_ENGINE: "openai",
        WORKER_OPENAI_URL: server.url,
        WORKER_OPENAI_KEY: "key-that-stays-here",
        ENROLMENT_TOKEN: pool.api.enrolmentToken,
      }),
      log,
    );
    await pool.until(async () => (await pool.models()).some((model) => model.nodesOnline === 1));
  });
  after(async () => {
    await worker.leave(0);
    await pool.close();
    await server.close();
    await llama.dispose();
    rmSync(dataDir, { recursive: true });
  });

  it("has a receipt, the digest that Ollama names, and says that nobody can audit it", async () => {
    const job = await pool.ask("What is a node?");
    const { answer, state } = await pool.ended(job.id);
    assert.equal(state, "done");
    assert.match(answer?.text ?? "", /node/);
    assert.equal(answer?.auditable, false);
    assert.equal(answer?.model.sha256, DEMO.sha256);
    assert((answer?.completionTokens as number) > 5);
    const { checks, nodes, receipt } = await pool.provenance(job.id);
    assert.equal(nodes[0]?.engine?.library, "Ollama 0.12.6");
    assert.match(nodes[0]?.engine?.system ?? "", /nobody can re-score them/);
    const word = checks.find((check) => check.id === "server-word");
    assert.equal(word?.state, "not run");
    assert.match(
      checks.find((check) => check.id === "rescored")?.detail ?? "",
      /cannot be re-scored/,
    );
    assert.equal(receipt.statement.predicate.engine.auditable, false);
  });

  it("carries the pool's settings to the server, and the key nowhere else", async () => {
    const [request] = server.asked;
    assert.equal(request?.model, "demo:latest");
    assert.equal(request?.stream, true);
    assert.equal(typeof request?.temperature, "number");
    assert(Number.isInteger(request?.seed) && (request?.seed as number) < 2 ** 31);
    assert.deepEqual([...server.authorizations], ["Bearer key-that-stays-here"]);
    assert(!lines.join("").includes("key-that-stays-here"));
    assert(!lines.join("").includes("What is a node?"));
    assert(!pool.log.join("").includes("key-that-stays-here"));
  });
});

describe("what servers say of themselves", () => {
  const facts = async (pages: Record<string, unknown>) => {
    const server = await SmallOpenAiServer.start(pages, say());
    const ask = async (path: string, body?: object) => {
      const response = await fetch(new URL(path, server.url), {
        method: body ? "POST" : "GET",
        ...(body && { body: JSON.stringify(body) }),
      });
      return response.ok ? response.json() : null;
    };
    try {
      return await serverFacts(ask);
    } finally {
      await server.close();
    }
  };

  it("Ollama names the file in the blob; models in the cloud and for vectors are left out", async () => {
    const { kind, models, leftOut } = await facts(ollamaPages(BLOB));
    assert.deepEqual(kind, { name: "Ollama", version: "0.12.6" });
    assert.equal(models.length, 1);
    assert.equal(models[0]?.sha256, BLOB);
    assert.equal(models[0]?.digestOf, "file");
    assert.equal(models[0]?.bytes, 4240576);
    assert.equal(models[0]?.contextTokens, 512);
    assert.equal(models[0]?.declared["general.license"], "apache-2.0");
    assert.match(
      leftOut.join(),
      /big:cloud: Ollama forwards it.*vectors:latest: it writes no text/,
    );
  });

  it("LM Studio, llama-server, vLLM and others name no file: their description has a digest, and it says so", async () => {
    const lmStudio = await facts({
      ...PLAIN,
      "/api/v0/models": {
        data: [
          {
            id: "qwen3-4b",
            type: "llm",
            arch: "qwen3",
            quantization: "4bit",
            compatibility_type: "mlx",
            max_context_length: 32768,
          },
          { id: "nomic-embed", type: "embeddings" },
        ],
      },
    });
    assert.equal(lmStudio.kind.name, "LM Studio");
    assert.deepEqual(
      lmStudio.models.map(({ id }) => id),
      ["qwen3-4b"],
    );
    const llamaServer = await facts({
      "/v1/models": { data: [{ id: "m.gguf", owned_by: "llamacpp", meta: { n_params: 4 } }] },
      "/props": {
        build_info: "b7000-abc",
        model_path: "/m.gguf",
        default_generation_settings: { n_ctx: 4096 },
      },
    });
    assert.deepEqual(llamaServer.kind, { name: "llama-server", version: "b7000-abc" });
    assert.equal(llamaServer.models[0]?.contextTokens, 4096);
    const vllm = await facts({
      "/v1/models": { data: [{ id: "org/m", owned_by: "vllm", max_model_len: 8192 }] },
      "/version": { version: "0.11.0" },
    });
    assert.deepEqual(vllm.kind, { name: "vLLM", version: "0.11.0" });
    assert.equal(vllm.models[0]?.contextTokens, 8192);
    const plain = await facts(PLAIN);
    assert.equal(plain.kind.name, "OpenAI-compatible server");
    for (const { models } of [lmStudio, llamaServer, vllm, plain]) {
      assert.equal(models[0]?.digestOf, "description");
      assert.match(models[0]?.sha256 ?? "", /^[0-9a-f]{64}$/);
    }
    const again = await facts(PLAIN);
    assert.equal(
      again.models[0]?.sha256,
      plain.models[0]?.sha256,
      "the same words, the same digest",
    );
  });

  it("the name beside a description's digest says that the weights are not identified", async () => {
    const server = await SmallOpenAiServer.start(PLAIN, say("hi"));
    const engine = await engineOn(server);
    assert.equal(engine.models()[0]?.name, "some-model (weights not identified)");
    assert.match(engine.models()[0]?.declared["substrate.digest_of"] ?? "", /not the weights/);
    assert.equal(engine.describe().auditable, false);
    await engine.dispose();
    await server.close();
  });
});

describe("what a server may do wrong", () => {
  const failure = (code: string, message: RegExp) => (error: Error) => {
    assert(error instanceof EngineError);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    assert.doesNotMatch(error.message, /secret question/, "the question is quoted nowhere");
    return true;
  };

  it("text comes in whole characters, whatever the cuts, and storable", async () => {
    const { text, tokenIds } = await asked(say("a\ud83d", "\ude00b", "\0", "\ud83d"));
    assert.equal(text, "a😀b\ufffd\ufffd");
    assert.equal(tokenIds.length, 4);
    const whole = new WholeText();
    assert.equal(whole.push("x\ud83d") + whole.push("\ude00") + whole.end(), "x😀");
  });

  it("a count that cannot be true is not counted, and more than was ordered is cut off", async () => {
    const liar: ChatWriter = async (_request, { piece }) => {
      piece("hi");
      return { finish: "stop", prompt: 1, completion: 5_000_000 };
    };
    assert.equal((await asked(liar)).usage.completionTokens, 2, "two bytes are at most two tokens");
    const endless: ChatWriter = async (_request, { piece, response }) => {
      while (!response.destroyed && response.writable) {
        piece("word ");
        await new Promise((done) => setImmediate(done));
      }
      return null;
    };
    const cut = await asked(endless);
    assert.equal(cut.finishReason, "length");
    assert.equal(cut.usage.completionTokens, 8);
  });

  it("an answer that stops coming can be stopped, and keeps what there is", async () => {
    const stop = new AbortController();
    const hanging: ChatWriter = async (_request, { piece }) => {
      piece("half an ");
      setTimeout(() => stop.abort(), 50);
      return new Promise(() => {});
    };
    const { text, finishReason } = await asked(hanging, {}, stop.signal);
    assert.equal(text, "half an ");
    assert.equal(finishReason, "stopped");
  });

  it("broken streams, errors and other models' answers fail in words without the question", async () => {
    const raw =
      (line: string): ChatWriter =>
      async (_request, stream) => {
        stream.raw(line);
        return { finish: "stop", prompt: 1, completion: 1 };
      };
    await assert.rejects(
      asked(raw("data: {secret question")),
      failure("engine_error", /no part of a chat/),
    );
    await assert.rejects(
      asked(raw('data: {"error":"secret question"}')),
      failure("engine_error", /broke off with an error/),
    );
    await assert.rejects(
      asked(raw('data: {"model":"a-cheaper-one","choices":[]}')),
      failure("engine_error", /another model/),
    );
    const dies: ChatWriter = async (_request, { piece, response }) => {
      piece("half");
      response.destroy();
      return null;
    };
    await assert.rejects(asked(dies), failure("engine_error", /broke off the answer/));
    const refuses: ChatWriter = async (_request, { response }) => {
      response.writeHead(500).end('{"error":{"message":"cannot do: secret question"}}');
      return null;
    };
    await assert.rejects(asked(refuses), failure("engine_error", /HTTP 500/));
  });

  it("a conversation that is too long loses its oldest turns, and a question that is too long is said to be", async () => {
    const small: ChatWriter = async ({ messages }, { piece, response }) => {
      if (messages.length > 2) {
        response.writeHead(400).end('{"error":{"type":"exceed_context_size_error"}}');
        return null;
      }
      piece("ok");
      return { finish: "stop", prompt: 1, completion: 1 };
    };
    const turn = (role: ChatMessage["role"], content: string): ChatMessage => ({ role, content });
    const messages = [
      turn("system", "s"),
      turn("user", "1"),
      turn("assistant", "2"),
      turn("user", "3"),
    ];
    const { text, usage, requests } = await asked(small, { messages });
    assert.equal(text, "ok");
    assert.equal(usage.turnsDropped, 2);
    assert.deepEqual(requests.at(-1)?.messages, [messages[0], messages[3]]);
    const full: ChatWriter = async (_request, { response }) => {
      response
        .writeHead(400)
        .end('{"error":"the request exceeds the available context size: secret question"}');
      return null;
    };
    await assert.rejects(asked(full), failure("prompt_too_long", /does not fit the context/));
  });

  it("a server elsewhere is refused, because its owner would read along; one that is away is waited for", async () => {
    for (const near of [
      "127.0.0.1",
      "10.1.2.3",
      "192.168.178.2",
      "::1",
      "fd00::1",
      "::ffff:127.0.0.1",
    ]) {
      assert(isNear(near), near);
    }
    for (const far of ["8.8.8.8", "172.32.0.1", "2001:db8::1", "::ffff:8.8.8.8"]) {
      assert(!isNear(far), far);
    }
    await requireNear("http://localhost:11434/v1");
    await assert.rejects(requireNear("https://8.8.8.8/v1"), /WORKER_OPENAI_REMOTE=true/);
    const server = await SmallOpenAiServer.start(PLAIN, say());
    await server.close();
    const engine = await engineOn(server);
    assert.deepEqual(engine.models(), []);
    assert.match(lines.at(-1) ?? "", /your server does not answer/);
    await engine.dispose();
  });
});
