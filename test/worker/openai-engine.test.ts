// Servers of the volunteer's own: an answer through a pool as a real Ollama was recorded to give it, and everything
// such a server may do wrong. (Real ones: real-server.test.ts.)
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { findModelFact } from "../../config/model-facts.ts";
import { workerSettings } from "../../config/settings.ts";
import type { ChatMessage } from "../../protocol/wire/primitives.ts";
import { EngineError, type GenerateRequest } from "../../worker/engines/engine.ts";
import { isNear, requireNear } from "../../worker/engines/openai/address.ts";
import { OpenAiEngine } from "../../worker/engines/openai/openai-engine.ts";
import { WholeText } from "../../worker/engines/openai/whole-text.ts";
import { createLog } from "../../worker/log.ts";
import { type RunningWorker, startWorker } from "../../worker/worker.ts";
import { TestPool } from "../api/support/pool.ts";
import { scratch } from "../support/services.ts";
import { type Asked, recorded, recordedPages } from "./recorded/recorded.ts";
import { type ChatWriter, Reply, SmallOpenAiServer } from "./small-openai-server.ts";

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
async function asked(
  write: ChatWriter,
  request: Partial<GenerateRequest> = {},
  signal = never,
  pages: Record<string, unknown> = PLAIN,
  onText: (text: string) => void = () => {},
) {
  const server = await SmallOpenAiServer.start(pages, write);
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
      (text) => {
        pieces.push(text);
        onText(text);
      },
      signal,
    );
    return { ...generated, text: pieces.join(""), requests: server.asked };
  } finally {
    await engine.dispose();
    await server.close();
  }
}

describe("an answer from a server of the volunteer's own", () => {
  const requests: Asked[] = [];
  let server: SmallOpenAiServer;
  let pool: TestPool;
  let worker: RunningWorker;
  const dataDir = scratch("openai-");
  before(async () => {
    server = await SmallOpenAiServer.start(
      recordedPages("ollama", (request) => requests.push(request)),
      async () => null,
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
    rmSync(dataDir, { recursive: true });
  });

  it("has a receipt, the digest that Ollama names, and says that nobody can audit it", async () => {
    const job = await pool.ask("What is a node?");
    const { answer, state } = await pool.ended(job.id);
    assert.equal(state, "done");
    assert.match(answer?.text ?? "", /^A node is/);
    assert.equal(answer?.auditable, false);
    assert.equal(answer?.model.sha256, DEMO.sha256);
    assert.equal(answer?.completionTokens, 12);
    const { checks, nodes, receipt } = await pool.provenance(job.id);
    assert.equal(nodes[0]?.engine?.library, "Ollama 0.0.0");
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
    const [request] = requests;
    assert.equal(request?.model, "demo:latest");
    assert(request !== undefined);
    const { seed, ...options } = request.options as Record<string, number>;
    assert(Number.isInteger(seed) && (seed as number) < 2 ** 31);
    assert.deepEqual(options, {
      num_predict: 512,
      temperature: 0.2,
      top_k: 40,
      top_p: 0.95,
      min_p: 0.05,
      repeat_penalty: 1,
    });
    assert.deepEqual([request.truncate, request.shift], [false, false]);
    assert.deepEqual([...server.authorizations], ["Bearer key-that-stays-here"]);
    assert(!lines.join("").includes("key-that-stays-here"));
    assert(!lines.join("").includes("What is a node?"));
    assert(!pool.log.join("").includes("key-that-stays-here"));
  });
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

  it("what is ordered is given whole, with the server's own count of the question", async () => {
    const { usage, finishReason } = await asked(say("a", "b", "c"), { maxTokens: 3 });
    assert.deepEqual([usage.completionTokens, usage.promptTokens], [3, 7]);
    assert.equal(finishReason, "stop");
  });

  it("thoughts are no answer: they are not passed on, and nothing but thoughts is a failure", async () => {
    const thinks =
      (...answer: string[]): ChatWriter =>
      async (_request, { piece, raw }) => {
        raw('data: {"choices":[{"delta":{"reasoning_content":"secret question, hm"}}]}');
        for (const text of answer) piece(text);
        return { finish: "length", prompt: 1, completion: 8 };
      };
    assert.equal((await asked(thinks("yes"))).text, "yes");
    await assert.rejects(asked(thinks()), failure("engine_error", /thought for as long/));
  });

  it("an answer that stops coming can be stopped, and keeps what there is", async () => {
    const stop = new AbortController();
    const hanging: ChatWriter = async (_request, { piece }) => {
      piece("half an ");
      return new Promise(() => {});
    };
    const { text, finishReason } = await asked(hanging, {}, stop.signal, PLAIN, () => stop.abort());
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
    await assert.rejects(asked(dies), failure("engine_error", /broke off|does not answer/));
    const cut: ChatWriter = async (_request, { piece, response }) => {
      piece("half");
      response.end();
      return null;
    };
    await assert.rejects(asked(cut), failure("engine_error", /broke off the answer/));
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

  it("Ollama: broken lines, errors, a question that is too long, and a model that is gone", async () => {
    const ollama = (chat: unknown, messages?: ChatMessage[]) =>
      asked(say(), messages === undefined ? {} : { messages }, never, {
        ...recordedPages("ollama"),
        ...(chat === null ? {} : { "/api/chat": chat }),
      });
    const lines = (body: string) =>
      new Reply({ status: 200, type: "application/x-ndjson", body: `${body}\n` });
    assert.equal((await ollama(null)).text.slice(0, 9), "A node is");
    const cases: [unknown, string, RegExp][] = [
      [lines("{secret question"), "engine_error", /no part of an answer/],
      [lines('{"error":"secret question"}'), "engine_error", /broke off with an error/],
      [lines('{"message":{"content":"half"}}'), "engine_error", /broke off the answer/],
      [lines('{"model":"other","done":true}'), "engine_error", /another model/],
      [lines("x".repeat(2_000_000)), "engine_error", /line without an end|no part/],
      [recorded("ollama")["/api/chat, no such model"], "model_failed", /does not have this model/],
    ];
    for (const [chat, code, message] of cases) {
      await assert.rejects(ollama(chat), failure(code, message));
    }
    const long: ChatMessage = { role: "user", content: "word ".repeat(500) };
    await assert.rejects(ollama(null, [long]), failure("prompt_too_long", /does not fit/));
    const answer: ChatMessage = { role: "assistant", content: "ok" };
    const short: ChatMessage = { role: "user", content: "What is a node?" };
    const { usage } = await ollama(null, [long, answer, short]);
    assert.equal(usage.turnsDropped, 2);
  });

  it("what the owner picks while it runs is what it offers from then on", async () => {
    const data = [{ id: "one" }, { id: "two" }];
    const server = await SmallOpenAiServer.start({ "/v1/models": { data } }, say());
    let told = 0;
    const engine = await engineOn(server, { onModels: () => told++ });
    const offered = () => engine.models().map(({ name }) => name.split(" ")[0]);
    assert.deepEqual(offered(), ["one", "two"]);
    await engine.offer(["two", "three"]);
    assert.deepEqual(offered(), ["two"]);
    assert.equal(told, 2);
    assert.match(lines.join(""), /your server has no model “three”/);
    await engine.offer(["substrate-demo"]);
    assert.deepEqual(offered(), ["one", "two"]);
    await engine.dispose();
    await server.close();
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
    assert.match(lines.at(-1) ?? "", /your server cannot be used now.*is it running/);
    await engine.dispose();
  });
});
