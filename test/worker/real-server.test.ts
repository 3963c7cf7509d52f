// The engine `openai` with real servers: llama.cpp's own, and the one that TEST_OPENAI_URL names, if it names one.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { ChatMessage } from "../../protocol/wire/primitives.ts";
import type { EngineError, GenerateRequest } from "../../worker/engines/engine.ts";
import { OpenAiEngine } from "../../worker/engines/openai/openai-engine.ts";
import { createLog } from "../../worker/log.ts";
import { LlamaServer } from "../support/llama-server.ts";
import { SMOLLM2, testModel } from "../support/models.ts";

const never = new AbortController().signal;
const STORY: ChatMessage = { role: "user", content: "Tell a story about a forest." };

/** An engine, what it said, and a promise for the next change of its models. */
class Watched {
  engine!: OpenAiEngine;
  readonly lines: string[] = [];
  #changed = Promise.withResolvers<void>();

  static async start(url: string, more: object = {}): Promise<Watched> {
    const watched = new Watched();
    watched.engine = await OpenAiEngine.start({
      url,
      key: null,
      remote: true,
      models: ["substrate-demo"],
      contextTokens: 2048,
      log: createLog({
        level: "debug",
        node: "t",
        forPeople: true,
        write: (line) => watched.lines.push(line),
        now: Date.now,
      }),
      onModels() {
        watched.#changed.resolve();
        watched.#changed = Promise.withResolvers();
      },
      lookEveryMs: { here: 30_000, away: 50 },
      ...more,
    });
    return watched;
  }

  async untilModels(count: number): Promise<void> {
    while (this.engine.models().length !== count) await this.#changed.promise;
  }

  async ask(
    request: Partial<GenerateRequest> & { readonly name?: string } = {},
    onText: (text: string) => void = () => {},
    signal = never,
  ) {
    const models = this.engine.models();
    const model = models.find(({ name }) => name === request.name) ?? models[0];
    let text = "";
    const generated = await this.engine.generate(
      {
        model: model?.sha256 ?? "",
        messages: [STORY],
        sampler: { temperatureMilli: 800, topK: 40, topPMilli: 950, minPMilli: 50 },
        maxTokens: 16,
        seed: "5a".repeat(32),
        ...request,
      },
      (piece) => {
        text += piece;
        onText(piece);
      },
      signal,
    );
    return { ...generated, text };
  }
}

/** What holds for every server. `name`: of the model, among what it offers. */
function holds(watched: () => Watched, name?: string): void {
  const ask = (
    more: Partial<GenerateRequest> = {},
    ...rest: [((text: string) => void)?, AbortSignal?]
  ) => watched().ask({ ...more, ...(name === undefined ? {} : { name }) }, ...rest);
  const contextTokens = () => {
    const models = watched().engine.models();
    return (models.find((each) => each.name === name) ?? models[0])?.contextTokens ?? 0;
  };

  it("streams what it was ordered, and no more, and counts question and answer", async () => {
    const pieces: string[] = [];
    const { text, usage, finishReason, tokenIds } = await ask({}, (piece) => pieces.push(piece));
    assert(pieces.length > 4, "piece by piece");
    assert.equal(pieces.join(""), text);
    assert.equal(finishReason, "length");
    assert.equal(usage.completionTokens, 16);
    assert.equal(tokenIds.length, 16);
    assert(usage.promptTokens > 5, "the server's own count");
    assert.equal(watched().engine.describe().auditable, false);
  });

  it("follows the pool's sampler: the one best candidate is the same as no chance at all", async () => {
    const best = { topK: 1, topPMilli: 1000, minPMilli: 0 };
    const [greedy, first] = [
      await ask({ sampler: { ...best, topK: 0, temperatureMilli: 0 } }),
      await ask({ sampler: { ...best, temperatureMilli: 1500 } }),
    ];
    assert.equal(first.text, greedy.text);
  });

  it("stops in the middle, and is free again", async () => {
    const stop = new AbortController();
    const stopped = await ask({ maxTokens: 400 }, () => stop.abort(), stop.signal);
    assert.equal(stopped.finishReason, "stopped");
    assert(stopped.text.length > 0 && stopped.usage.completionTokens < 50);
    assert.equal((await ask({ maxTokens: 2 })).usage.completionTokens, 2);
  });

  it("says that a question is too long, and cuts none", async () => {
    const content = "word ".repeat(contextTokens() + 100);
    let began = false;
    await assert.rejects(
      ask({ messages: [{ role: "user", content }] }, () => {
        began = true;
      }),
      (error: EngineError) => error.code === "prompt_too_long",
    );
    assert(!began);
  });

  it("answers a long conversation without its oldest turns", async () => {
    const long = "word ".repeat(Math.ceil(contextTokens() * 0.8));
    const { usage, text } = await ask({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: long },
        { role: "assistant", content: "I see." },
        { role: "user", content: long },
        { role: "assistant", content: "I see." },
        STORY,
      ],
      maxTokens: 4,
    });
    assert(usage.turnsDropped === 2 || usage.turnsDropped === 4, String(usage.turnsDropped));
    assert(text.length > 0);
  });

  it("writes two answers at once", async () => {
    const both = await Promise.all([
      ask({ maxTokens: 8 }),
      ask({ maxTokens: 8, messages: [{ role: "user", content: "What is a river?" }] }),
    ]);
    for (const { usage } of both) assert.equal(usage.completionTokens, 8);
  });

  it("a model it does not have any more is refused in words", async () => {
    await assert.rejects(
      ask({ model: "00".repeat(32) }),
      (error: EngineError) => error.code === "model_failed" && /not offer/.test(error.message),
    );
  });
}

describe("llama-server", () => {
  let model: string;
  let server: LlamaServer;
  let watched: Watched;
  before(async () => {
    model = await testModel(SMOLLM2);
    server = await LlamaServer.start({ model, contextTokens: 256, atOnce: 2 });
    watched = await Watched.start(server.url);
  });
  after(async () => {
    await watched.engine.dispose();
    await server.kill();
  });

  it("is known, and shows a model's name without the path that the server gives it", () => {
    const { library } = watched.engine.describe();
    assert.match(library, /^llama-server b/);
    const [offered, ...more] = watched.engine.models();
    assert.equal(more.length, 0);
    assert.match(offered?.name ?? "", /^[0-9a-f]{64}\.gguf \(weights not identified\)$/);
    assert.doesNotMatch(JSON.stringify(offered) + watched.lines.join(""), /\/models\//);
    assert.equal(offered?.contextTokens, 256);
    assert.equal(offered?.declared["general.quantization"], "Q4_1");
    assert((offered?.bytes ?? 0) > 90e6);
  });

  holds(() => watched);

  it("killed in the middle: the answer fails, the model is withdrawn, and is back when the server is", async () => {
    let killed: Promise<void> | null = null;
    await assert.rejects(
      watched.ask({ maxTokens: 200 }, () => {
        killed ??= server.kill();
      }),
      /broke off the answer/,
    );
    await killed;
    await watched.untilModels(0);
    const away = watched.lines.find((line) => line.includes("cannot be used now"));
    assert.match(away ?? "", /it ended the connection|is it running\?/);
    const started = server.start();
    await watched.untilModels(1);
    await started;
    assert.equal((await watched.ask({ maxTokens: 2 })).usage.completionTokens, 2);
  });

  it("still loading its model is said, and waited for", async () => {
    const slow = await LlamaServer.prepare({ model, contextTokens: 256 });
    const started = slow.start();
    await slow.untilLoading();
    const early = await Watched.start(slow.url);
    try {
      // On a busy machine the look may come when it is loaded.
      const said = early.lines.join("");
      assert.match(said, /it is still loading its model|connected to your server/);
      assert.equal(early.engine.models().length === 0, said.includes("still loading"));
      await early.untilModels(1);
      await started;
    } finally {
      await early.engine.dispose();
      await slow.kill();
    }
  });

  it("with a key is used with it, and says what to set without", async () => {
    const key = "a-key-of-this-test";
    const locked = await LlamaServer.start({
      model: await testModel("substrate-demo"),
      alias: "handbook",
      contextTokens: 256,
      key,
    });
    const [without, withKey] = [
      await Watched.start(locked.url),
      await Watched.start(locked.url, { key }),
    ];
    try {
      assert.equal(without.engine.models().length, 0);
      assert.match(without.lines.join(""), /it wants a key \(HTTP 401\): set WORKER_OPENAI_KEY/);
      assert(!withKey.lines.join("").includes(key));
      const { text } = await withKey.ask({
        messages: [{ role: "user", content: "What is a node?" }],
        maxTokens: 60,
      });
      assert.match(text, /node/);
      assert.equal(withKey.engine.models()[0]?.name, "handbook (weights not identified)");
    } finally {
      await without.engine.dispose();
      await withKey.engine.dispose();
      await locked.kill();
    }
  });
});

const { TEST_OPENAI_URL, TEST_OPENAI_MODEL, TEST_OPENAI_KEY } = process.env;
if (TEST_OPENAI_URL !== undefined) {
  describe(`the server at ${TEST_OPENAI_URL}`, () => {
    let watched: Watched;
    before(async () => {
      watched = await Watched.start(TEST_OPENAI_URL, {
        key: TEST_OPENAI_KEY ?? null,
        ...(TEST_OPENAI_MODEL === undefined ? {} : { models: [TEST_OPENAI_MODEL] }),
      });
    });
    after(() => watched.engine.dispose());

    it("is there, and offers models", () => {
      assert(watched.engine.models().length > 0, watched.lines.join(""));
    });

    holds(() => watched, TEST_OPENAI_MODEL);
  });
}
