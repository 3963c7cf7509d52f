import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** An event of the one room; it is given an id and a date where it has none. */
export interface ReplayedEvent {
  readonly type: string;
  readonly sender: string;
  readonly content: object;
  readonly state_key?: string;
  readonly event_id?: string;
  /** Epoch milliseconds. */
  readonly origin_server_ts?: number;
}

export const BOT = "@substrate:replay";
export const ROOM = "!replay:replay";
const OTHERS = Array.from({ length: 20 }, (_, at) => `@member${at}:replay`);

/**
 * Just as much of a homeserver as a door needs that only reads: it hands out syncs as fast as they are asked
 * for, which a real one cannot. Used to see what a long life costs; everything else runs against Synapse.
 */
export class ReplayHomeserver {
  readonly url: string;
  /** Events sent by the door. */
  readonly sent: object[] = [];
  readonly #close: () => void;
  #waiting: ServerResponse | null = null;
  #next: object | null = null;
  #batches = 1;
  #events = 0;
  #taken = Promise.withResolvers<void>();

  private constructor(url: string, close: () => void) {
    this.url = url;
    this.#close = close;
  }

  static async start(): Promise<ReplayHomeserver> {
    const server = createServer((request, response) => {
      void replay.#answer(request.method ?? "", request.url ?? "", response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const replay = new ReplayHomeserver(`http://127.0.0.1:${port}`, () => {
      server.closeAllConnections();
      server.close();
    });
    return replay;
  }

  /** Hands out one sync with these events. Resolves when the door asks for the next one: it has dealt with it. */
  async push(events: readonly ReplayedEvent[]): Promise<void> {
    const timeline = { events: events.map((event) => this.#dressed(event)), limited: false };
    this.#next = { join: { [ROOM]: { timeline } } };
    this.#taken = Promise.withResolvers<void>();
    this.#flush();
    await this.#taken.promise;
  }

  close(): void {
    this.#close();
  }

  #dressed(event: ReplayedEvent): object {
    const id = `$event${++this.#events}`;
    return { event_id: id, origin_server_ts: this.#events, unsigned: {}, ...event };
  }

  #flush(): void {
    if (!this.#waiting || !this.#next) return;
    const response = this.#waiting;
    this.#waiting = null;
    json(response, { next_batch: `s${++this.#batches}`, rooms: this.#next });
    this.#next = null;
  }

  async #answer(method: string, path: string, response: ServerResponse): Promise<void> {
    const at = new URL(path, "http://replay");
    if (at.pathname.endsWith("/sync")) {
      if (!at.searchParams.has("since")) {
        return json(response, { next_batch: "s1", rooms: { join: { [ROOM]: this.#room() } } });
      }
      this.#waiting = response;
      if (this.#next) this.#flush();
      else this.#taken.resolve();
      return;
    }
    if (at.pathname.includes("/send/")) {
      this.sent.push({ method, path });
      return json(response, { event_id: `$sent${this.sent.length}` });
    }
    if (at.pathname.endsWith("/versions")) return json(response, { versions: ["v1.13"] });
    if (at.pathname.endsWith("/whoami")) {
      return json(response, { user_id: BOT, device_id: "REPLAY" });
    }
    if (at.pathname.endsWith("/filter")) return json(response, { filter_id: "1" });
    if (at.pathname.endsWith("/messages")) return json(response, { chunk: [], start: "a" });
    if (at.pathname.includes("/event/") || at.pathname.includes("/relations/")) {
      return json(response, { errcode: "M_NOT_FOUND", error: "not kept" }, 404);
    }
    if (at.pathname.endsWith("/pushrules/")) return json(response, { global: {} });
    json(response, { capabilities: {} });
  }

  #room(): object {
    const member = (user: string) => ({
      type: "m.room.member",
      sender: user,
      state_key: user,
      content: { membership: "join", displayname: user.slice(1).split(":")[0] },
    });
    const state = [
      {
        type: "m.room.create",
        sender: OTHERS[0] as string,
        state_key: "",
        content: { room_version: "11" },
      },
      member(BOT),
      ...OTHERS.map(member),
    ];
    return {
      state: { events: state.map((event) => this.#dressed(event)) },
      timeline: { events: [] },
    };
  }
}

/** A mix as rooms have it: mostly talk, some signs, and edits of the bot's own messages. */
export function chatter(count: number, from: number): ReplayedEvent[] {
  return Array.from({ length: count }, (_, at): ReplayedEvent => {
    const n = from + at;
    const sender = OTHERS[n % OTHERS.length] as string;
    if (n % 10 === 3) {
      const about = { rel_type: "m.annotation", event_id: `$event${n}`, key: "👍" };
      return { type: "m.reaction", sender, content: { "m.relates_to": about } };
    }
    if (n % 10 >= 7) {
      const body = `Text that grows, piece ${n}`;
      const about = { rel_type: "m.replace", event_id: `$event${Math.max(1, n - (n % 10))}` };
      const content = {
        msgtype: "m.notice",
        body,
        "m.new_content": { body },
        "m.relates_to": about,
      };
      return { type: "m.room.message", sender: BOT, content };
    }
    const content = {
      msgtype: "m.text",
      body: `Something that member ${n % 20} says, number ${n}`,
    };
    return { type: "m.room.message", sender, content };
  });
}

function json(response: ServerResponse, body: object, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}
