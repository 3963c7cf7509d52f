import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { type Awaited, awaited } from "./awaited.ts";
import type { Homeserver, MatrixAccount } from "./synapse.ts";

/** Event as the homeserver gives it. */
export interface RawEvent {
  readonly event_id: string;
  readonly type: string;
  readonly sender: string;
  readonly state_key?: string;
  readonly origin_server_ts: number;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what it knows to be there.
  readonly content: any;
}

/** A message as a client shows it: the newest edit, without those taken away. */
export interface ReadMessage {
  readonly id: string;
  readonly room: string;
  readonly sender: string;
  readonly body: string;
  readonly html: string;
  readonly thread: string | null;
  readonly replyTo: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly content: any;
  readonly edits: number;
}

/**
 * A person with a client of nobody's making but this file's: raw HTTP, so that the door is not judged by its
 * own library. Follows invitations to conversations with the bot, as people do.
 */
export class Human {
  readonly userId: string;
  readonly events = new Map<string, RawEvent[]>();
  readonly invites = new Set<string>();
  readonly direct = new Set<string>();
  readonly #url: string;
  readonly #token: string;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  readonly #stop = new AbortController();
  #following: Promise<void> = Promise.resolve();

  private constructor(url: string, account: MatrixAccount) {
    this.#url = url;
    this.#token = account.token;
    this.userId = account.userId;
  }

  static async enter(homeserver: Homeserver, name: string): Promise<Human> {
    const human = new Human(homeserver.url, await homeserver.user(name));
    human.#following = human.#follow();
    return human;
  }

  async call(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.#url}/_matrix/client/v3${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#token}` },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!response.ok) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async room(options: object = {}): Promise<string> {
    const { room_id } = await this.call("POST", "/createRoom", {
      preset: "private_chat",
      ...options,
    });
    return room_id as string;
  }

  async invite(room: string, user: string): Promise<void> {
    await this.call("POST", `/rooms/${enc(room)}/invite`, { user_id: user });
  }

  async join(room: string): Promise<void> {
    await this.call("POST", `/rooms/${enc(room)}/join`, {});
  }

  async send(room: string, type: string, content: object): Promise<string> {
    const path = `/rooms/${enc(room)}/send/${enc(type)}/${randomUUID()}`;
    return (await this.call("PUT", path, content)).event_id as string;
  }

  say(room: string, body: string, more: object = {}): Promise<string> {
    return this.send(room, "m.room.message", { msgtype: "m.text", body, ...more });
  }

  inThread(room: string, thread: string, body: string): Promise<string> {
    const relation = { rel_type: "m.thread", event_id: thread, is_falling_back: true };
    return this.say(room, body, {
      "m.relates_to": { ...relation, "m.in_reply_to": { event_id: thread } },
    });
  }

  reply(room: string, target: string, body: string): Promise<string> {
    return this.say(room, body, { "m.relates_to": { "m.in_reply_to": { event_id: target } } });
  }

  react(room: string, target: string, key: string): Promise<string> {
    return this.send(room, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: target, key },
    });
  }

  async redact(room: string, target: string): Promise<void> {
    await this.call("PUT", `/rooms/${enc(room)}/redact/${enc(target)}/${randomUUID()}`, {});
  }

  /** A file somebody sent, by its `mxc:` address. */
  async download(address: string): Promise<Uint8Array> {
    const [server, id] = address.replace("mxc://", "").split("/") as [string, string];
    const response = await fetch(`${this.#url}/_matrix/client/v1/media/download/${server}/${id}`, {
      headers: { authorization: `Bearer ${this.#token}` },
    });
    if (!response.ok) throw new Error(`download: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  }

  /** Messages of a room, oldest first; or of every room. */
  messages(room?: string): ReadMessage[] {
    const rooms = room === undefined ? [...this.events.keys()] : [room];
    return rooms.flatMap((id) => read(id, this.events.get(id) ?? []));
  }

  /** Resolves to the first message there is or will be that `wanted` accepts. */
  async sees(wanted: (message: ReadMessage) => boolean): Promise<ReadMessage> {
    return this.until(() => this.messages().find(wanted), wanted);
  }

  /** Resolves when `look` gives something; it is asked again whenever something came in. */
  async until<T>(look: Awaited<T>["look"], what: Awaited<T>["what"] = look): Promise<T> {
    const there = () => this.messages().map(({ sender, body }) => `${sender}: ${body}`);
    return awaited({ look, what, there, changes: this.#changes, closed: this.#stop.signal });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  async #follow(): Promise<void> {
    let since = "";
    while (!this.#stop.signal.aborted) {
      try {
        const filter = encodeURIComponent(JSON.stringify({ room: { timeline: { limit: 100 } } }));
        const query = `filter=${filter}&timeout=30000${since ? `&since=${since}` : ""}`;
        const response = await fetch(`${this.#url}/_matrix/client/v3/sync?${query}`, {
          headers: { authorization: `Bearer ${this.#token}` },
          signal: this.#stop.signal,
        });
        if (!response.ok) continue;
        // biome-ignore lint/suspicious/noExplicitAny: a homeserver's answer, read as far as it is needed.
        const answer = (await response.json()) as any;
        await this.#read(answer.rooms ?? {});
        // Only now: what could not be read to the end, because the homeserver went away, is asked for again.
        since = answer.next_batch;
        this.#changes.emit("change");
      } catch (error) {
        if (!this.#stop.signal.aborted) await new Promise((done) => setTimeout(done, 100));
        else if ((error as Error).name !== "AbortError") throw error;
      }
    }
  }

  // biome-ignore lint/suspicious/noExplicitAny: as above.
  async #read(rooms: any): Promise<void> {
    for (const [id, { invite_state }] of Object.entries<{ invite_state: { events: RawEvent[] } }>(
      rooms.invite ?? {},
    )) {
      this.invites.add(id);
      const own = invite_state.events.find((event) => event.state_key === this.userId);
      if (own?.content.is_direct) {
        this.direct.add(id);
        await this.join(id);
      }
    }
    for (const part of [rooms.join, rooms.leave]) {
      for (const [id, { timeline, state }] of Object.entries<{
        timeline?: { events: RawEvent[]; limited?: boolean; prev_batch?: string };
        state?: { events: RawEvent[] };
      }>(part ?? {})) {
        const known = this.events.get(id) ?? [];
        const ids = new Set(known.map(({ event_id }) => event_id));
        const from = timeline?.limited ? (timeline.prev_batch ?? null) : null;
        const missed = from === null ? [] : await this.#missed(id, from, ids);
        const told = [...(state?.events ?? []), ...missed, ...(timeline?.events ?? [])];
        this.events.set(id, [...known, ...told.filter(({ event_id }) => !ids.has(event_id))]);
      }
    }
  }

  /** More happened than one answer of the homeserver holds: what lies before it, back to what is known. */
  async #missed(room: string, from: string, ids: ReadonlySet<string>): Promise<RawEvent[]> {
    const found: RawEvent[] = [];
    for (let token: string | undefined = from; token !== undefined; ) {
      const page = (await this.call(
        "GET",
        `/rooms/${enc(room)}/messages?dir=b&limit=100&from=${enc(token)}`,
      )) as { chunk: RawEvent[]; end?: string };
      const at = page.chunk.findIndex(({ event_id }) => ids.has(event_id));
      found.unshift(...page.chunk.slice(0, at === -1 ? undefined : at).reverse());
      token = at === -1 && page.chunk.length > 0 ? page.end : undefined;
    }
    return found;
  }
}

function read(room: string, events: readonly RawEvent[]): ReadMessage[] {
  const messages = new Map<string, ReadMessage>();
  for (const event of events) {
    if (event.type === "m.room.redaction") messages.delete(event.content.redacts);
    if (event.type !== "m.room.message" || event.content.body === undefined) continue;
    const relation = event.content["m.relates_to"] ?? {};
    if (relation.rel_type === "m.replace") {
      const before = messages.get(relation.event_id);
      // Only the sender of a message may replace it.
      if (!before || before.sender !== event.sender) continue;
      const shown = shownOf(event.content["m.new_content"] ?? {});
      messages.set(before.id, { ...before, ...shown, edits: before.edits + 1 });
      continue;
    }
    messages.set(event.event_id, {
      id: event.event_id,
      room,
      sender: event.sender,
      thread: relation.rel_type === "m.thread" ? relation.event_id : null,
      replyTo: relation["m.in_reply_to"]?.event_id ?? null,
      edits: 0,
      ...shownOf(event.content),
    });
  }
  return [...messages.values()];
}

function shownOf(content: RawEvent["content"]) {
  return { body: String(content.body ?? ""), html: String(content.formatted_body ?? ""), content };
}

function enc(part: string): string {
  return encodeURIComponent(part);
}
