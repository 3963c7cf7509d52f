import { open } from "node:fs/promises";
import { modelFacts } from "../../config/model-facts.ts";
import { ROOT } from "../../config/settings.ts";
import { wantedModel } from "../models/wanted.ts";
import { Mistake } from "./mistake.ts";

/** Throws UnknownModel for a name that means nothing and Mistake for a file that is no model, before they are noted down. */
export async function checkModels(refs: readonly string[], engine: string): Promise<void> {
  if (engine !== "llama") return;
  for (const ref of refs) {
    const wanted = wantedModel(ref, modelFacts(), ROOT);
    if (wanted.kind === "known") continue;
    const begins = await beginning(wanted.file);
    // GGUF files begin with these four bytes (ggml-org/ggml docs/gguf.md).
    if (begins !== "GGUF") throw new Mistake(`${wanted.file} is no GGUF model file.`);
  }
}

/** A file's first four bytes; empty where it cannot be read, as a folder cannot. */
async function beginning(path: string): Promise<string> {
  try {
    const file = await open(path);
    const { buffer } = await file.read(Buffer.alloc(4), 0, 4, 0).finally(() => file.close());
    return buffer.toString("latin1");
  } catch {
    return "";
  }
}
