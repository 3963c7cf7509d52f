import type { OfferedModel } from "../../protocol/wire/gateway.ts";
import type { NodePresence } from "../queue/bus.ts";

/** Who is online, on all replicas, as far as this one has heard. */
export class NodeDirectory {
  readonly #byReplica = new Map<string, { nodes: readonly NodePresence[]; heardAt: number }>();

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

  /** Nodes that would take a job for this model. */
  withModel(sha256: string): NodePresence[] {
    return this.online().filter(
      (node) => node.slots > 0 && node.models.some((model) => model.sha256 === sha256),
    );
  }

  /** Every model somebody would run now; one that several nodes offer comes several times. */
  offered(): OfferedModel[] {
    return this.online().flatMap((node) => (node.slots > 0 ? [...node.models] : []));
  }

  slots(sha256: string): number {
    return this.withModel(sha256).reduce((sum, node) => sum + node.slots, 0);
  }
}
