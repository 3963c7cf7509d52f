import { sql } from "kysely";
import type { ApiContext } from "../context.ts";
import type { NodePresence, PresenceChange, PresenceMessage } from "../queue/bus.ts";
import type { NodeDirectory } from "./directory.ts";
import type { NodeSession } from "./session.ts";

/** Changes within this time go out as one message and one statement. */
const GATHER_MS = 20;
/** "Last seen" of nodes that stay online is written this often. */
const TOUCH_MS = 60_000;

/**
 * Keeps the directory, the other replicas and the records right about the nodes connected here. Only what changed
 * is told and written, under a running number; whoever finds a gap in the numbers, or has just started, asks for
 * all. From time to time a replica says that it lives, so that silence means death.
 */
export class Presence {
  readonly #ctx: ApiContext;
  readonly #directory: NodeDirectory;
  readonly #sessions: ReadonlyMap<string, NodeSession>;
  readonly #onOffer: () => Promise<void>;
  /** Changes in the directory here, and messages about them to the others: one may tell of several. */
  #changes = 0;
  #revision = 0;
  /** Nodes whose change has not been told to the others yet, or not been written. */
  readonly #untold = new Set<string>();
  #unwritten = new Set<string>();
  #touchedAt = 0;
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
    directory.hear(ctx.replica, [], ctx.clock());
  }

  /** Learns who is online elsewhere: from the records at once, from the replicas as they answer. */
  async begin(): Promise<void> {
    const { bus, clock, db, limits, replica } = this.#ctx;
    const rows = await db
      .selectFrom("node")
      .selectAll("node")
      .innerJoin("replica", "replica.id", "node.replica")
      .where("node.online", "=", true)
      .where("replica.seen_at", ">", clock() - limits.replicaDeadMs)
      .execute();
    const byReplica = Map.groupBy(rows, (row) => row.replica ?? "");
    for (const [other, nodes] of byReplica) {
      if (other === replica) continue;
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
  changed(keyId: string): void {
    const { clock, replica } = this.#ctx;
    this.#directory.change(replica, this.#now([keyId]), clock(), ++this.#changes);
    this.#untold.add(keyId);
    this.#unwritten.add(keyId);
    this.offersChanged();
  }

  /** What the nodes here may do for whom has changed. */
  offersChanged(): void {
    const { log } = this.#ctx;
    this.#gather ??= setTimeout(() => {
      this.#gather = null;
      this.#tellChange();
      void this.#store();
      this.#onOffer().catch((error: unknown) => {
        log.error({ err: error }, "could not look for jobs that wait for any model");
      });
    }, GATHER_MS);
  }

  /** Tells a replica that asked about all nodes here. */
  tellAll(to: string): void {
    const { bus, replica } = this.#ctx;
    const nodes = [...this.#sessions.keys()].flatMap((keyId) => this.#presence(keyId) ?? []);
    // Changes that have not gone out yet are in it, and do no harm when they come again.
    bus.toReplica(to, { from: replica, type: "presence", revision: this.#revision, nodes });
  }

  /** A round: says that this replica lives, writes what could not be written, and who is still here. */
  async round(): Promise<void> {
    const { bus, clock, replica } = this.#ctx;
    bus.toAll({ from: replica, type: "alive", revision: this.#revision });
    await this.#store();
    if (clock() - this.#touchedAt < TOUCH_MS) return;
    this.#touchedAt = clock();
    await this.#ctx.db
      .updateTable("node")
      .set({ last_seen_at: clock() })
      .where("replica", "=", replica)
      .where("online", "=", true)
      .execute();
  }

  /** Another replica told of its nodes, or that it lives. Asks for all of them where something was missed. */
  hear(told: PresenceMessage): void {
    const { bus, clock, replica } = this.#ctx;
    const { from, revision } = told;
    if (told.type === "presence") {
      this.#directory.hear(from, told.nodes, clock(), revision);
      return;
    }
    const complete =
      told.type === "change"
        ? this.#directory.change(from, told, clock(), revision)
        : this.#directory.alive(from, clock(), revision);
    if (!complete) bus.toReplica(from, { from: replica, type: "who" });
  }

  async close(): Promise<void> {
    if (this.#gather !== null) clearTimeout(this.#gather);
    const { bus, replica } = this.#ctx;
    bus.toAll({ from: replica, type: "presence", revision: ++this.#revision, nodes: [] });
    await this.#store();
  }

  #tellChange(): void {
    const { bus, replica } = this.#ctx;
    if (this.#untold.size === 0) return;
    const change = this.#now(this.#untold);
    this.#untold.clear();
    bus.toAll({ from: replica, type: "change", revision: ++this.#revision, ...change });
  }

  /** What is true of these nodes now: here as they are, or gone. */
  #now(keyIds: Iterable<string>): PresenceChange {
    const nodes: NodePresence[] = [];
    const gone: string[] = [];
    for (const keyId of keyIds) {
      const presence = this.#presence(keyId);
      if (presence === null) gone.push(keyId);
      else nodes.push(presence);
    }
    return { nodes, gone };
  }

  #presence(keyId: string): NodePresence | null {
    return this.#sessions.get(keyId)?.presence(this.#ctx.replica) ?? null;
  }

  /** Writes the rows of what changed. Failures are logged: the next round writes again. */
  #store(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      const changed = this.#unwritten;
      if (changed.size === 0) return;
      this.#unwritten = new Set();
      try {
        await this.#write(changed);
      } catch (error) {
        for (const keyId of changed) this.#unwritten.add(keyId);
        this.#ctx.log.error({ err: error }, "could not record which nodes are online");
      }
    });
    return this.#writing;
  }

  async #write(keyIds: Iterable<string>): Promise<void> {
    const { clock, db, replica } = this.#ctx;
    const { nodes, gone } = this.#now(keyIds);
    const now = clock();
    if (nodes.length > 0) {
      await sql`
        update node n set name = x.name, last_seen_at = ${now}::bigint, online = true, replica = ${replica},
          slots = x.slots, engine = x.engine, models = x.models, fetches = x.fetches
        from jsonb_to_recordset(${JSON.stringify(nodes)}::jsonb) as x(
          "keyId" text, name text, slots integer, engine jsonb, models jsonb, fetches jsonb)
        where n.key_id = x."keyId"`.execute(db);
    }
    // One that has gone over to another replica is that one's by now.
    if (gone.length > 0) {
      await db
        .updateTable("node")
        .set({ online: false, last_seen_at: now })
        .where("replica", "=", replica)
        .where("key_id", "in", [...gone])
        .execute();
    }
  }
}
