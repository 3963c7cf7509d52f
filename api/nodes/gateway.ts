import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { publicKeyToRaw } from "../../protocol/keys.ts";
import { jsonParser, ParseError } from "../../protocol/parse.ts";
import {
  GATEWAY_PROTOCOL,
  MAX_FRAME_BYTES,
  NodeFrame,
  type PoolFrame,
} from "../../protocol/wire/gateway.ts";
import type { ApiContext } from "../context.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import type { LeaseDesk } from "../jobs/lease-desk.ts";
import type { ModelBook } from "../pool/model-book.ts";
import { admitNode, NodeRefused, proveNode } from "./enrolment.ts";
import type { Presence } from "./presence.ts";
import { NodeSession } from "./session.ts";

export const GATEWAY_PATH = "/v1/nodes/connect";
const parseFrame = jsonParser(NodeFrame, "frame");

interface GatewayParts {
  readonly ctx: ApiContext;
  readonly desk: LeaseDesk;
  readonly dispatcher: Dispatcher;
  readonly book: ModelBook;
  readonly presence: Presence;
  /** Nodes connected here, by key id; kept by this gateway. */
  readonly sessions: Map<string, NodeSession>;
}

/** The nodes' door: WebSocket connections that nodes open outward, one a node. */
export class Gateway {
  readonly #parts: GatewayParts;
  readonly #sockets: WebSocketServer;
  #closing = false;

  constructor(parts: GatewayParts) {
    this.#parts = parts;
    this.#sockets = new WebSocketServer({
      noServer: true,
      // With deflate 10,000 idle sockets take 1.3 GB instead of 0.13.
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      handleProtocols: (offered) => (offered.has(GATEWAY_PROTOCOL) ? GATEWAY_PROTOCOL : false),
    });
  }

  /** Takes the upgrades of this HTTP server. */
  attach(server: Server): void {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      const { pathname } = new URL(request.url ?? "/", "http://pool");
      if (pathname !== GATEWAY_PATH || this.#closing) {
        socket.end(
          `HTTP/1.1 ${this.#closing ? "503 Service Unavailable" : "404 Not Found"}\r\n\r\n`,
        );
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#greet(ws));
    });
  }

  /** Takes nobody in any more and says goodbye to all. */
  close(): void {
    this.#closing = true;
    for (const socket of this.#sockets.clients) socket.close(1012, "the pool restarts");
  }

  /** Ends connections that have not closed by themselves. */
  terminate(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
  }

  #greet(socket: WebSocket): void {
    const { ctx } = this.#parts;
    const nonce = ctx.random(32);
    let session: NodeSession | null = null;
    let queue: Promise<void> = Promise.resolve();
    const late = setTimeout(() => socket.close(1008, "no hello in time"), ctx.limits.helloMs);
    send(socket, {
      type: "challenge",
      nonce: nonce.toString("base64"),
      pool: {
        name: ctx.settings.poolName,
        publicKey: publicKeyToRaw(ctx.secrets.poolKey.publicKey).toString("base64"),
      },
    });
    const handle = async (text: string): Promise<void> => {
      if (socket.readyState !== socket.OPEN) return;
      const frame = parseFrame(text);
      if (session === null) {
        if (frame.type !== "hello") throw new NodeRefused("hello_first", "Say hello first.");
        session = await this.#admit(socket, frame, nonce);
        clearTimeout(late);
        return;
      }
      await this.#frame(session, frame);
    };
    // Frames are dealt with in order, each after the one before is done.
    socket.on("message", (data, isBinary) => {
      const text = isBinary ? null : data.toString();
      queue = queue.then(async () => {
        try {
          if (text === null) throw new ParseError("frame: binary frames are not used");
          await handle(text);
        } catch (error) {
          this.#refuse(socket, session, error);
        }
      });
    });
    socket.on("pong", () => {
      if (session !== null) session.lastPongAt = ctx.clock();
    });
    socket.on("error", (error) => {
      // Too large, not UTF-8, or no valid frame: ws has closed the connection with the fitting code.
      if (session !== null) session.goneBecause = "bad_frames";
      ctx.log.warn({ node: session?.keyId, why: error.message }, "node connection failed");
    });
    socket.on("close", () => {
      clearTimeout(late);
      // What it sent before leaving still counts.
      void queue.then(() => session !== null && this.#gone(session));
    });
  }

  async #admit(socket: WebSocket, hello: Parameters<typeof proveNode>[0], nonce: Buffer) {
    const { ctx, sessions } = this.#parts;
    const node = proveNode(hello, nonce);
    await admitNode(ctx.db, node, hello, ctx.secrets.enrolmentToken, ctx.replica, ctx.clock);
    const before = sessions.get(node.keyId);
    const session = new NodeSession(node, socket, ctx.clock());
    sessions.set(node.keyId, session);
    if (before !== undefined) {
      before.close(1008, "the same key connected again");
      this.#gone(before);
    }
    send(socket, { type: "welcome", node: node.keyId });
    ctx.log.info({ node: node.keyId, name: node.name }, "node connected");
    this.#heartbeat(session, socket);
    return session;
  }

  async #frame(session: NodeSession, frame: NodeFrame): Promise<void> {
    const { desk, dispatcher, book, presence } = this.#parts;
    switch (frame.type) {
      case "text":
        return desk.text(session, frame);
      case "finish":
        // Storing takes a moment; other leases of this node must not wait for it.
        void desk.finish(session, frame).catch((error: unknown) => {
          this.#parts.ctx.log.error(
            { err: error, node: session.keyId },
            "could not take an answer",
          );
        });
        return;
      case "fail":
        return desk.fail(session, frame);
      case "ready":
        await book.learn(frame.models);
        if (session.gone) return;
        session.ready(frame);
        presence.changed();
        dispatcher.nodeReady(session);
        return;
      case "hello":
        throw new NodeRefused("hello_twice", "This connection has said hello already.");
    }
  }

  #refuse(socket: WebSocket, session: NodeSession | null, error: unknown): void {
    const { log } = this.#parts.ctx;
    if (error instanceof NodeRefused || error instanceof ParseError) {
      const code = error instanceof NodeRefused ? error.code : "bad_frame";
      // A parser's message may quote the frame, which may hold an answer: it goes to the node, not to the log.
      log.warn({ node: session?.keyId, code }, "node refused");
      if (session !== null) session.goneBecause = "bad_frames";
      send(socket, { type: "refused", code, message: error.message });
      socket.close(1008, code);
      return;
    }
    log.error({ err: error, node: session?.keyId }, "could not deal with a node's frame");
    socket.close(1011, "the pool has a problem; connect again later");
  }

  #gone(session: NodeSession): void {
    if (session.gone) return;
    session.gone = true;
    const { ctx, desk, dispatcher, presence, sessions } = this.#parts;
    if (sessions.get(session.keyId) === session) sessions.delete(session.keyId);
    dispatcher.nodeGone(session);
    presence.changed();
    ctx.log.info({ node: session.keyId }, "node left");
    void desk.nodeGone(session, this.#closing ? "pool_restarted" : session.goneBecause);
  }

  /** Pings begin at a random moment of the period, so that ten thousand nodes are not pinged in one burst. */
  #heartbeat(session: NodeSession, socket: WebSocket): void {
    const { clock, limits, random } = this.#parts.ctx;
    const beat = () => {
      if (clock() - session.lastPongAt <= limits.silentMs) return session.ping();
      session.goneBecause = "node_silent";
      session.cut();
    };
    let every: NodeJS.Timeout | undefined;
    const phase = ((random(1)[0] as number) / 256) * limits.pingMs;
    const first = setTimeout(() => {
      beat();
      every = setInterval(beat, limits.pingMs);
    }, phase);
    socket.on("close", () => {
      clearTimeout(first);
      clearInterval(every);
    });
  }
}

function send(socket: WebSocket, frame: PoolFrame): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
}
