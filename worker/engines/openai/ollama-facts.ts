import Type from "typebox";
import { valueParser } from "../../../protocol/parse.ts";
import {
  type AskServer,
  attempt,
  describedModel,
  fact,
  type Served,
  type ServedModel,
  type ServerKind,
  shortText,
  whole,
} from "./served-model.ts";

const text = Type.Optional(Type.String());
const Show = Type.Object({
  modelfile: text,
  details: Type.Optional(
    Type.Object({ format: text, parameter_size: text, quantization_level: text }),
  ),
  model_info: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  capabilities: Type.Optional(Type.Array(Type.String())),
  remote_model: text,
  remote_host: text,
});
type Show = Type.Static<typeof Show>;
const Tags = Type.Object({
  models: Type.Array(
    Type.Object({
      name: Type.String(),
      size: Type.Optional(Type.Integer()),
      digest: text,
      remote_model: text,
      remote_host: text,
    }),
  ),
});
const Running = Type.Object({
  models: Type.Array(
    Type.Object({ name: Type.String(), context_length: Type.Optional(Type.Integer()) }),
  ),
});
const parseShow = valueParser(Show, "/api/show");
const parseTags = valueParser(Tags, "/api/tags");
const parseRunning = valueParser(Running, "/api/ps");

/** Context that Ollama gives a model where its owner set none and the graphics card is small (docs/context-length). */
const DEFAULT_CONTEXT = 4096;

/** What an Ollama offers. Models it forwards to somebody else's computers are left out. */
export class OllamaFacts {
  readonly #ask: AskServer;
  /** Descriptions by tag and manifest: they do not change, and reading one costs Ollama a look into the file. */
  #shown = new Map<string, Show | null>();

  constructor(ask: AskServer) {
    this.#ask = ask;
  }

  async learn(kind: ServerKind): Promise<Served> {
    const running = attempt(parseRunning, await this.#ask("/api/ps"))?.models ?? [];
    const shown = new Map<string, Show | null>();
    const models: ServedModel[] = [];
    const leftOut: string[] = [];
    for (const tag of parseTags(await this.#ask("/api/tags")).models) {
      const key = `${tag.name} ${tag.digest ?? ""}`;
      const show =
        this.#shown.get(key) ??
        attempt(parseShow, await this.#ask("/api/show", { model: tag.name }));
      shown.set(key, show);
      const remote = tag.remote_model ?? tag.remote_host ?? show?.remote_model ?? show?.remote_host;
      if (remote !== undefined) {
        leftOut.push(`${tag.name}: Ollama forwards it to other people's computers`);
        continue;
      }
      if (show === null || show.capabilities?.includes("completion") === false) {
        leftOut.push(`${tag.name}: it writes no text`);
        continue;
      }
      const now = running.find(({ name }) => name === tag.name);
      const model = describedModel(kind, tag.name, factsOf(show), {
        bytes: whole(tag.size),
        loaded: now !== undefined,
        contextTokens: contextOf(show, now?.context_length),
      });
      // Ollama's own digest is of its manifest; the weights' is in the name of the blob the Modelfile builds on.
      const blob = /^FROM\s+\S*sha256[-:]([0-9a-f]{64})\s*$/m.exec(show.modelfile ?? "")?.[1];
      // With an adapter on top the answers are not that file's alone.
      const pinned = blob !== undefined && !/^ADAPTER\s/m.test(show.modelfile ?? "");
      models.push(pinned ? { ...model, sha256: blob, digestOf: "file" } : model);
    }
    this.#shown = shown;
    return { kind, models, leftOut };
  }
}

function factsOf({ details = {}, model_info = {} }: Show): Record<string, string> {
  // The `general.*` keys of the file's header, which Ollama repeats; short texts only.
  const header = Object.entries(model_info).filter(
    ([key, value]) => key.startsWith("general.") && ["string", "number"].includes(typeof value),
  );
  return {
    ...fact("size_label", details.parameter_size),
    ...fact("quantization", details.quantization_level),
    ...fact("format", details.format),
    ...Object.fromEntries(
      header.slice(0, 100).map(([key, value]) => [key.slice(0, 100), shortText(String(value))]),
    ),
  };
}

/** What it runs with, where it runs; else what it will have at least, unless its owner set less. */
function contextOf({ model_info = {} }: Show, running: number | undefined): number {
  if (whole(running) > 0) return whole(running);
  const [, trained] =
    Object.entries(model_info).find(([key]) => key.endsWith(".context_length")) ?? [];
  return Math.min(whole(trained) || DEFAULT_CONTEXT, DEFAULT_CONTEXT);
}
