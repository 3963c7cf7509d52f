import { setTimeout as delay } from "node:timers/promises";
import { modelFacts } from "../config/model-facts.ts";
import { readPoolSecrets } from "../config/secrets.ts";
import { modelCacheDir, ROOT, type WorkerSettings } from "../config/settings.ts";
import type { ReadyFrame } from "../protocol/wire/gateway.ts";
import { Activity } from "./activity.ts";
import { ClockWatch } from "./connection/clock-watch.ts";
import { PendingInvite } from "./connection/pending-invite.ts";
import { PoolClock } from "./connection/pool-clock.ts";
import { PoolConnection } from "./connection/pool-connection.ts";
import { PoolPin } from "./connection/pool-pin.ts";
import { controlAddress } from "./control/address.ts";
import { listenForOwner } from "./control/listen.ts";
import type { WorkerStatus } from "./control/wire.ts";
import { ownersWishes } from "./control/wishes.ts";
import type { Engine } from "./engines/engine.ts";
import { startEngine } from "./engines/start-engine.ts";
import { claimFolder } from "./folder-claim.ts";
import { nodeIdentity, workerFolder } from "./identity.ts";
import { JobRunner } from "./jobs/job-runner.ts";
import { limitsOf } from "./limits/limits.ts";
import { Slots } from "./limits/slots.ts";
import { Steering } from "./limits/steering.ts";
import { Today } from "./limits/today.ts";
import type { Log } from "./log.ts";
import { addModels } from "./models/adding.ts";
import { FetchBoard } from "./models/fetch-board.ts";
import { type ProgressLine, progressLine } from "./models/progress-line.ts";
import { ModelStore } from "./models/store.ts";
import { wantedModel } from "./models/wanted.ts";
import { statusOf } from "./status.ts";
import { diskInWords } from "./words.ts";

/** What a caller may put in place of the worker's own. */
export interface WorkerParts {
  /** Instead of the echo engine. */
  readonly echo?: Engine;
  /** Silence after which the connection counts as dead, milliseconds. */
  readonly silenceMs?: number;
  readonly now?: () => number;
  /** Instead of the bar on standard error. */
  readonly progress?: ProgressLine;
  /** A person watches: the pool tells the queue. */
  readonly watching?: boolean;
  /** Settings as they are noted down now, when the owner changed them. */
  readonly reread?: () => WorkerSettings;
}

export interface RunningWorker {
  /** Settles when the worker has ended: null for a wanted end, else the error a person must look at. */
  readonly ended: Promise<Error | null>;
  /** Not after the end. */
  status(): WorkerStatus;
  /** Answers and tokens of today. */
  today(): { readonly answers: number; readonly tokens: number };
  /** Takes nothing new; `until`: milliseconds since the epoch, null: until resumed. */
  pause(until: number | null): void;
  resume(): void;
  /** Takes nothing on any more, gives what runs up to `graceMs` to finish, gives back the rest, ends. A second call shortens the wait. */
  leave(graceMs: number): Promise<void>;
}

/**
 * Starts a volunteer's worker: key, engine, connection; then the models, which join as they become ready.
 * Throws NameTaken, IdentityError, PoolKeyChanged, BadInvite, BadHours, RuntimeMissing, ServerRefused or
 * UnknownModel when there is no point in starting.
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
  const now = given.now ?? Date.now;
  const key = nodeIdentity(folder);
  const pin = new PoolPin(folder);
  const pending = new PendingInvite(folder);
  const invite = pending.read();
  if (invite !== null) pin.expect(invite.poolKeyId);
  let begun = false;
  const announce = () => {
    if (!begun) return;
    slots.resize(engine.slots?.() ?? settings.workerSlots ?? 1);
    connection.announce();
  };
  const steering = new Steering(
    folder,
    settings,
    now,
    (state) => {
      if (begun) log.info(stateInWords(state.state, state.why), { until: instant(state.until) });
      announce();
    },
    (error) => log.warn("this holds only until the worker ends", { reason: diskInWords(error) }),
  );
  const wanted =
    settings.workerEngine === "llama"
      ? settings.workerModels.map((ref) => wantedModel(ref, modelFacts(), ROOT))
      : [];
  const { engine, llama, server } = await startEngine(settings, log, given.echo, () => announce());
  const slots = new Slots(engine.slots?.() ?? settings.workerSlots ?? 1);
  const today = new Today(folder, steering.clock, now);
  // Of the steady clock: somebody may set the other right in the middle of a curve.
  const activity = new Activity(() => performance.now());
  const poolClock = new PoolClock(now, () => performance.now());
  const clockWatch = new ClockWatch(poolClock, log);
  const runner = new JobRunner({
    key,
    engine,
    slots,
    log,
    now: () => poolClock.now(),
    notNow() {
      const { state, why } = steering.state;
      return state === "open" ? null : `This node takes no answers now: ${why}.`;
    },
    watcher: {
      piece: () => activity.piece(),
      answered(tokens) {
        today.add(tokens);
        steering.look();
      },
    },
  });

  let waiting: number | null = null;
  let leaving: Promise<void> | null = null;
  let hurry: () => void = () => {};
  const { promise: ended, resolve: end } = Promise.withResolvers<Error | null>();
  const ready = (): ReadyFrame => {
    const { state, until } = steering.state;
    return {
      type: "ready",
      engine: engine.describe(),
      models: engine.models(),
      fetches: board.list().slice(0, 20),
      slots: state === "open" ? slots.total : 0,
      state,
      until,
      limits: limitsOf(settings),
      measured: [...(engine.measured?.() ?? [])].slice(0, 32),
      ...(given.watching ? { watching: true } : {}),
    };
  };
  const connection = new PoolConnection({
    apiUrl: settings.apiUrl,
    key,
    name: settings.workerName,
    enrolmentToken: () =>
      settings.enrolmentToken ?? readPoolSecrets(settings.dataDir)?.enrolmentToken ?? null,
    invite: () => pending.read()?.secret ?? null,
    pin,
    clock: poolClock,
    log,
    ready,
    onJob: (frame, pool, link) => void runner.take(frame, pool, link),
    onStop: (lease) => runner.stop(lease),
    onWelcome() {
      pending.forget();
      clockWatch.look();
    },
    onQueue(count) {
      waiting = count;
    },
    onLost() {
      waiting = null;
      runner.connectionLost();
    },
    onFatal: (error) => end(error),
    random: Math.random,
    now,
    ...(given.silenceMs === undefined ? {} : { silenceMs: given.silenceMs }),
  });
  const board = new FetchBoard(() => announce());
  const fetching = new AbortController();

  let current = settings;
  const status = () =>
    statusOf({
      settings,
      current: () => current,
      node: key.keyId,
      connection,
      engine,
      board,
      slots,
      steering,
      today,
      activity,
      poolClock,
      waiting: () => waiting,
    });

  async function leave(graceMs: number): Promise<void> {
    if (leaving !== null) {
      if (graceMs === 0) hurry();
      return leaving;
    }
    leaving = drainAndEnd(graceMs);
    return leaving;
  }

  async function drainAndEnd(graceMs: number): Promise<void> {
    runner.refuseNew();
    fetching.abort();
    steering.leave();
    const hurried = new Promise<void>((done) => {
      hurry = done;
    });
    await Promise.race([slots.idle(), timeout(graceMs), hurried]);
    runner.giveBack();
    await slots.idle();
    steering.close();
    board.close();
    connection.close();
    await closeControl();
    await engine.dispose();
    claim.release();
    end(null);
  }

  const store = new ModelStore({
    cacheDir: modelCacheDir(settings),
    offline: settings.offline,
    root: ROOT,
  });
  /** Names of the models that the owner offers now. */
  let kept: ReadonlySet<string> = new Set(wanted.map(({ name }) => name));
  const progress = given.progress ?? progressLine(process.stderr);
  const add = (models: typeof wanted) =>
    llama === null
      ? Promise.resolve()
      : addModels(models, {
          ...{ llama, store, board, progress, log, signal: fetching.signal },
          // Withdrawn while it was waited for; or withdrawn, offered again, and fetched by that wish.
          stillWanted: ({ name }) =>
            kept.has(name) && !llama.models().some((each) => each.name === name),
          wait: (milliseconds, signal) => delay(milliseconds, undefined, { signal, ref: false }),
        }).then(announce, (error: Error) => {
          if (!fetching.signal.aborted) end(error);
        });

  const closeControl = await listenForOwner(
    controlAddress(folder),
    ownersWishes({
      status,
      steering,
      leave,
      reload() {
        const before = current;
        current = given.reread?.() ?? current;
        steering.retime(current);
        if (server !== null) void server.offer(current.workerModels);
        if (llama === null) return { before, current };
        const models = current.workerModels.map((ref) => wantedModel(ref, modelFacts(), ROOT));
        const fresh = models.filter(({ name }) => !kept.has(name));
        kept = new Set(models.map(({ name }) => name));
        for (const offered of llama.models()) {
          if (!kept.has(offered.name)) void llama.remove(offered.sha256).then(announce);
        }
        void add(fresh);
        return { before, current };
      },
    }),
  );
  steering.begin(today);
  begun = true;
  connection.open();
  void add(wanted);
  return {
    ended,
    status,
    today: () => ({ answers: today.answers, tokens: today.tokens }),
    pause: (until) => steering.pause(until),
    resume: () => steering.resume(),
    leave,
  };
}

function stateInWords(state: WorkerStatus["state"], why: string): string {
  return state === "open" ? "taking answers" : `taking no answers: ${why}`;
}

function instant(until: number | null): string {
  return until === null ? "further notice" : new Date(until).toISOString();
}

function timeout(milliseconds: number): Promise<void> {
  if (milliseconds === Number.POSITIVE_INFINITY) return new Promise(() => {});
  return new Promise((done) => setTimeout(done, milliseconds).unref());
}
