import { setTimeout as delay } from "node:timers/promises";
import type { Job } from "../../protocol/wire/http.ts";
import { deliverAnswer } from "../conversation.ts";
import type { Log } from "../log.ts";
import type { PoolClient } from "../pool/client.ts";
import { PoolError } from "../pool/errors.ts";
import type { Words } from "../words/catalogue.ts";
import type { LocalDoor } from "./local-door.ts";
import { ROOM } from "./names.ts";
import type { Room } from "./room.ts";
import type { RoomMessage } from "./wire.ts";

/** Between tries to find an unfinished answer again while the pool is away. */
const RETRY_MS = 1000;

export interface DeliveriesOptions {
  readonly pool: PoolClient;
  readonly room: Room;
  readonly log: Log;
}

/** Answers on their way into the room: each is followed to its end, also over a restart. */
export class Deliveries {
  readonly #door: LocalDoor;
  readonly #options: DeliveriesOptions;
  readonly #closing = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(door: LocalDoor, options: DeliveriesOptions) {
    this.#door = door;
    this.#options = options;
  }

  /** Shows a job's answer below `replyTo` as it comes. */
  follow(job: Job, replyTo: string | null, words: Words | undefined): void {
    this.#track(this.#deliver(job, replyTo, [], words));
  }

  /** Takes up answers that were under way when the program last ended. */
  async resume(): Promise<void> {
    const unfinished = new Map<string, RoomMessage[]>();
    for (const message of this.#options.room.messages()) {
      const { view } = message;
      if (view?.kind !== "answer" || view.final) continue;
      unfinished.set(view.jobId, [...(unfinished.get(view.jobId) ?? []), message]);
    }
    for (const [jobId, messages] of unfinished) this.#track(this.#takeUp(jobId, messages));
  }

  /** Stops following; the answers stay in the pool and in the journal. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#running);
  }

  async #takeUp(jobId: string, messages: readonly RoomMessage[]): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        const job = await this.#options.pool.job(jobId);
        const shown = messages.map(({ id }) => id);
        const words = await this.#door.words();
        await this.#deliver(job, messages[0]?.replyTo ?? null, shown, words);
        return;
      } catch (error) {
        if (!(error instanceof PoolError && error.transient)) throw error;
        await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #deliver(job: Job, replyTo: string | null, shown: string[], words: Words | undefined) {
    const { pool, log } = this.#options;
    const { signal } = this.#closing;
    return deliverAnswer({
      ...{ door: this.#door, pool, room: ROOM, job, replyTo, shown, signal, log },
      ...(words ? { words } : {}),
    });
  }

  #track(delivery: Promise<void>): void {
    const tracked = delivery
      .catch((error: unknown) =>
        this.#options.log.error({ error: String(error) }, "an answer could not be shown"),
      )
      .finally(() => this.#running.delete(tracked));
    this.#running.add(tracked);
  }
}
