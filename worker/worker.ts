import { modelFacts } from "../config/model-facts.ts";
import { readPoolSecrets } from "../config/secrets.ts";
import { modelCacheDir, ROOT, type WorkerSettings } from "../config/settings.ts";
import type { ReadyFrame } from "../protocol/wire/gateway.ts";
import { PoolConnection } from "./connection/pool-connection.ts";
import { PoolPin } from "./connection/pool-pin.ts";
import { echoEngine } from "./engines/echo.ts";
import { type Engine, EngineError } from "./engines/engine.ts";
import { LlamaEngine } from "./engines/llama/llama-engine.ts";
import type { ModelFile } from "./engines/llama/loaded-model.ts";
import { claimFolder } from "./folder-claim.ts";
import { nodeIdentity, workerFolder } from "./identity.ts";
import { JobRunner } from "./jobs/job-runner.ts";
import { Slots } from "./limits/slots.ts";
import type { Log } from "./log.ts";
import { FetchBoard } from "./models/fetch-board.ts";
import { progressLine } from "./models/progress-line.ts";
import { ModelStore, ModelUnavailable } from "./models/store.ts";
import { type WantedModel, wantedModel } from "./models/wanted.ts";

/** What a test may put in place of the worker's own. */
export interface WorkerParts {
  /** Instead of the echo engine. */
  readonly echo?: Engine;
  /** Silence after which the connection counts as dead, milliseconds. */
  readonly silenceMs?: number;
}

export interface RunningWorker {
  /** Settles when the worker has ended: null for a wanted end, else the error a person must look at. */
  readonly ended: Promise<Error | null>;
  /** Takes nothing on any more, gives what runs up to `graceMs` to finish, gives back the rest, ends. */
  leave(graceMs: number): Promise<void>;
}

/**
 * Starts a volunteer's worker: key, engine, connection; then the models, which join as they become ready.
 * Throws NameTaken, IdentityError, PoolKeyChanged, RuntimeMissing or UnknownModel when there is no point in starting.
 */
export async function startWorker(
  settings: WorkerSettings,
  log: Log,
  given: WorkerParts = {},
): Promise<RunningWorker> {
  const folder = workerFolder(settings.dataDir, settings.workerName);
  const claim = claimFolder(folder);
  try {
    return await start(settings, log, given, folder, claim);
  } catch (error) {
    claim.release();
    throw error;
  }
}

async function start(
  settings: WorkerSettings,
  log: Log,
  given: WorkerParts,
  folder: string,
  claim: { release(): void },
): Promise<RunningWorker> {
  const key = nodeIdentity(folder);
  const pin = new PoolPin(folder);
  const slots = new Slots(settings.workerSlots);
  const wanted =
    settings.workerEngine === "echo"
      ? []
      : settings.workerModels.map((ref) => wantedModel(ref, modelFacts(), ROOT));
  const llama =
    settings.workerEngine === "echo"
      ? null
      : await LlamaEngine.start({
          threads: settings.workerThreads,
          slots: settings.workerSlots,
          contextTokens: settings.workerContext,
          log,
        });
  const engine: Engine = llama ?? given.echo ?? echoEngine();
  const runner = new JobRunner({ key, engine, slots, log, now: Date.now });

  let leaving = false;
  const { promise: ended, resolve: end } = Promise.withResolvers<Error | null>();
  const ready = (): ReadyFrame => ({
    type: "ready",
    engine: engine.describe(),
    models: engine.models(),
    fetches: board.list().slice(0, 20),
    slots: leaving ? 0 : slots.total,
  });
  const connection = new PoolConnection({
    apiUrl: settings.apiUrl,
    key,
    name: settings.workerName,
    enrolmentToken: () =>
      settings.enrolmentToken ?? readPoolSecrets(settings.dataDir)?.enrolmentToken ?? null,
    pin,
    log,
    ready,
    onJob: (frame, pool, link) => void runner.take(frame, pool, link),
    onStop: (lease) => runner.stop(lease),
    onLost: () => runner.connectionLost(),
    onFatal: (error) => end(error),
    random: Math.random,
    now: Date.now,
    ...(given.silenceMs === undefined ? {} : { silenceMs: given.silenceMs }),
  });
  const board = new FetchBoard(() => connection.announce());
  const fetching = new AbortController();
  connection.open();
  if (llama !== null) {
    const store = new ModelStore({
      cacheDir: modelCacheDir(settings),
      offline: settings.offline,
      root: ROOT,
    });
    void addModels(wanted, { llama, store, board, log, signal: fetching.signal }).then(
      () => connection.announce(),
      (error: Error) => {
        if (!fetching.signal.aborted) end(error);
      },
    );
  }
  return {
    ended,
    async leave(graceMs) {
      if (leaving) return;
      leaving = true;
      runner.refuseNew();
      fetching.abort();
      connection.announce();
      await Promise.race([slots.idle(), timeout(graceMs)]);
      runner.giveBack();
      await slots.idle();
      board.close();
      connection.close();
      await engine.dispose();
      claim.release();
      end(null);
    },
  };
}

interface Adding {
  readonly llama: LlamaEngine;
  readonly store: ModelStore;
  readonly board: FetchBoard;
  readonly log: Log;
  readonly signal: AbortSignal;
}

/** First what lies here, so that the node is of use at once; then what must be fetched, one after another. */
async function addModels(wanted: readonly WantedModel[], adding: Adding): Promise<void> {
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
  const { store, board, log, signal } = adding;
  if (model.kind !== "known") return;
  const line = progressLine(process.stderr);
  const onPlace = (place: string) => {
    log.info("fetching a model", { model: model.name, place, bytes: model.bytes });
    board.begin(model.sha256, model.name, place, model.bytes ?? 0);
  };
  const onProgress = (received: number, total: number) => {
    line.update(model.name, received, total);
    board.progress(model.sha256, received, total);
  };
  try {
    const file = await store.get(model, onPlace, onProgress, signal);
    line.end();
    await take(file, adding);
  } finally {
    line.end();
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

function timeout(milliseconds: number): Promise<void> {
  return new Promise((done) => setTimeout(done, milliseconds).unref());
}
