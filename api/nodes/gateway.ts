import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { publicKeyToRaw } from "../../protocol/keys.ts";
import { jsonParser, ParseError } from "../../protocol/parse.ts";
import { signPoolTime } from "../../protocol/pool-time.ts";
import {
  GATEWAY_PROTOCOL,
  GATEWAY_PROTOCOL_TIME,
  MAX_FRAME_BYTES,
  NodeFrame,
  type PoolFrame,
} from "../../protocol/wire/gateway.ts";
import type { ApiContext } from "../context.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import type { LeaseDesk } from "../jobs/lease-desk.ts";
import type { NodeRules, StandingRow } from "../moderation/node-rules.ts";
import type { ModelBook } from "../pool/model-book.ts";
import { addressKey, clientAddress, type TrustProxy } from "../rate/addresses.ts";
import { admitNode, NodeRefused, proveNode } from "./enrolment.ts";
import type { Presence } from "./presence.ts";
import { NodeSession } from "./session.ts";

export const GATEWAY_PATH = "/v1/nodes/connect";
/** What is spoken here, best first. */
const PROTOCOLS = [GATEWAY_PROTOCOL_TIME, GATEWAY_PROTOCOL];
const parseFrame = jsonParser(NodeFrame, "frame");

/** A node without work is pinged every so many beats; workers take 40 s of silence for a dead connection. */
const IDLE_BEATS = 5;

interface GatewayParts {
  readonly ctx: ApiContext;
  readonly desk: LeaseDesk;
  readonly dispatcher: Dispatcher;
  readonly book: ModelBook;
  readonly presence: Presence;
  /** Nodes connected here, by key id; kept by this gateway. */
  readonly sessions: Map<string, NodeSession>;
  readonly rules: NodeRules;
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
      handleProtocols: (offered) => PROTOCOLS.find((each) => offered.has(each)) ?? false,
    });
  }

  /** Takes the upgrades of this HTTP server; `trustProxy` as for its requests. */
  attach(server: Server, trustProxy: TrustProxy): void {
    server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
      // Until `ws` takes over nobody else listens, and a peer may leave at any time.
      const drop = () => socket.destroy();
      socket.on("error", drop);
      const peer = request.socket.remoteAddress;
      const from = addressKey(clientAddress(peer, request.headers["x-forwarded-for"], trustProxy));
      void this.#refusal(request, from).then((refusal) => {
        if (socket.destroyed) return;
        if (refusal !== null) return socket.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
        socket.off("error", drop);
        this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#greet(ws, from));
      });
    });
  }

  /** Status line and headers for a caller who may not even say hello; null for all others. */
  async #refusal(request: IncomingMessage, from: string): Promise<string | null> {
    if (this.#closing) return "503 Service Unavailable\r\nRetry-After: 5";
    if (pathOf(request) !== GATEWAY_PATH) return "404 Not Found";
    const seconds = await this.#parts.ctx.rate.refused.full(from);
    return seconds === null ? null : `429 Too Many Requests\r\nRetry-After: ${seconds}`;
  }

  /** Does what moderators have decided about the nodes here since the last time. */
  heed(): void {
    const { desk, dispatcher, presence, rules, sessions } = this.#parts;
    for (const session of sessions.values()) {
      const barred = rules.barred(session.keyId);
      session.serve(rules.tiers(session.keyId));
      for (const lease of session.leases.values()) {
        const standing = rules.standing(session.keyId, lease.row.community);
        if (standing?.state === "barred") void desk.lose(lease, "node_barred");
      }
      if (barred !== null) {
        session.send({ type: "refused", code: "barred", message: barredMessage(barred) });
        session.close(1008, "barred");
      } else if (session.engine !== null) {
        dispatcher.nodeFree(session);
      }
    }
    presence.offersChanged();
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

  #greet(socket: WebSocket, from: string): void {
    const { ctx } = this.#parts;
    const nonce = ctx.random(32);
    let session: NodeSession | null = null;
    let queue: Promise<void> = Promise.resolve();
    const late = setTimeout(() => {
      socket.close(1008, "no hello in time");
      void ctx.rate.refused.take(from);
    }, ctx.limits.helloMs);
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
    let unread = 0;
    // Frames are dealt with in order, each after the one before is done.
    socket.on("message", (data, isBinary) => {
      const text = isBinary ? null : data.toString();
      const bytes = text?.length ?? 0;
      unread += bytes;
      // While the records are away a frame may wait for long: what comes after it waits at the node's own end.
      if (unread > MAX_FRAME_BYTES) socket.pause();
      queue = queue.then(async () => {
        try {
          if (text === null) throw new ParseError("frame: binary frames are not used");
          await handle(text);
        } catch (error) {
          this.#refuse(socket, session, error);
          // Somebody who cannot get in and tries again and again is let wait at the door.
          if (session === null) await ctx.rate.refused.take(from);
        } finally {
          unread -= bytes;
          if (unread <= MAX_FRAME_BYTES) socket.resume();
        }
      });
    });
    socket.on("pong", () => {
      if (session !== null) session.unansweredPings = 0;
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
    const { ctx, rules, sessions } = this.#parts;
    const node = proveNode(hello, nonce);
    const seconds = await ctx.rate.nodeKey.take(node.keyId);
    if (seconds !== null) {
      const message = `This node connected too often within a minute. Connect again in ${seconds} s.`;
      throw new NodeRefused("too_many_hellos", message);
    }
    // It may have been let in again at another replica, whose word of it is still on its way.
    if (rules.barred(node.keyId) !== null) await rules.load();
    refuseBarred(rules, node.keyId);
    await admitNode(ctx.db, node, hello, ctx.secrets.enrolmentToken, ctx.replica, ctx.clock);
    // An invite may have said who trusts it; a moderator may have barred it at another replica.
    await rules.load();
    refuseBarred(rules, node.keyId);
    const session = new NodeSession(node, socket);
    session.serve(rules.tiers(node.keyId));
    const before = sessions.get(node.keyId);
    sessions.set(node.keyId, session);
    if (before !== undefined) {
      before.close(1008, "the same key connected again");
      this.#gone(before);
    }
    const { timeNonce } = hello;
    send(socket, {
      type: "welcome",
      node: node.keyId,
      ...(timeNonce && { time: signPoolTime(ctx.secrets.poolKey, timeNonce, ctx.clock()) }),
    });
    ctx.log.info({ node: node.keyId, name: node.name }, "node connected");
    this.#heartbeat(session, socket);
    return session;
  }

  async #frame(session: NodeSession, frame: NodeFrame): Promise<void> {
    const { ctx, desk, dispatcher, book, presence } = this.#parts;
    ctx.metrics.nodeFrames.inc({ type: frame.type });
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
        presence.changed(session.keyId);
        dispatcher.nodeReady(session);
        return;
      case "hello":
        throw new NodeRefused("hello_twice", "This connection has said hello already.");
    }
  }

  #refuse(socket: WebSocket, session: NodeSession | null, error: unknown): void {
    const { log, metrics } = this.#parts.ctx;
    if (error instanceof NodeRefused || error instanceof ParseError) {
      const code = error instanceof NodeRefused ? error.code : "bad_frame";
      metrics.nodesRefused.inc({ reason: code });
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
    presence.changed(session.keyId);
    ctx.log.info({ node: session.keyId }, "node left");
    void desk.nodeGone(session, this.#closing ? "pool_restarted" : session.goneBecause);
  }

  /** Pings begin at a random moment of the period, so that ten thousand nodes are not pinged in one burst. */
  #heartbeat(session: NodeSession, socket: WebSocket): void {
    const { limits, random } = this.#parts.ctx;
    let beats = 0;
    const beat = () => {
      if (session.unansweredPings * limits.pingMs < limits.silentMs) {
        // Nobody waits for a node without work: it is asked less often, until it once fails to answer.
        const calm = session.busy === 0 && session.unansweredPings === 0;
        if (!calm || beats++ % IDLE_BEATS === 0) session.ping();
        return;
      }
      // Whoever was sent away for something, and is slow to go, was sent away for that.
      if (session.goneBecause === "node_left") session.goneBecause = "node_silent";
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

/** Path of an upgrade; empty where the request line holds no address at all. */
function pathOf(request: IncomingMessage): string {
  const address = request.url ?? "/";
  return URL.canParse(address, "http://pool") ? new URL(address, "http://pool").pathname : "";
}

/** Throws NodeRefused for a node that moderators have barred from the whole pool. */
function refuseBarred(rules: NodeRules, keyId: string): void {
  const barred = rules.barred(keyId);
  if (barred !== null) throw new NodeRefused("barred", barredMessage(barred));
}

function barredMessage({ reason, until }: StandingRow): string {
  const end = until === null ? "" : ` It may come back after ${new Date(until).toISOString()}.`;
  return `Moderators of this pool have barred this node: ${reason}.${end} Ask them if you think this is wrong.`;
}

function send(socket: WebSocket, frame: PoolFrame): void {
  if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
}
