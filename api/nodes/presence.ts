import type { ApiContext } from "../context.ts";
import type { NodePresence } from "../queue/bus.ts";
import type { NodeDirectory } from "./directory.ts";
import type { NodeSession } from "./session.ts";

/** Changes within this time go out as one message. */
const GATHER_MS = 20;

/**
 * Keeps the directory, the other replicas and the records right about the nodes connected here: at once when
 * something changes, and from time to time so that silence means death.
 */
export class Presence {
  readonly #ctx: ApiContext;
  readonly #directory: NodeDirectory;
  readonly #sessions: ReadonlyMap<string, NodeSession>;
  readonly #onOffer: () => Promise<void>;
  #gather: NodeJS.Timeout | null = null;
  #writing: Promise<void> = Promise.resolve();

  /** `onOffer`: what is on offer has changed; jobs that wait for whatever comes may go somewhere now. */
  constructor(
    ctx: ApiContext,
    directory: NodeDirectory,
    sessions: ReadonlyMap<string, NodeSession>,
    onOffer: () => Promise<void>,
  ) {
    this.#ctx = ctx;
    this.#directory = directory;
    this.#sessions = sessions;
    this.#onOffer = onOffer;
  }

  /** Learns who is online elsewhere: from the records at once, from the replicas as they answer. */
  async begin(): Promise<void> {
    const { bus, clock, db, limits, replica } = this.#ctx;
    const rows = await db
      .selectFrom("node")
      .selectAll()
      .where("online", "=", true)
      .where("last_seen_at", ">", clock() - limits.replicaDeadMs)
      .execute();
    const byReplica = Map.groupBy(rows, (row) => row.replica ?? "");
    for (const [other, nodes] of byReplica) {
      if (other === replica || other === "") continue;
      const presences = nodes.flatMap((row): NodePresence[] => {
        if (row.engine === null) return [];
        const { key_id: keyId, name, slots, engine, models, fetches } = row;
        return [{ keyId, name, replica: other, slots, engine, models, fetches }];
      });
      this.#directory.hear(other, presences, clock());
    }
    bus.toAll({ from: replica, type: "who" });
  }

  /** A node came, went or changed. */
  changed(): void {
    this.#directory.hear(this.#ctx.replica, this.#here(), this.#ctx.clock());
    this.#gather ??= setTimeout(() => {
      this.#gather = null;
      this.tell();
      void this.store();
      this.#onOffer().catch((error: unknown) => {
        this.#ctx.log.error({ err: error }, "could not look for jobs that wait for any model");
      });
    }, GATHER_MS);
  }

  /** Tells the other replicas. */
  tell(): void {
    const { bus, replica } = this.#ctx;
    bus.toAll({ from: replica, type: "presence", nodes: this.#here() });
  }

  /** Writes the rows of the nodes here. Failures are logged: the next round writes again. */
  store(): Promise<void> {
    const round = this.#writing.then(() => this.#write());
    this.#writing = round.catch((error: unknown) => {
      this.#ctx.log.error({ err: error }, "could not record which nodes are online");
    });
    return this.#writing;
  }

  async close(): Promise<void> {
    if (this.#gather !== null) clearTimeout(this.#gather);
    this.#ctx.bus.toAll({ from: this.#ctx.replica, type: "presence", nodes: [] });
    await this.store();
  }

  async #write(): Promise<void> {
    const { clock, db, replica } = this.#ctx;
    const online = this.#here();
    const now = clock();
    for (const node of online) {
      await db
        .updateTable("node")
        .set({
          name: node.name,
          last_seen_at: now,
          online: true,
          replica,
          slots: node.slots,
          engine: JSON.stringify(node.engine),
          models: JSON.stringify(node.models),
          fetches: JSON.stringify(node.fetches),
        })
        .where("key_id", "=", node.keyId)
        .execute();
    }
    const keys = online.map((node) => node.keyId);
    let gone = db
      .updateTable("node")
      .set({ online: false })
      .where("replica", "=", replica)
      .where("online", "=", true);
    if (keys.length > 0) gone = gone.where("key_id", "not in", keys);
    await gone.execute();
  }

  #here(): NodePresence[] {
    const presences = [...this.#sessions.values()].map((session) =>
      session.presence(this.#ctx.replica),
    );
    return presences.filter((presence) => presence !== null);
  }
}
