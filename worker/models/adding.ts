import { EngineError } from "../engines/engine.ts";
import type { LlamaEngine } from "../engines/llama/llama-engine.ts";
import type { ModelFile } from "../engines/llama/loaded-model.ts";
import type { Log } from "../log.ts";
import type { FetchBoard } from "./fetch-board.ts";
import type { ProgressLine } from "./progress-line.ts";
import { type ModelStore, ModelUnavailable } from "./store.ts";
import type { WantedModel } from "./wanted.ts";

/** Waits before a model that no place gave is tried again: doubling from a minute to six hours, milliseconds. */
const FIRST_WAIT_MS = 60_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;

export interface Adding {
  readonly llama: Pick<LlamaEngine, "add">;
  readonly store: ModelStore;
  readonly board: FetchBoard;
  readonly progress: ProgressLine;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** False once the owner no longer offers it. */
  readonly stillWanted: (model: WantedModel) => boolean;
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

/**
 * First what lies here, so that the node is of use at once; then what must be fetched, one after another, again and
 * again until some place gives it.
 */
export async function addModels(wanted: readonly WantedModel[], adding: Adding): Promise<void> {
  let toFetch: WantedModel[] = [];
  for (const model of wanted) {
    try {
      const file = await adding.store.local(model);
      if (file === null) toFetch.push(model);
      else await take(file, adding);
    } catch (error) {
      report(model, error, adding);
    }
  }
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)) {
    toFetch = await fetchModels(toFetch, waitMs, adding);
    if (toFetch.length === 0) return;
    await adding.wait(waitMs, adding.signal);
  }
}

/** Resolves to those that are worth another try after `waitMs`. */
async function fetchModels(
  models: readonly WantedModel[],
  waitMs: number,
  adding: Adding,
): Promise<WantedModel[]> {
  const again: WantedModel[] = [];
  for (const model of models.filter(adding.stillWanted)) {
    try {
      await fetchModel(model, adding);
    } catch (error) {
      adding.signal.throwIfAborted();
      const worthIt = error instanceof ModelUnavailable && error.mayComeBack;
      report(model, error, adding, worthIt ? ` Next try in ${waitMs / 60_000} min.` : "");
      if (worthIt) again.push(model);
    }
  }
  return again;
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
function report(model: WantedModel, error: unknown, { board, log }: Adding, then = ""): void {
  if (!(error instanceof ModelUnavailable) && !(error instanceof EngineError)) throw error;
  const message = error.message + then;
  log.error(message);
  if (model.kind === "known") board.failed(model.sha256, model.name, message);
}
