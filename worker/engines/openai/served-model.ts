import { ParseError } from "../../../protocol/parse.ts";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";

/** Which program answers; the name and version as it tells them. */
export interface ServerKind {
  readonly name: "Ollama" | "LM Studio" | "llama-server" | "vLLM" | "OpenAI-compatible server";
  readonly version: string;
}

/** A model as its server describes it. */
export interface ServedModel {
  /** What to write in `model` of a request. */
  readonly id: string;
  /** What people see. */
  readonly name: string;
  /** SHA-256 by which the pool knows it. */
  readonly sha256: string;
  /** What that digest is of: the model file, by the server's word, or only the server's description. */
  readonly digestOf: "file" | "description";
  /** 0: not known. */
  readonly bytes: number;
  /** In memory now, where the server tells. */
  readonly loaded: boolean;
  /** 0: not known. */
  readonly contextTokens: number;
  /** Facts the server told, as text. */
  readonly declared: Readonly<Record<string, string>>;
}

/** Asks a path below the server's root; null where there is none. Throws where nobody answers. */
export type AskServer = (path: string, body?: object) => Promise<unknown>;

/** What a server is and offers; `leftOut`: why it offers less than it lists, in words. */
export interface Served {
  readonly kind: ServerKind;
  readonly models: ServedModel[];
  readonly leftOut: string[];
}

/**
 * A model whose file nobody names: known to the pool by a digest of what its server says about it. Two servers
 * that say the same share it; nothing about the weights follows from it.
 */
export function describedModel(
  kind: ServerKind,
  id: string,
  declared: Record<string, string>,
  more: Partial<ServedModel> = {},
): ServedModel {
  const name = shownName(id);
  const statement = {
    type: "the-substrate/described-model/v1",
    meaning: "what a server says about a model; not a digest of its weights",
    server: kind.name,
    model: name,
    facts: declared,
  };
  const sha256 = sha256Hex(canonicalBytes(statement));
  const unknown = { bytes: 0, loaded: true, contextTokens: 0 };
  return { id, name, sha256, digestOf: "description", ...unknown, declared, ...more };
}

/**
 * llama-server calls a model by its file's path unless it is told otherwise (`--alias`). Where a volunteer keeps
 * files, and under which user's name, is nobody's business: only the file's own name is shown.
 */
function shownName(id: string): string {
  const isPath = /^([/~\\]|[a-z]:[\\/])|\.gguf$/i.test(id);
  return isPath ? (id.split(/[\\/]/).at(-1) ?? "") : id;
}

/** A fact as text, under a key of the file's header; nothing where the server did not tell. */
export function fact(key: string, value: string | undefined): Record<string, string> {
  return value === undefined || value === "" ? {} : { [`general.${key}`]: shortText(value) };
}

export function shortText(value: string): string {
  return value.slice(0, 4000).toWellFormed();
}

/** A count as a server told it; 0 for anything else. */
export function whole(value: unknown): number {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
}

/** The page in its shape; null where there is none, or another's. */
export function attempt<T>(parse: (value: unknown) => T, page: unknown): T | null {
  try {
    return page === null ? null : parse(page);
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}
