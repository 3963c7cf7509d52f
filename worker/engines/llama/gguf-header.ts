import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import type { LlamaLibrary } from "./runtime.ts";

const MAX_KEYS = 200;
const MAX_KEY_CHARS = 100;
const MAX_VALUE_CHARS = 4000;

/** What a model file says about itself. */
export interface GgufHeader {
  /** `general.*` keys as strings; lists joined with "; ". */
  readonly declared: Record<string, string>;
  readonly name: string | null;
  /** Longest context it was trained on, tokens; null when the file does not say. */
  readonly trainedContext: number | null;
  /** Jinja text of the chat template; null when the file has none. */
  readonly chatTemplate: string | null;
  /** SHA-256 of that template's UTF-8 bytes. */
  readonly chatTemplateSha256: string | null;
}

/** Reads the header only, no weights. Throws when the file is no GGUF file or is cut short within its header. */
export async function readGgufHeader(library: LlamaLibrary, file: string): Promise<GgufHeader> {
  const { metadata } = await library.readGgufFileInfo(file, {
    readTensorInfo: false,
    sourceType: "filesystem",
    logWarnings: false,
  });
  const architecture = metadata.general.architecture;
  const trained = (metadata as unknown as Record<string, { context_length?: unknown }>)[
    architecture
  ]?.context_length;
  const template = metadata.tokenizer?.chat_template ?? null;
  return {
    declared: declaredKeys(metadata.general),
    name: typeof metadata.general.name === "string" ? metadata.general.name : null,
    trainedContext: typeof trained === "number" ? trained : null,
    chatTemplate: template,
    chatTemplateSha256: template === null ? null : sha256Hex(template),
  };
}

/** The reader nests keys at their dots (`general.base_model.0.name`); this writes them flat again. */
export function declaredKeys(general: object): Record<string, string> {
  const flat: [string, string][] = [];
  const walk = (prefix: string, value: unknown) => {
    if (value === null || value === undefined) return;
    if (Array.isArray(value)) flat.push([prefix, value.map(String).join("; ")]);
    else if (typeof value === "object") {
      for (const [key, inner] of Object.entries(value)) walk(`${prefix}.${key}`, inner);
    } else flat.push([prefix, String(value)]);
  };
  walk("general", general);
  return Object.fromEntries(
    flat
      .filter(([key]) => key.length <= MAX_KEY_CHARS)
      .slice(0, MAX_KEYS)
      .map(([key, value]) => [key, value.slice(0, MAX_VALUE_CHARS).toWellFormed()]),
  );
}
