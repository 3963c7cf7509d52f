import type { ApiContext } from "../context.ts";
import { type EffectivePolicy, effectivePolicy } from "./effective.ts";
import type { Place } from "./scope.ts";

/** A change elsewhere is told at once over the bus; should that be lost, it is seen after this time. */
const MAX_AGE_MS = 10_000;
/** Places remembered; the one read first goes first. */
const MAX_PLACES = 5_000;

/** What a place tells the model before each question. */
export interface Instructions {
  readonly sha256: string;
  readonly text: string;
}

/** Texts remembered by digest. */
const MAX_TEXTS = 1_000;

/** The settings in force, remembered, so that a question costs no reading of them. */
export class PolicyBook {
  readonly #ctx: Pick<ApiContext, "db" | "bus" | "clock" | "replica">;
  readonly #known = new Map<string, { policy: Promise<EffectivePolicy>; readAt: number }>();
  readonly #texts = new Map<string, string>();
  readonly #listeners: (() => void)[] = [];

  constructor(ctx: Pick<ApiContext, "db" | "bus" | "clock" | "replica">) {
    this.#ctx = ctx;
  }

  /** Every setting as it holds in a place. */
  in(place: Place): Promise<EffectivePolicy> {
    const { clock, db } = this.#ctx;
    const name = JSON.stringify([place.community, place.room, place.parentRoom ?? null]);
    const now = clock();
    const known = this.#known.get(name);
    if (known !== undefined && Math.abs(now - known.readAt) < MAX_AGE_MS) return known.policy;
    const policy = effectivePolicy(db, place);
    this.#known.delete(name);
    this.#known.set(name, { policy, readAt: now });
    policy.catch(() => this.#forget(name, policy));
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_PLACES) break;
      this.#known.delete(oldest);
    }
    return policy;
  }

  /** What holds for the whole pool. */
  pool(): Promise<EffectivePolicy> {
    return this.in({ community: null, room: null });
  }

  /** The instructions with this digest; null for null. Throws when the records have lost them. */
  async instructions(sha256: string | null): Promise<Instructions | null> {
    if (sha256 === null) return null;
    const known = this.#texts.get(sha256);
    if (known !== undefined) return { sha256, text: known };
    const { content: text } = await this.#ctx.db
      .selectFrom("system_prompt")
      .select("content")
      .where("sha256", "=", sha256)
      .executeTakeFirstOrThrow();
    if (this.#texts.size >= MAX_TEXTS) this.#texts.clear();
    this.#texts.set(sha256, text);
    return { sha256, text };
  }

  /** Something was changed here, and is committed: this replica and the others read again. */
  changed(): void {
    this.#ctx.bus.toAll({ from: this.#ctx.replica, type: "policy" });
    this.hear();
  }

  /** Something was changed, here or elsewhere. */
  hear(): void {
    this.#known.clear();
    for (const tell of this.#listeners) tell();
  }

  /** `tell` is called whenever something may have changed. */
  onChange(tell: () => void): void {
    this.#listeners.push(tell);
  }

  #forget(name: string, policy: Promise<EffectivePolicy>): void {
    if (this.#known.get(name)?.policy === policy) this.#known.delete(name);
  }
}
