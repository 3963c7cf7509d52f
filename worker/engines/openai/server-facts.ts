import Type from "typebox";
import { ParseError, valueParser } from "../../../protocol/parse.ts";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";

/** Shapes are the servers' documented ones; whatever else they send is left alone. */
const Models = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      owned_by: Type.Optional(Type.String()),
      max_model_len: Type.Optional(Type.Union([Type.Integer(), Type.Null()])),
    }),
  ),
});
const OllamaVersion = Type.Object({ version: Type.String() });
const OllamaShow = Type.Object({
  modelfile: Type.Optional(Type.String()),
  details: Type.Optional(
    Type.Object({
      format: Type.Optional(Type.String()),
      parameter_size: Type.Optional(Type.String()),
      quantization_level: Type.Optional(Type.String()),
    }),
  ),
  model_info: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  capabilities: Type.Optional(Type.Array(Type.String())),
  remote_model: Type.Optional(Type.String()),
  remote_host: Type.Optional(Type.String()),
});
const OllamaTags = Type.Object({
  models: Type.Array(
    Type.Object({
      name: Type.String(),
      size: Type.Optional(Type.Integer()),
      remote_model: Type.Optional(Type.String()),
      remote_host: Type.Optional(Type.String()),
    }),
  ),
});
const LmStudioModels = Type.Object({
  data: Type.Array(
    Type.Object({
      id: Type.String(),
      type: Type.String(),
      arch: Type.Optional(Type.String()),
      publisher: Type.Optional(Type.String()),
      quantization: Type.Optional(Type.String()),
      compatibility_type: Type.Optional(Type.String()),
      max_context_length: Type.Optional(Type.Integer()),
    }),
  ),
});
const LlamaServerProps = Type.Object({
  model_path: Type.Optional(Type.String()),
  build_info: Type.Optional(Type.String()),
  default_generation_settings: Type.Object({ n_ctx: Type.Optional(Type.Integer()) }),
});

const checked = {
  models: valueParser(Models, "/v1/models"),
  ollamaVersion: valueParser(OllamaVersion, "/api/version"),
  ollamaShow: valueParser(OllamaShow, "/api/show"),
  ollamaTags: valueParser(OllamaTags, "/api/tags"),
  lmStudio: valueParser(LmStudioModels, "/api/v0/models"),
  props: valueParser(LlamaServerProps, "/props"),
};

/** Which program answers; the name and version as it tells them. */
export interface ServerKind {
  readonly name: "Ollama" | "LM Studio" | "llama-server" | "vLLM" | "OpenAI-compatible server";
  readonly version: string;
}

/** A model as its server describes it. */
export interface ServedModel {
  /** What to write in `model` of a request. */
  readonly id: string;
  /** SHA-256 by which the pool knows it. */
  readonly sha256: string;
  /** What that digest is of: the model file, by the server's word, or only the server's description. */
  readonly digestOf: "file" | "description";
  readonly bytes: number;
  /** 0: not known. */
  readonly contextTokens: number;
  /** Facts the server told, as text. */
  readonly declared: Readonly<Record<string, string>>;
}

/** Asks a path below the server's root; null where there is none. Throws where nobody answers. */
export type AskServer = (path: string, body?: object) => Promise<unknown>;

/** Finds out which program serves, and what. Models it forwards to somebody else's computers are left out. */
export async function serverFacts(
  ask: AskServer,
): Promise<{ kind: ServerKind; models: ServedModel[]; leftOut: string[] }> {
  const listed = checked.models(await ask("/v1/models")).data;
  const ollama = attempt(checked.ollamaVersion, await ask("/api/version"));
  if (ollama !== null) {
    const kind = { name: "Ollama", version: ollama.version } as const;
    return { kind, ...(await ollamaModels(ask, kind)) };
  }
  const lmStudio = attempt(checked.lmStudio, await ask("/api/v0/models"));
  if (lmStudio !== null) {
    const kind = { name: "LM Studio", version: "" } as const;
    const models = lmStudio.data
      .filter(({ type }) => type === "llm" || type === "vlm")
      .map(({ id, arch, publisher, quantization, compatibility_type, max_context_length }) =>
        described(kind, id, max_context_length ?? 0, {
          ...text("architecture", arch),
          ...text("publisher", publisher),
          ...text("quantization", quantization),
          ...text("format", compatibility_type),
        }),
      );
    return { kind, models, leftOut: [] };
  }
  const props = attempt(checked.props, await ask("/props"));
  const vllm = props === null && listed.some((model) => model.owned_by === "vllm");
  const version = vllm ? attempt(checked.ollamaVersion, await ask("/version")) : null;
  const kind: ServerKind =
    props !== null
      ? { name: "llama-server", version: props.build_info ?? "" }
      : vllm
        ? { name: "vLLM", version: version?.version ?? "" }
        : { name: "OpenAI-compatible server", version: "" };
  const context = props?.default_generation_settings.n_ctx ?? 0;
  const models = listed.map(({ id, max_model_len }) =>
    described(kind, id, max_model_len ?? context, {}),
  );
  return { kind, models, leftOut: [] };
}

/** Ollama's own digest is of its manifest; the weights' is in the name of the blob that the Modelfile builds on. */
async function ollamaModels(ask: AskServer, kind: ServerKind) {
  const models: ServedModel[] = [];
  const leftOut: string[] = [];
  for (const tag of checked.ollamaTags(await ask("/api/tags")).models) {
    const show = attempt(checked.ollamaShow, await ask("/api/show", { model: tag.name }));
    const remote = tag.remote_model ?? tag.remote_host ?? show?.remote_model ?? show?.remote_host;
    if (remote !== undefined) {
      leftOut.push(`${tag.name}: Ollama forwards it to other people's computers`);
      continue;
    }
    if (show === null || show.capabilities?.includes("completion") === false) {
      leftOut.push(`${tag.name}: it writes no text`);
      continue;
    }
    const { format, parameter_size, quantization_level } = show.details ?? {};
    const facts = {
      ...text("size_label", parameter_size),
      ...text("quantization", quantization_level),
      ...text("format", format),
      ...infoTexts(show.model_info ?? {}),
    };
    const context = Object.entries(show.model_info ?? {}).find(([key]) =>
      key.endsWith(".context_length"),
    )?.[1];
    const contextTokens = typeof context === "number" && Number.isInteger(context) ? context : 0;
    const blob = /^FROM\s+\S*sha256[-:]([0-9a-f]{64})\s*$/m.exec(show.modelfile ?? "")?.[1];
    const { id, declared, ...rest } = described(kind, tag.name, contextTokens, facts);
    const pinned = blob === undefined ? {} : ({ sha256: blob, digestOf: "file" } as const);
    models.push({ ...rest, ...pinned, id, bytes: tag.size ?? 0, declared });
  }
  return { models, leftOut };
}

/**
 * A model whose file nobody names: known to the pool by a digest of what its server says about it. Two servers
 * that say the same share it; nothing about the weights follows from it.
 */
function described(
  kind: ServerKind,
  id: string,
  contextTokens: number,
  facts: Record<string, string>,
): ServedModel {
  const statement = {
    type: "the-substrate/described-model/v1",
    meaning: "what a server says about a model; not a digest of its weights",
    server: kind.name,
    model: id,
    facts,
  };
  const sha256 = sha256Hex(canonicalBytes(statement));
  return { id, sha256, digestOf: "description", bytes: 0, contextTokens, declared: facts };
}

/** The `general.*` keys of the file's header, which Ollama repeats; short texts only. */
function infoTexts(info: Record<string, unknown>): Record<string, string> {
  const texts = Object.entries(info).filter(
    ([key, value]) => key.startsWith("general.") && ["string", "number"].includes(typeof value),
  );
  return Object.fromEntries(
    texts.slice(0, 100).map(([key, value]) => [key.slice(0, 100), display(String(value))]),
  );
}

function text(key: string, value: string | undefined): Record<string, string> {
  return value === undefined || value === "" ? {} : { [`general.${key}`]: display(value) };
}

function display(value: string): string {
  return value.slice(0, 4000).toWellFormed();
}

function attempt<T>(parse: (value: unknown) => T, value: unknown): T | null {
  try {
    return value === null ? null : parse(value);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}
