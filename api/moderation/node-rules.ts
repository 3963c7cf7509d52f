import type { Selectable } from "kysely";
import type { PrivacyClass } from "../../protocol/wire/policy.ts";
import type { ApiContext } from "../context.ts";
import { OPEN, type Tier, tierOf } from "../jobs/queue-name.ts";
import { Gather } from "../storage/gather.ts";
import type { NodeStandingTable, NodeTrustTable } from "./tables.ts";

export type StandingRow = Selectable<NodeStandingTable>;
export type TrustRow = Selectable<NodeTrustTable>;
/** Scope of what holds for every community. */
export const EVERYWHERE = "*";

/** What moderators have decided about nodes, as plain data. */
export interface NodeRuling {
  readonly standings: readonly StandingRow[];
  readonly trusts: readonly TrustRow[];
}

/**
 * What nodes may serve, kept in memory: these tables are small, and every job asks. Read whole at the start, on
 * every change anywhere, and from time to time, so that a standing with an end ends.
 */
export class NodeRules {
  readonly #ctx: Pick<ApiContext, "db" | "bus" | "clock" | "replica">;
  readonly #listeners: (() => void)[] = [];
  readonly #loads: Gather<null, undefined>;
  #tiers: TierTable = tierTable({ standings: [], trusts: [] });
  #print = "";

  constructor(ctx: Pick<ApiContext, "db" | "bus" | "clock" | "replica">) {
    this.#ctx = ctx;
    this.#loads = new Gather(async (calls) => {
      await this.#load();
      return calls.map(() => undefined);
    });
  }

  /**
   * Reads again; listeners hear of it when something that holds now is different. Calls that come while one
   * reads share the next reading.
   */
  load(): Promise<void> {
    return this.#loads.add(null);
  }

  async #load(): Promise<void> {
    const { db, clock } = this.#ctx;
    const [standings, trusts] = await Promise.all([
      db.selectFrom("node_standing").selectAll().orderBy("node_key").orderBy("scope").execute(),
      db.selectFrom("node_trust").selectAll().orderBy("node_key").orderBy("community").execute(),
    ]);
    const now = clock();
    const ruling = { standings: standings.filter((row) => inForce(row, now)), trusts };
    const print = JSON.stringify(ruling);
    if (print === this.#print) return;
    this.#print = print;
    this.#tiers = tierTable(ruling);
    for (const tell of this.#listeners) tell();
  }

  /** Something was decided here, and is committed: this replica and the others read again. */
  async changed(): Promise<void> {
    this.#ctx.bus.toAll({ from: this.#ctx.replica, type: "rules" });
    await this.load();
  }

  onChange(tell: () => void): void {
    this.#listeners.push(tell);
  }

  /** The tiers a node may serve; none while it is paused, draining or barred for the whole pool. */
  tiers(keyId: string): ReadonlySet<Tier> {
    return this.#tiers.special.get(keyId) ?? this.#tiers.ordinary;
  }

  serves(keyId: string, tier: Tier): boolean {
    return this.tiers(keyId).has(tier);
  }

  /** The last look before a job goes to a node, whatever queue it came from. */
  mayServe(keyId: string, community: string, privacy: PrivacyClass): boolean {
    if (this.standing(keyId, community) !== null) return false;
    return privacy === "open" || this.serves(keyId, tierOf(community, privacy, false));
  }

  /** What holds against a node for one community's jobs: the pool's word first; null when nothing does. */
  standing(keyId: string, community: string): StandingRow | null {
    const theirs = this.#tiers.standings.get(keyId);
    return theirs?.get(EVERYWHERE) ?? theirs?.get(community) ?? null;
  }

  /** Why a node is not let in at all; null when it is. */
  barred(keyId: string): StandingRow | null {
    const row = this.#tiers.standings.get(keyId)?.get(EVERYWHERE);
    return row?.state === "barred" ? row : null;
  }

  /** Communities with a say of their own about some node: their open jobs have a queue of their own. */
  get restricted(): ReadonlySet<string> {
    return this.#tiers.restricted;
  }
}

interface TierTable {
  readonly standings: ReadonlyMap<string, ReadonlyMap<string, StandingRow>>;
  readonly restricted: ReadonlySet<string>;
  /** Of nodes that nobody has decided anything about. */
  readonly ordinary: ReadonlySet<Tier>;
  readonly special: ReadonlyMap<string, ReadonlySet<Tier>>;
}

/** Pure: which node serves which tiers under a ruling. */
export function tierTable({ standings, trusts }: NodeRuling): TierTable {
  const byNode = new Map<string, Map<string, StandingRow>>();
  for (const row of standings) {
    const theirs = byNode.get(row.node_key) ?? new Map<string, StandingRow>();
    byNode.set(row.node_key, theirs.set(row.scope, row));
  }
  const restricted = new Set(
    standings.map((row) => row.scope).filter((scope) => scope !== EVERYWHERE),
  );
  const ordinary = [OPEN, ...[...restricted].map((each) => tierOf(each, "open", true))];
  const special = new Map<string, Set<Tier>>();
  for (const node of new Set([...byNode.keys(), ...trusts.map((row) => row.node_key)])) {
    const theirs = byNode.get(node);
    const tiers = new Set<Tier>(theirs?.has(EVERYWHERE) ? [] : ordinary);
    for (const { node_key, community, class: trust } of trusts) {
      if (node_key !== node || theirs?.has(EVERYWHERE) || theirs?.has(community)) continue;
      tiers.add(tierOf(community, "trusted", false));
      if (trust === "own") tiers.add(tierOf(community, "own", false));
    }
    for (const scope of theirs?.keys() ?? []) tiers.delete(tierOf(scope, "open", true));
    special.set(node, tiers);
  }
  return { standings: byNode, restricted, ordinary: new Set(ordinary), special };
}

export function inForce({ until }: Pick<StandingRow, "until">, now: number): boolean {
  return until === null || until > now;
}
