import type {
  EngineDescription,
  ModelFetch,
  NodeConditions,
  OfferedModel,
} from "../../protocol/wire/gateway.ts";
import type { JobEvent } from "../../protocol/wire/http.ts";

/** A node as replicas tell each other about it. */
export interface NodePresence {
  readonly keyId: string;
  readonly name: string;
  /** Replica it is connected to. */
  readonly replica: string;
  readonly slots: number;
  readonly engine: EngineDescription;
  readonly models: readonly OfferedModel[];
  readonly fetches: readonly ModelFetch[];
  readonly conditions?: NodeConditions;
}

/** Nodes that came or changed, and key ids of those that went. */
export interface PresenceChange {
  readonly nodes: readonly NodePresence[];
  readonly gone: readonly string[];
}

/** What a replica tells of its nodes: all of them, a change, or that it lives. Changes are numbered. */
export type PresenceMessage = { readonly from: string; readonly revision: number } & (
  | { readonly type: "presence"; readonly nodes: readonly NodePresence[] }
  | ({ readonly type: "change" } & PresenceChange)
  | { readonly type: "alive" }
);

/** What replicas tell each other. Nothing here must arrive: polls and the reconciler make good what is lost. */
export type BusMessage = PresenceMessage | OtherMessage;

type OtherMessage = { readonly from: string } & (
  | { readonly type: "wake"; readonly queue: string }
  /** Somebody at `from` follows the job: the lease holder sends what there is and all that comes. */
  | { readonly type: "follow"; readonly job: string }
  | { readonly type: "cancel"; readonly job: string }
  /** A replica that has just started, or has missed something, asks for all nodes. */
  | { readonly type: "who" }
  /** A setting was changed. */
  | { readonly type: "policy" }
  /** Something was decided about a node. */
  | { readonly type: "rules" }
  | { readonly type: "events"; readonly events: readonly { job: string; event: JobEvent }[] }
  /** The jobs' rows hold their final state. */
  | { readonly type: "ended"; readonly jobs: readonly string[] }
);

/** Messages between replicas: to all of them, or to one. Never delivered to the sender. */
export interface Bus {
  toAll(message: BusMessage): void;
  toReplica(replica: string, message: BusMessage): void;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The bus of a replica that knows it is the only one. */
export const soleReplicaBus: Bus = {
  toAll() {},
  toReplica() {},
  async ping() {},
  async close() {},
};
