import { join } from "node:path";
import { modelFacts } from "../../config/model-facts.ts";
import { ROOT } from "../../config/settings.ts";
import { ModelStore } from "../../worker/models/store.ts";
import { wantedModel } from "../../worker/models/wanted.ts";

/** The real model of tests and benches, kept between runs beside the other downloads. */
export const SMOLLM2 = "smollm2-135m-instruct-q4_1";

/** Folder of fetched models that tests share; give it to workers as WORKER_CACHE. */
export const TEST_MODELS = join(ROOT, ".cache", "models");

/** Path of a model file by id, SHA-256 or path; fetched on first use. Throws ModelUnavailable. */
export async function testModel(ref: string): Promise<string> {
  const store = new ModelStore({ cacheDir: TEST_MODELS, offline: false, root: ROOT });
  const say = (place: string) => console.error(`fetching ${ref} (${place})`);
  const { file } = await store.get(
    wantedModel(ref, modelFacts(), ROOT),
    say,
    () => {},
    new AbortController().signal,
  );
  return file;
}
