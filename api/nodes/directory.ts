import type { OfferedModel } from "../../protocol/wire/gateway.ts";
import { OPEN, type Tier } from "../jobs/queue-name.ts";
import type { NodePresence, PresenceChange } from "../queue/bus.ts";

interface Replica {
  readonly nodes: Map<string, NodePresence>;
  /** Number of the last change heard; each replica counts its own. */
  revision: number;
  heardAt: number;
}

/** What the nodes of one tier offer together. */
interface Offer {
  readonly nodes: readonly NodePresence[];
  readonly models: readonly OfferedModel[];
  /** By digest. */
  readonly slots: ReadonlyMap<string, number>;
}

/**
 * Who is online, on all replicas, as far as this one has heard. A change costs the same however many nodes there
 * are; what they offer together is added up when somebody asks, once between two changes.
 */
export class NodeDirectory {
  readonly #serves: (keyId: string, tier: Tier) => boolean;
  readonly #byReplica = new Map<string, Replica>();
  #online: readonly NodePresence[] | null = null;
  readonly #offers = new Map<Tier, Offer>();

  /** `serves`: whether a node may serve a tier (NodeRules). */
  constructor(serves: (keyId: string, tier: Tier) => boolean) {
    this.#serves = serves;
  }

  /** Replaces all that is known of one replica's nodes. */
  hear(replica: string, nodes: readonly NodePresence[], now: number, revision = 0): void {
    this.forgetOffers();
    const map = new Map(nodes.map((node) => [node.keyId, node]));
    this.#byReplica.set(replica, { nodes: map, revision, heardAt: now });
  }

  /** Takes one change over; false where an earlier one was missed, and all must be heard anew. */
  change(replica: string, change: PresenceChange, now: number, revision: number): boolean {
    const known = this.#byReplica.get(replica);
    if (known === undefined || revision !== known.revision + 1) return false;
    this.forgetOffers();
    known.revision = revision;
    known.heardAt = now;
    for (const keyId of change.gone) known.nodes.delete(keyId);
    for (const node of change.nodes) known.nodes.set(node.keyId, node);
    return true;
  }

  /** A replica lives and has told so many changes; false where one of them was missed. */
  alive(replica: string, now: number, revision: number): boolean {
    const known = this.#byReplica.get(replica);
    if (known !== undefined) known.heardAt = now;
    return known?.revision === revision;
  }

  /** Forgets replicas that have been silent since `before`, except `self`. */
  forgetSilent(before: number, self: string): void {
    for (const [replica, { heardAt }] of this.#byReplica) {
      if (replica === self || heardAt >= before) continue;
      this.#byReplica.delete(replica);
      this.forgetOffers();
    }
  }

  /** Which node may serve whom has changed. */
  forgetOffers(): void {
    this.#online = null;
    this.#offers.clear();
  }

  /** A node that reconnected elsewhere is listed by both replicas for a moment; each is listed once. */
  online(): readonly NodePresence[] {
    if (this.#online === null) {
      const nodes = new Map<string, NodePresence>();
      for (const { nodes: theirs } of this.#byReplica.values()) {
        for (const [keyId, node] of theirs) nodes.set(keyId, node);
      }
      this.#online = [...nodes.values()];
    }
    return this.#online;
  }

  /** Nodes that would take a job for this model and tier. */
  withModel(sha256: string, tier: Tier = OPEN): NodePresence[] {
    return this.#offer(tier).nodes.filter((node) =>
      node.models.some((model) => model.sha256 === sha256),
    );
  }

  /** Every model somebody would run now for a tier, each once. */
  offered(tier: Tier = OPEN): OfferedModel[] {
    return [...this.#offer(tier).models];
  }

  slots(sha256: string, tier: Tier = OPEN): number {
    return this.#offer(tier).slots.get(sha256) ?? 0;
  }

  #offer(tier: Tier): Offer {
    let offer = this.#offers.get(tier);
    if (offer === undefined) {
      const nodes = this.online().filter(
        (node) => node.slots > 0 && this.#serves(node.keyId, tier),
      );
      const models = new Map<string, OfferedModel>();
      const slots = new Map<string, number>();
      for (const node of nodes) {
        for (const model of node.models) {
          if (!models.has(model.sha256)) models.set(model.sha256, model);
          slots.set(model.sha256, (slots.get(model.sha256) ?? 0) + node.slots);
        }
      }
      offer = { nodes, models: [...models.values()], slots };
      this.#offers.set(tier, offer);
    }
    return offer;
  }
}
