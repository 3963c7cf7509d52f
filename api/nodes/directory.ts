import type { OfferedModel } from "../../protocol/wire/gateway.ts";
import { OPEN, type Tier } from "../jobs/queue-name.ts";
import type { NodePresence } from "../queue/bus.ts";

/** Who is online, on all replicas, as far as this one has heard. */
export class NodeDirectory {
  readonly #serves: (keyId: string, tier: Tier) => boolean;
  readonly #byReplica = new Map<string, { nodes: readonly NodePresence[]; heardAt: number }>();

  /** `serves`: whether a node may serve a tier (NodeRules). */
  constructor(serves: (keyId: string, tier: Tier) => boolean) {
    this.#serves = serves;
  }

  /** Replaces all that is known of one replica's nodes. */
  hear(replica: string, nodes: readonly NodePresence[], now: number): void {
    if (nodes.length === 0) this.#byReplica.delete(replica);
    else this.#byReplica.set(replica, { nodes, heardAt: now });
  }

  /** Forgets replicas that have been silent since `before`, except `self`. */
  forgetSilent(before: number, self: string): void {
    for (const [replica, { heardAt }] of this.#byReplica) {
      if (replica !== self && heardAt < before) this.#byReplica.delete(replica);
    }
  }

  /** A node that reconnected elsewhere is listed by both replicas for a moment; each is listed once. */
  online(): NodePresence[] {
    const nodes = new Map<string, NodePresence>();
    for (const { nodes: theirs } of this.#byReplica.values()) {
      for (const node of theirs) nodes.set(node.keyId, node);
    }
    return [...nodes.values()];
  }

  /** Nodes that would take a job for this model and tier. */
  withModel(sha256: string, tier: Tier = OPEN): NodePresence[] {
    return this.#serving(tier).filter((node) =>
      node.models.some((model) => model.sha256 === sha256),
    );
  }

  /** Every model somebody would run now for a tier; one that several nodes offer comes several times. */
  offered(tier: Tier = OPEN): OfferedModel[] {
    return this.#serving(tier).flatMap((node) => [...node.models]);
  }

  slots(sha256: string, tier: Tier = OPEN): number {
    return this.withModel(sha256, tier).reduce((sum, node) => sum + node.slots, 0);
  }

  #serving(tier: Tier): NodePresence[] {
    return this.online().filter((node) => node.slots > 0 && this.#serves(node.keyId, tier));
  }
}
