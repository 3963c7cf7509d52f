import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { World } from "./world.ts";

interface Session {
  readonly id: string;
  readonly intents: number;
  seq: number;
  readonly sent: { readonly seq: number; readonly text: string }[];
  socket: WebSocket | null;
}

const INTENT = { guilds: 1, messages: 1 << 9, direct: 1 << 12, content: 1 << 15 };
const PRIVILEGED = (1 << 1) | (1 << 8) | INTENT.content;

/**
 * Discord's gateway: hello, identify, ready, heartbeat, resume. Events of a session whose socket is gone
 * are kept and sent again when it resumes.
 */
export class Gateway {
  readonly #world: World;
  readonly #token: string;
  readonly #url: () => string;
  readonly #contentAllowed: boolean;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions = new Map<string, Session>();
  /** Times a client identified, and resumed. */
  identified = 0;
  resumed = 0;
  /** Called when something changed here. */
  onChange: () => void = () => {};

  constructor(world: World, token: string, url: () => string, contentAllowed: boolean) {
    this.#world = world;
    this.#token = token;
    this.#url = url;
    this.#contentAllowed = contentAllowed;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.#server.handleUpgrade(request, socket, head, (client) => this.#accept(client));
  }

  dispatch(event: string, data: object): void {
    for (const session of this.#sessions.values()) this.#tell(session, event, data);
  }

  /** A message event; its content is blank for clients that may not read it. */
  dispatchMessage(event: string, message: Record<string, unknown>, direct: boolean): void {
    const readable =
      direct ||
      (message.author as { id: string }).id === this.#world.bot.id ||
      (message.mentions as { id: string }[]).some(({ id }) => id === this.#world.bot.id);
    const blank = { ...message, content: "", embeds: [], attachments: [], components: [] };
    for (const session of this.#sessions.values()) {
      const wanted = direct ? INTENT.direct : INTENT.messages;
      if (!(session.intents & wanted)) continue;
      const full = readable || session.intents & INTENT.content;
      this.#tell(session, event, full ? message : blank);
    }
  }

  /** Op 7: asks every client to reconnect and resume. */
  askReconnect(): void {
    for (const { socket } of this.#sessions.values()) send(socket, { op: 7, d: null });
  }

  /** Op 9: every session is void; clients identify anew. */
  invalidate(): void {
    for (const { socket } of this.#sessions.values()) send(socket, { op: 9, d: false });
    this.#sessions.clear();
  }

  /** Cuts every connection without a word. */
  drop(): void {
    for (const { socket } of this.#sessions.values()) socket?.terminate();
  }

  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }

  #accept(socket: WebSocket): void {
    let session: Session | null = null;
    send(socket, { op: 10, d: { heartbeat_interval: 41_250 } });
    socket.on("error", () => {});
    socket.on("close", () => {
      if (session?.socket === socket) session.socket = null;
    });
    socket.on("message", (data) => {
      const { op, d } = JSON.parse(data.toString()) as { op: number; d: never };
      if (op === 1) send(socket, { op: 11, d: null });
      if (op === 2) session = this.#identify(socket, d);
      if (op === 6) session = this.#resume(socket, d);
    });
  }

  #identify(socket: WebSocket, { token, intents }: { token: string; intents: number }) {
    if (token !== this.#token) {
      socket.close(4004, "Authentication failed.");
      return null;
    }
    if (intents & PRIVILEGED && !this.#contentAllowed) {
      socket.close(4014, "Disallowed intent(s).");
      return null;
    }
    const session: Session = { id: randomUUID(), intents, seq: 0, sent: [], socket };
    this.#sessions.set(session.id, session);
    const { bot, applicationId } = this.#world;
    const guilds = [...this.#world.guilds.values()].filter(({ botIsMember }) => botIsMember);
    this.#tell(session, "READY", {
      v: 10,
      user: { ...bot, verified: true, mfa_enabled: true, email: null },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      session_id: session.id,
      resume_gateway_url: this.#url(),
      shard: [0, 1],
      application: { id: applicationId, flags: 0 },
    });
    for (const guild of guilds) this.#tell(session, "GUILD_CREATE", this.#world.guildData(guild));
    this.identified++;
    this.onChange();
    return session;
  }

  #resume(socket: WebSocket, d: { token: string; session_id: string; seq: number }) {
    const session = this.#sessions.get(d.session_id);
    if (!session || d.token !== this.#token) {
      send(socket, { op: 9, d: false });
      return null;
    }
    session.socket = socket;
    for (const { seq, text } of session.sent) if (seq > d.seq) socket.send(text);
    this.#tell(session, "RESUMED", {});
    this.resumed++;
    this.onChange();
    return session;
  }

  #tell(session: Session, t: string, d: object): void {
    const seq = ++session.seq;
    const text = JSON.stringify({ op: 0, t, s: seq, d });
    session.sent.push({ seq, text });
    if (session.socket?.readyState === 1) session.socket.send(text);
  }
}

function send(socket: WebSocket | null, frame: { op: number; d: unknown }): void {
  if (socket?.readyState === 1) socket.send(JSON.stringify({ ...frame, s: null, t: null }));
}
