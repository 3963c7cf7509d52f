import Type from "typebox";
import { valueParser } from "../../../protocol/parse.ts";
import { OllamaFacts } from "./ollama-facts.ts";
import {
  type AskServer,
  attempt,
  describedModel,
  fact,
  type Served,
  type ServerKind,
  whole,
} from "./served-model.ts";

/** Shapes are those seen from the servers, else their documented ones; whatever else they send is left alone. */
const text = Type.Optional(Type.String());
const Models = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      owned_by: text,
      max_model_len: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
      /** llama-server's, while the model is loaded. */
      meta: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
    }),
  ),
});
type Listed = Type.Static<typeof Models>["data"];
const Version = Type.Object({ version: Type.String() });
const LmStudioModels = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      type: Type.String(),
      state: text,
      arch: text,
      publisher: text,
      quantization: text,
      compatibility_type: text,
      max_context_length: Type.Optional(Type.Integer()),
      loaded_context_length: Type.Optional(Type.Integer()),
    }),
  ),
});
const LlamaServerProps = Type.Object({
  build_info: text,
  default_generation_settings: Type.Object({ n_ctx: Type.Optional(Type.Integer()) }),
});

const parseModels = valueParser(Models, "/v1/models");
const parseVersion = valueParser(Version, "/version");
const parseLmStudio = valueParser(LmStudioModels, "/api/v0/models");
const parseProps = valueParser(LlamaServerProps, "/props");

/** Finds out which program serves, and what; asked again and again. */
export class ServerFacts {
  readonly #ask: AskServer;
  readonly #ollama: OllamaFacts;

  constructor(ask: AskServer) {
    this.#ask = ask;
    this.#ollama = new OllamaFacts(ask);
  }

  /** Throws ParseError where there is no list of models, and what asking throws. */
  async learn(): Promise<Served> {
    const listed = parseModels(await this.#ask("/v1/models")).data;
    const ollama = attempt(parseVersion, await this.#ask("/api/version"));
    if (ollama !== null) return this.#ollama.learn({ name: "Ollama", version: ollama.version });
    const lmStudio = attempt(parseLmStudio, await this.#ask("/api/v0/models"));
    if (lmStudio !== null) return lmStudioModels(lmStudio);
    const props = attempt(parseProps, await this.#ask("/props"));
    if (props !== null) {
      const kind = { name: "llama-server", version: props.build_info ?? "" } as const;
      return listedModels(kind, listed, whole(props.default_generation_settings.n_ctx));
    }
    if (!listed.some((model) => model.owned_by === "vllm")) {
      return listedModels({ name: "OpenAI-compatible server", version: "" }, listed, 0);
    }
    const version = attempt(parseVersion, await this.#ask("/version"))?.version ?? "";
    return listedModels({ name: "vLLM", version }, listed, 0);
  }
}

function lmStudioModels({ data }: Type.Static<typeof LmStudioModels>): Served {
  const kind = { name: "LM Studio", version: "" } as const;
  const models = data
    .filter(({ type }) => type === "llm" || type === "vlm")
    .map((model) => {
      const facts = {
        ...fact("architecture", model.arch),
        ...fact("publisher", model.publisher),
        ...fact("quantization", model.quantization),
        ...fact("format", model.compatibility_type),
      };
      return describedModel(kind, model.id, facts, {
        loaded: model.state !== "not-loaded",
        contextTokens: whole(model.loaded_context_length) || whole(model.max_context_length),
      });
    });
  return { kind, models, leftOut: [] };
}

function listedModels(kind: ServerKind, listed: Listed, contextTokens: number): Served {
  const models = listed.map(({ id, max_model_len, meta }) => {
    const { n_ctx, n_params, size, ftype } = meta ?? {};
    const facts = {
      ...fact("parameter_count", whole(n_params) === 0 ? "" : String(n_params)),
      ...fact("quantization", typeof ftype === "string" ? ftype : ""),
    };
    return describedModel(kind, id, facts, {
      bytes: whole(size),
      contextTokens: whole(max_model_len) || whole(n_ctx) || contextTokens,
    });
  });
  return { kind, models, leftOut: [] };
}
