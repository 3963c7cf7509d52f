import type { KeyObject } from "node:crypto";
import type { WebSocket } from "ws";
import type {
  EngineDescription,
  ModelFetch,
  NodeConditions,
  OfferedModel,
  PoolFrame,
  ReadyFrame,
} from "../../protocol/wire/gateway.ts";
import type { Lease } from "../jobs/lease.ts";
import type { LostCode } from "../jobs/notices.ts";
import { queueName, type Tier } from "../jobs/queue-name.ts";
import type { NodePresence } from "../queue/bus.ts";

/** Bytes on their way to a node above which it gets no new job, and above which it is cut off. */
const BUSY_BYTES = 2 * 1_048_576;
const STUCK_BYTES = 8 * 1_048_576;

/**
 * One connected and admitted node.
 *
 *   admitted --ready--> serving --ready--> serving (capacity changed)
 *   admitted | serving --close, violation, silence--> gone
 */
export class NodeSession {
  readonly keyId: string;
  readonly name: string;
  readonly publicKey: KeyObject;
  readonly #socket: WebSocket;
  engine: EngineDescription | null = null;
  models = new Map<string, OfferedModel>();
  /** Tiers it may serve (NodeRules). */
  #tiers: ReadonlySet<Tier> = new Set();
  /** The queues it serves: each model in each tier. */
  queues: ReadonlyMap<string, OfferedModel> = new Map();
  fetches: readonly ModelFetch[] = [];
  slots = 0;
  /** What its owner allows and what it measured; null from workers that do not say. */
  conditions: NodeConditions | null = null;
  /** Somebody watches its terminal and would like to see the queue. */
  watching = false;
  /** Waiting questions it was told of last. */
  toldWaiting: number | null = null;
  /** Answers being written, by the lease id the node knows. */
  readonly leases = new Map<string, Lease>();
  /** Slots promised to jobs that are just being taken from the queue. */
  reserved = 0;
  /** Ordinal of its latest job among all of this replica; 0: none yet. Idle nodes take turns by it. */
  latestTurn = 0;
  /** Frames for leases that are not this node's. */
  foreignFrames = 0;
  /** Pings sent since the last answer. Not a time: while this process stands still nobody can answer. */
  unansweredPings = 0;
  gone = false;
  /** What followers of its jobs are told when it is gone. */
  goneBecause: LostCode = "node_left";
  /** Leases that ended a moment ago: their last frames may still be on the way and are no offence. */
  readonly #ended: string[] = [];

  constructor(node: { keyId: string; name: string; publicKey: KeyObject }, socket: WebSocket) {
    this.keyId = node.keyId;
    this.name = node.name;
    this.publicKey = node.publicKey;
    this.#socket = socket;
  }

  ready(frame: ReadyFrame): void {
    this.engine = frame.engine;
    this.models = new Map(frame.models.map((model) => [model.sha256, model]));
    this.fetches = frame.fetches;
    this.slots = frame.slots;
    const { state, until = null, limits = null, measured = [] } = frame;
    this.conditions = state === undefined ? null : { state, until, limits, measured };
    this.watching = frame.watching ?? false;
    this.serve(this.#tiers);
  }

  /** What moderators let it serve, now or from now on. */
  serve(tiers: ReadonlySet<Tier>): void {
    this.#tiers = tiers;
    const queues = new Map<string, OfferedModel>();
    for (const model of this.models.values()) {
      for (const tier of tiers) queues.set(queueName(model.sha256, tier), model);
    }
    this.queues = queues;
  }

  get busy(): number {
    return this.leases.size + this.reserved;
  }

  get hasFreeSlot(): boolean {
    return !this.gone && this.busy < this.slots && this.#socket.bufferedAmount < BUSY_BYTES;
  }

  send(frame: PoolFrame): void {
    if (this.#socket.bufferedAmount > STUCK_BYTES) {
      this.close(1013, "the connection is too slow");
      return;
    }
    this.#socket.send(JSON.stringify(frame));
  }

  ping(): void {
    this.unansweredPings++;
    this.#socket.ping();
  }

  /** Says goodbye; the socket's close event ends the session. Reasons are at most 123 bytes (RFC 6455 §5.5). */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason.slice(0, 120));
  }

  /** For a peer that no longer answers: no goodbye. */
  cut(): void {
    this.#socket.terminate();
  }

  forget(lease: string): void {
    this.leases.delete(lease);
    this.#ended.push(lease);
    if (this.#ended.length > 100) this.#ended.shift();
  }

  hadLease(lease: string): boolean {
    return this.#ended.includes(lease);
  }

  presence(replica: string): NodePresence | null {
    if (this.engine === null) return null;
    return {
      keyId: this.keyId,
      name: this.name,
      replica,
      slots: this.slots,
      engine: this.engine,
      models: [...this.models.values()],
      fetches: this.fetches,
      ...(this.conditions === null ? {} : { conditions: this.conditions }),
    };
  }
}
