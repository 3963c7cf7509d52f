import type { WorkerSettings } from "../config/settings.ts";
import type { Activity } from "./activity.ts";
import type { PoolClock } from "./connection/pool-clock.ts";
import type { PoolConnection } from "./connection/pool-connection.ts";
import type { WorkerStatus } from "./control/wire.ts";
import type { Engine } from "./engines/engine.ts";
import { limitsOf } from "./limits/limits.ts";
import type { Slots } from "./limits/slots.ts";
import type { Steering } from "./limits/steering.ts";
import type { Today } from "./limits/today.ts";
import type { FetchBoard } from "./models/fetch-board.ts";

/** The parts of a running worker that know something a person may want to know. */
export interface StatusParts {
  /** As the engine was started. */
  readonly settings: WorkerSettings;
  /** As noted down now: hours and the day's share change while it runs. */
  readonly current: () => WorkerSettings;
  readonly node: string;
  readonly connection: PoolConnection;
  readonly engine: Engine;
  readonly board: FetchBoard;
  readonly slots: Slots;
  readonly steering: Steering;
  readonly today: Today;
  readonly activity: Activity;
  readonly poolClock: PoolClock;
  readonly waiting: () => number | null;
}

/** Everything at once, for the view, `status` and other terminals. */
export function statusOf(parts: StatusParts): WorkerStatus {
  const { settings, connection, engine, slots, steering, today, activity } = parts;
  const { state, until, why } = steering.state;
  const { is, since, problem, pool } = connection.status;
  const { name, library, backend, threads, auditable } = engine.describe();
  const { workerHours, workerAnswersPerDay } = parts.current();
  return {
    name: settings.workerName,
    node: parts.node,
    url: settings.apiUrl,
    pool,
    connection: { is, since, problem },
    state,
    until,
    why,
    engine: { name, library, backend, threads, auditable },
    models: engine.models().map((model) => ({
      sha256: model.sha256,
      name: model.name,
      bytes: model.bytes,
      loaded: model.loaded,
      tokensPerSecond: model.tokensPerSecond,
    })),
    fetches: parts.board.list(),
    slots: { total: slots.total, taken: slots.taken },
    tokensPerSecond: activity.tokensPerSecond(),
    curve: activity.curve(),
    today: { answers: today.answers, tokens: today.tokens, most: workerAnswersPerDay },
    waiting: parts.waiting(),
    clockAheadMs: parts.poolClock.ahead,
    hours: workerHours,
    zone: steering.clock.zone,
    limits: limitsOf(settings),
    measured: [...(engine.measured?.() ?? [])],
  };
}
