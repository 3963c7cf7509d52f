// What servers say of themselves: as recorded from Ollama and llama-server, as documented by LM Studio and vLLM.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findModelFact } from "../../config/model-facts.ts";
import { ServerFacts } from "../../worker/engines/openai/server-facts.ts";
import { recorded, recordedPages } from "./recorded/recorded.ts";
import { Reply, SmallOpenAiServer } from "./small-openai-server.ts";

const DEMO = findModelFact("substrate-demo")!;
const PLAIN = { "/v1/models": { data: [{ id: "some-model", object: "model" }] } };

/** Asks a server with these pages `times` times; what it said last, and the paths it was asked for. */
async function learnt(pages: Record<string, unknown>, times = 1) {
  const server = await SmallOpenAiServer.start(pages, async () => null);
  const paths: string[] = [];
  const facts = new ServerFacts(async (path, body?: object) => {
    paths.push(path);
    const response = await fetch(new URL(path, server.url), {
      method: body ? "POST" : "GET",
      ...(body && { body: JSON.stringify(body) }),
    });
    return response.ok ? response.json() : null;
  });
  try {
    let served = await facts.learn();
    for (let i = 1; i < times; i++) served = await facts.learn();
    return { ...served, paths };
  } finally {
    await server.close();
  }
}

/** A recorded page with changes: what was recorded is one model of one kind. */
function changed(path: string, change: (body: never) => object): Reply {
  const reply = recorded("ollama")[path] as Reply;
  return new Reply({ ...reply, body: change(structuredClone(reply.body) as never) });
}

describe("Ollama", () => {
  it("names the model's file in the blob, says what it runs with, and what the header says", async () => {
    const { kind, models, leftOut } = await learnt(recordedPages("ollama"));
    assert.deepEqual([kind.name, leftOut, models.length], ["Ollama", [], 1]);
    const [model] = models;
    assert.equal(model?.id, "demo:latest");
    assert.equal(model?.sha256, DEMO.sha256);
    assert.equal(model?.digestOf, "file");
    assert.equal(model?.loaded, true);
    assert.equal(model?.contextTokens, 512);
    assert.equal(model?.declared["general.license"], "cc0-1.0");
    assert.equal(model?.declared["general.quantization"], "Q8_0");
    assert.doesNotMatch(JSON.stringify(model), /blobs|ollama\/models/, "no path of the owner's");
  });

  it("a model that is not in memory counts as such, with the context it will have at least", async () => {
    const grown = changed("/api/show", (show: { model_info: object }) => ({
      ...show,
      model_info: { ...show.model_info, "llama.context_length": 131_072 },
    }));
    const pages = { ...recordedPages("ollama"), "/api/ps": { models: [] }, "/api/show": grown };
    const [model] = (await learnt(pages)).models;
    assert.equal(model?.loaded, false);
    assert.equal(model?.contextTokens, 4096);
  });

  it("models in the cloud and for vectors are left out, and said", async () => {
    const tags = changed("/api/tags", ({ models }: { models: object[] }) => ({
      models: [
        ...models,
        { name: "big:cloud", size: 300, remote_model: "big", remote_host: "https://ollama.com" },
        { name: "vectors:latest", size: 9 },
      ],
    }));
    const show = recorded("ollama")["/api/show"] as Reply;
    const { models, leftOut } = await learnt({
      ...recordedPages("ollama"),
      "/api/tags": tags,
      "/api/show": ({ model }: { model: string }) =>
        model.startsWith("vectors") ? { capabilities: ["embedding"] } : show,
    });
    assert.deepEqual(
      models.map(({ id }) => id),
      ["demo:latest"],
    );
    assert.match(
      leftOut.join(),
      /big:cloud: Ollama forwards it.*vectors:latest: it writes no text/,
    );
  });

  it("weights with an adapter on top are not the file's, and not called so", async () => {
    const show = changed("/api/show", (body: { modelfile: string }) => ({
      ...body,
      modelfile: `${body.modelfile}ADAPTER /usr/share/ollama/.ollama/models/blobs/sha256-${"ab".repeat(32)}\n`,
    }));
    const [model] = (await learnt({ ...recordedPages("ollama"), "/api/show": show })).models;
    assert.equal(model?.digestOf, "description");
    assert.notEqual(model?.sha256, DEMO.sha256);
  });

  it("a description is read once, until the model is another", async () => {
    const { paths } = await learnt(recordedPages("ollama"), 3);
    assert.equal(paths.filter((path) => path === "/api/show").length, 1);
    assert.equal(paths.filter((path) => path === "/api/tags").length, 3);
  });
});

describe("servers that name no file: their description has a digest, and it says so", () => {
  it("llama-server", async () => {
    const { kind, models } = await learnt(recordedPages("llama-server"));
    assert.deepEqual(kind, { name: "llama-server", version: "b0-unknown" });
    const [model] = models;
    assert.equal(model?.contextTokens, 256);
    assert.equal(model?.bytes, 4_191_232);
    assert.deepEqual(model?.declared, {
      "general.parameter_count": "3935488",
      "general.quantization": "Q8_0",
    });
    assert.equal(model?.digestOf, "description");
  });

  it("llama-server's name for a model is its path, and only the file's name is shown, wherever it lies", async () => {
    const named = async (id: string) =>
      (await learnt({ "/v1/models": { data: [{ id }] }, "/props": propsPage })).models[0];
    const propsPage = recorded("llama-server")["/props"];
    const [unix, windows, plain] = [
      await named("/home/somebody/models/m.gguf"),
      await named("C:\\Users\\Somebody\\models\\m.gguf"),
      await named("m.gguf"),
    ];
    assert.deepEqual([unix?.name, windows?.name], ["m.gguf", "m.gguf"]);
    assert.equal(unix?.id, "/home/somebody/models/m.gguf", "asked for as the server calls it");
    assert.equal(unix?.sha256, plain?.sha256, "nor is the path in the digest");
    assert.equal(windows?.sha256, plain?.sha256);
    assert.equal((await named("org/model"))?.name, "org/model");
  });

  it("LM Studio", async () => {
    const { kind, models } = await learnt({
      ...PLAIN,
      "/api/v0/models": {
        data: [
          {
            id: "qwen3-4b",
            type: "llm",
            state: "not-loaded",
            arch: "qwen3",
            quantization: "4bit",
            compatibility_type: "mlx",
            max_context_length: 32768,
          },
          { id: "nomic-embed", type: "embeddings" },
        ],
      },
    });
    assert.equal(kind.name, "LM Studio");
    assert.deepEqual(
      models.map(({ id, loaded, digestOf }) => [id, loaded, digestOf]),
      [["qwen3-4b", false, "description"]],
    );
  });

  it("vLLM", async () => {
    const { kind, models } = await learnt({
      "/v1/models": { data: [{ id: "org/m", owned_by: "vllm", max_model_len: 8192 }] },
      "/version": { version: "0.11.0" },
    });
    assert.deepEqual(kind, { name: "vLLM", version: "0.11.0" });
    assert.equal(models[0]?.contextTokens, 8192);
    assert.equal(models[0]?.digestOf, "description");
  });

  it("any other, with the same digest for the same words", async () => {
    const { kind, models } = await learnt(PLAIN);
    assert.equal(kind.name, "OpenAI-compatible server");
    assert.match(models[0]?.sha256 ?? "", /^[0-9a-f]{64}$/);
    assert.equal((await learnt(PLAIN)).models[0]?.sha256, models[0]?.sha256);
  });
});
