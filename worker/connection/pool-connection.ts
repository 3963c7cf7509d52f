import { randomBytes, sign } from "node:crypto";
import type Type from "typebox";
import { WebSocket } from "ws";
import { publicKeyToRaw, type SigningKey } from "../../protocol/keys.ts";
import { jsonParser, ParseError } from "../../protocol/parse.ts";
import { readPoolTime } from "../../protocol/pool-time.ts";
import {
  type ChallengeFrame,
  GATEWAY_PROTOCOL,
  GATEWAY_PROTOCOL_TIME,
  HELLO_DOMAIN,
  type JobFrame,
  MAX_FRAME_BYTES,
  type NodeFrame,
  PoolFrame,
  type ReadyFrame,
  type WelcomeFrame,
} from "../../protocol/wire/gateway.ts";
import type { JobLink } from "../jobs/job-runner.ts";
import { CONGESTED_BYTES } from "../limits/frames.ts";
import type { Log } from "../log.ts";
import { WORKER_VERSION } from "../version.ts";
import { printable } from "../words.ts";
import { backoffMs } from "./backoff.ts";
import type { PoolClock } from "./pool-clock.ts";
import { type KnownPool, PoolKeyChanged, type PoolPin, poolFromWire } from "./pool-pin.ts";
import { closeInWords, problemInWords } from "./problem-words.ts";

/** A refusal counts as so many failures: asking again soon would not change the answer. */
const REFUSED_FAILURES = 4;

/** A connection that held so long was a good one: the next failure starts the backoff over. */
const STEADY_MS = 10_000;

/** The pool does not take the invite: it is used, expired or taken back. The message is the pool's. */
export class InviteRefused extends Error {
  override name = "InviteRefused";
}

/** How the connection stands, for people. */
export interface ConnectionStatus {
  readonly is: "connected" | "connecting" | "waiting" | "closed";
  /** Since when it stands so, milliseconds since the epoch. */
  readonly since: number;
  /** Name and key the pool gave itself; null before the first contact. */
  readonly pool: { readonly name: string; readonly keyId: string } | null;
  /** What the pool or the network last objected; empty when connected. */
  readonly problem: string;
}

/** The pool sent something it should not have at this point. */
class ProtocolError extends Error {}

const parsePoolFrame = jsonParser(PoolFrame, "frame");

export interface PoolConnectionOptions {
  /** The pool's API, http or https. */
  readonly apiUrl: string;
  readonly key: SigningKey;
  readonly name: string;
  /** Asked at each first contact: a pool on this machine may write its token after the worker starts. */
  readonly enrolmentToken: () => string | null;
  /** Secret of an invite that was said yes to and not used yet. */
  readonly invite: () => string | null;
  readonly pin: PoolPin;
  /** Learns the time of a pool that tells it. */
  readonly clock: PoolClock;
  readonly log: Log;
  /** What the node can run now. */
  readonly ready: () => ReadyFrame;
  readonly onJob: (frame: Type.Static<typeof JobFrame>, pool: KnownPool, link: JobLink) => void;
  readonly onStop: (lease: string) => void;
  /** The pool took this node in. */
  readonly onWelcome: () => void;
  /** Questions waiting for this node's models; told while the ready frame says `watching`. */
  readonly onQueue: (waiting: number) => void;
  /** The socket is gone. */
  readonly onLost: () => void;
  /** Nothing to retry: a person must look (PoolKeyChanged, InviteRefused). */
  readonly onFatal: (error: Error) => void;
  readonly random: () => number;
  readonly now: () => number;
  /** Silence after which the socket counts as dead, milliseconds. */
  readonly silenceMs?: number;
}

type State =
  | { readonly is: "waiting"; readonly timer: NodeJS.Timeout }
  | { readonly is: "connecting"; readonly socket: WebSocket }
  | {
      readonly is: "greeting";
      readonly socket: WebSocket;
      readonly pool: KnownPool;
      /** Question for the pool's time, and when it was asked by the steady clock. */
      readonly asked: { readonly nonce: string; readonly at: number };
    }
  | { readonly is: "open"; readonly socket: WebSocket; readonly pool: KnownPool }
  | { readonly is: "closed" };

/**
 * The node's one connection to its pool: outbound, kept up for as long as the worker runs.
 *
 *   waiting    ──backoff over──► connecting
 *   connecting ──challenge (pool's key as known)──► greeting   (hello sent)
 *   greeting   ──welcome──► open        (ready sent; held for 10 s, backoff starts over)
 *              ──refused──► waiting     (said aloud; the enrolment token goes along next time)
 *   connecting, greeting, open ──socket closed, silent for silenceMs, or a frame that breaks the
 *                                protocol──► waiting
 *   connecting ──pool shows another key──► closed, onFatal
 *   any        ──close()──► closed
 */
export class PoolConnection {
  readonly #options: PoolConnectionOptions;
  readonly #silenceMs: number;
  #state: State = { is: "closed" };
  #failures = 0;
  #steady: NodeJS.Timeout | undefined;
  #bringToken: boolean;
  #since: number;
  #pool: ConnectionStatus["pool"] = null;
  #problem = "";

  constructor(options: PoolConnectionOptions) {
    this.#options = options;
    this.#silenceMs = options.silenceMs ?? 40_000;
    this.#bringToken = !options.pin.isSet;
    this.#since = options.now();
  }

  /** Starts connecting; from here on it looks after itself. */
  open(): void {
    this.#connect();
  }

  get status(): ConnectionStatus {
    const { is } = this.#state;
    return {
      is: is === "open" ? "connected" : is === "greeting" ? "connecting" : is,
      since: this.#since,
      pool: this.#pool,
      problem: this.#problem,
    };
  }

  /** Tells the pool anew what this node can run; without a connection nothing is lost, `open` tells it. */
  announce(): void {
    if (this.#state.is === "open") this.#send(this.#state.socket, this.#options.ready());
  }

  /** Ends the connection for good, after what was sent is out. */
  close(): void {
    const state = this.#state;
    this.#state = { is: "closed" };
    if (state.is === "waiting") clearTimeout(state.timer);
    else if (state.is !== "closed") state.socket.close(1001, "node is leaving");
  }

  #connect(): void {
    const { apiUrl, log } = this.#options;
    const url = new URL("/v1/nodes/connect", apiUrl.replace(/^http/, "ws"));
    const socket = new WebSocket(url, [GATEWAY_PROTOCOL_TIME, GATEWAY_PROTOCOL], {
      maxPayload: MAX_FRAME_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: 15_000,
    });
    this.#state = { is: "connecting", socket };
    const alive = this.#watch(socket);
    let problem = "";
    socket.on("error", (error) => {
      problem = problemInWords(error);
    });
    socket.on("ping", alive);
    socket.on("pong", alive);
    socket.on("message", (data, isBinary) => {
      alive();
      try {
        if (isBinary) throw new ProtocolError("binary frame");
        this.#receive(socket, String(data));
      } catch (error) {
        if (error instanceof PoolKeyChanged) return this.#giveUp(error);
        if (!(error instanceof ProtocolError) && !(error instanceof ParseError)) throw error;
        log.warn("the pool sent something this worker does not understand", {
          reason: (error as Error).message,
        });
        socket.close(1002, "protocol error");
      }
    });
    socket.on("close", (code, reason) => {
      clearTimeout(this.#steady);
      if (this.#state.is === "closed" || socketOf(this.#state) !== socket) return;
      const wasOpen = this.#state.is === "open";
      this.#options.onLost();
      const wait = backoffMs(this.#failures++, this.#options.random());
      const why = problem || closeInWords(code, reason.toString());
      if (wasOpen || this.#problem === "") this.#since = this.#options.now();
      if (wasOpen || problem !== "" || this.#problem === "") this.#problem = why;
      const line = wasOpen ? "connection to the pool lost" : "no connection to the pool";
      // The first failures are usually a pool that is just starting.
      (wasOpen || this.#failures % 10 === 4 ? log.warn : log.debug)(line, {
        reason: why,
        retryInMs: wait,
      });
      this.#state = { is: "waiting", timer: setTimeout(() => this.#connect(), wait) };
    });
  }

  #receive(socket: WebSocket, text: string): void {
    const state = this.#state;
    if (socketOf(state) !== socket) return;
    const frame = parsePoolFrame(text);
    switch (frame.type) {
      case "challenge":
        if (state.is !== "connecting") throw new ProtocolError("a second challenge");
        this.#greet(socket, frame);
        break;
      case "welcome":
        if (state.is !== "greeting") throw new ProtocolError("welcome before hello");
        this.#welcomed(state, frame);
        break;
      case "refused":
        this.#refused(socket, frame.code, frame.message);
        break;
      case "job":
        if (state.is !== "open") throw new ProtocolError("a job before welcome");
        this.#options.onJob(frame, state.pool, this.#link(socket));
        break;
      case "queue":
        this.#options.onQueue(frame.waiting);
        break;
      case "stop":
        if (state.is !== "open") throw new ProtocolError("a stop before welcome");
        this.#options.onStop(frame.lease);
        break;
    }
  }

  #greet(socket: WebSocket, challenge: ChallengeFrame): void {
    const { key, name, pin, apiUrl, enrolmentToken } = this.#options;
    const nonce = Buffer.from(challenge.nonce, "base64");
    const pool = knownPool(challenge.pool.publicKey);
    pin.check(pool, apiUrl);
    if (nonce.length !== 32) throw new ProtocolError("a challenge nonce has 32 bytes");
    const invite = this.#options.invite();
    const token = invite === null && this.#bringToken ? enrolmentToken() : null;
    this.#pool = { name: challenge.pool.name, keyId: pool.keyId };
    const asked = { nonce: randomBytes(32).toString("hex"), at: this.#options.clock.mark() };
    this.#state = { is: "greeting", socket, pool, asked };
    this.#send(socket, {
      type: "hello",
      publicKey: publicKeyToRaw(key.publicKey).toString("base64"),
      signature: sign(
        null,
        Buffer.concat([Buffer.from(HELLO_DOMAIN), nonce]),
        key.privateKey,
      ).toString("base64"),
      name,
      workerVersion: WORKER_VERSION,
      ...(token === null ? {} : { enrolmentToken: token }),
      ...(invite === null ? {} : { invite }),
      ...(socket.protocol === GATEWAY_PROTOCOL_TIME ? { timeNonce: asked.nonce } : {}),
    });
  }

  #welcomed(
    { socket, pool, asked }: Extract<State, { is: "greeting" }>,
    { time }: WelcomeFrame,
  ): void {
    if (time !== undefined) {
      this.#options.clock.learn(readPoolTime(time, pool.publicKey, asked.nonce), asked.at);
    }
    this.#options.pin.remember(pool, this.#options.now());
    this.#bringToken = false;
    this.#since = this.#options.now();
    this.#problem = "";
    this.#options.onWelcome();
    this.#steady = setTimeout(() => {
      this.#failures = 0;
    }, STEADY_MS);
    this.#state = { is: "open", socket, pool };
    this.#options.log.info("connected to the pool", {
      url: this.#options.apiUrl,
      pool: pool.keyId,
      key: this.#options.key.keyId,
    });
    this.#send(socket, this.#options.ready());
  }

  #refused(socket: WebSocket, code: string, message: string): void {
    this.#bringToken = true;
    this.#problem = message;
    if (code.startsWith("invite_")) {
      this.#giveUp(new InviteRefused(printable(message)));
      return;
    }
    this.#failures = Math.max(this.#failures, REFUSED_FAILURES);
    this.#options.log.error(`the pool refused this node: ${message}`, { code });
    socket.close(1000);
  }

  #giveUp(error: PoolKeyChanged | InviteRefused): void {
    this.close();
    this.#options.onFatal(error);
  }

  #link(socket: WebSocket): JobLink {
    return {
      get congested() {
        return socket.bufferedAmount > CONGESTED_BYTES;
      },
      send: (frame) => this.#send(socket, frame),
    };
  }

  #send(socket: WebSocket, frame: NodeFrame): void {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  /** Ends a socket that says nothing for `silenceMs`, pings in between. Returns the sign of life. */
  #watch(socket: WebSocket): () => void {
    const silence = setTimeout(() => socket.terminate(), this.#silenceMs);
    const ping = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.ping();
    }, this.#silenceMs / 3);
    socket.on("close", () => {
      clearTimeout(silence);
      clearInterval(ping);
    });
    return () => silence.refresh();
  }
}

function knownPool(publicKey: string): KnownPool {
  try {
    return poolFromWire(publicKey);
  } catch (error) {
    throw new ProtocolError((error as Error).message);
  }
}

function socketOf(state: State): WebSocket | null {
  return "socket" in state ? state.socket : null;
}
