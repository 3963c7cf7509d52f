import { EngineError } from "../engines/engine.ts";
import type { LlamaEngine } from "../engines/llama/llama-engine.ts";
import type { ModelFile } from "../engines/llama/loaded-model.ts";
import type { Log } from "../log.ts";
import type { FetchBoard } from "./fetch-board.ts";
import type { ProgressLine } from "./progress-line.ts";
import { type ModelStore, ModelUnavailable } from "./store.ts";
import type { WantedModel } from "./wanted.ts";

export interface Adding {
  readonly llama: LlamaEngine;
  readonly store: ModelStore;
  readonly board: FetchBoard;
  readonly progress: ProgressLine;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** First what lies here, so that the node is of use at once; then what must be fetched, one after another. */
export async function addModels(wanted: readonly WantedModel[], adding: Adding): Promise<void> {
  const toFetch: WantedModel[] = [];
  for (const model of wanted) {
    try {
      const file = await adding.store.local(model);
      if (file === null) toFetch.push(model);
      else await take(file, adding);
    } catch (error) {
      report(model, error, adding);
    }
  }
  for (const model of toFetch) {
    try {
      await fetchModel(model, adding);
    } catch (error) {
      adding.signal.throwIfAborted();
      report(model, error, adding);
    }
  }
}

async function fetchModel(model: WantedModel, adding: Adding): Promise<void> {
  const { store, board, log, signal, progress } = adding;
  if (model.kind !== "known") return;
  const onPlace = (place: string) => {
    log.info("fetching a model", { model: model.name, place, bytes: model.bytes });
    board.begin(model.sha256, model.name, place, model.bytes ?? 0);
  };
  const onProgress = (received: number, total: number) => {
    progress.update(model.name, received, total);
    board.progress(model.sha256, received, total);
  };
  try {
    const file = await store.get(model, onPlace, onProgress, signal);
    progress.end();
    await take(file, adding);
  } finally {
    progress.end();
  }
}

/** Hands a file to the engine and tells the pool of it. */
async function take(file: ModelFile, { llama, log, board }: Adding): Promise<void> {
  await llama.add(file);
  log.info("model ready", { model: file.name, sha256: file.sha256, bytes: file.bytes });
  board.done(file.sha256);
}

/** Says why a model is missing; the worker goes on with the others. */
function report(model: WantedModel, error: unknown, { board, log }: Adding): void {
  if (!(error instanceof ModelUnavailable) && !(error instanceof EngineError)) throw error;
  log.error(error.message);
  if (model.kind === "known") board.failed(model.sha256, model.name, error.message);
}
