import type Type from "typebox";
import type { SigningKey } from "../../protocol/keys.ts";
import { tokenIdsToBytes } from "../../protocol/receipts/commitments.ts";
import type { JobFrame, NodeFrame } from "../../protocol/wire/gateway.ts";
import type { KnownPool } from "../connection/pool-pin.ts";
import { type Engine, EngineError, type Generated } from "../engines/engine.ts";
import type { Slots } from "../limits/slots.ts";
import type { Log } from "../log.ts";
import { signReceipt } from "../receipt.ts";
import { type AcceptedManifest, acceptManifest, ManifestRefused } from "./manifest-check.ts";
import { Recent } from "./recent.ts";
import { TextFrames } from "./text-frames.ts";

/** The socket a job came over; its answer goes back over it or not at all. */
export interface JobLink {
  readonly congested: boolean;
  send(frame: NodeFrame): void;
}

/** Why generating ends before the engine is done. Only `stop` still gives an answer. */
type EndedBy = "stop" | "lost" | "leaving" | "expired";

interface RunningJob {
  readonly abort: AbortController;
  endedBy: EndedBy | null;
}

/** Who wants to know what this node writes. */
export interface JobWatcher {
  /** A token's text left the engine. */
  piece(): void;
  /** An answer is finished and sent. */
  answered(tokens: number): void;
}

const FAIL_SENTENCES = {
  leaving: "The node is shutting down; another can take the job.",
  expired: "The node did not finish before the job expired.",
} as const;

/** Jobs and leases remembered against repetition; a node works through far fewer in a job's lifetime. */
const REMEMBERED = 10_000;
/** Longest delay setTimeout takes. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Carries out job manifests and answers for each lease with text frames and one `finish` or `fail`.
 *
 *   (job frame) ──refused──► fail
 *               ──accepted──► generating ──engine done──► finish with receipt
 *   generating ──stop──► finish, reason "stopped"
 *              ──expiry, leaving, engine error──► fail
 *              ──connection lost──► nothing (the pool gives the job to another)
 */
export class JobRunner {
  readonly #jobs = new Map<string, RunningJob>();
  readonly #leases = new Recent(REMEMBERED);
  readonly #nonces = new Recent(REMEMBERED);
  readonly #key: SigningKey;
  readonly #engine: Engine;
  readonly #slots: Slots;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #notNow: () => string | null;
  readonly #watcher: JobWatcher;
  #leaving = false;

  constructor(options: {
    key: SigningKey;
    engine: Engine;
    slots: Slots;
    log: Log;
    now: () => number;
    /** Why this node takes no answers now, in a sentence; null when it does. */
    notNow: () => string | null;
    watcher: JobWatcher;
  }) {
    this.#key = options.key;
    this.#engine = options.engine;
    this.#slots = options.slots;
    this.#log = options.log;
    this.#now = options.now;
    this.#notNow = options.notNow;
    this.#watcher = options.watcher;
  }

  /** Takes a job on, or refuses it with a `fail` frame. Settles when the lease is answered; never throws. */
  async take(frame: Type.Static<typeof JobFrame>, pool: KnownPool, link: JobLink): Promise<void> {
    const { lease } = frame;
    if (this.#leases.seen(lease)) {
      // Failing it would fail the answer already under way on this lease.
      this.#log.warn("the pool sent a job for a lease it used before: ignored", { lease });
      return;
    }
    const fail = (code: string, message: string) => {
      this.#log.warn(`job not done: ${code}`, { lease, reason: message });
      link.send({ type: "fail", lease, code, message: message.slice(0, 1000) });
    };
    if (this.#leaving) return fail("leaving", FAIL_SENTENCES.leaving);
    // The pool was told already; the job was on its way before.
    const notNow = this.#notNow();
    if (notNow !== null) return fail("leaving", notNow);
    let accepted: AcceptedManifest;
    try {
      accepted = acceptManifest(frame.manifest, {
        poolPublicKey: pool.publicKey,
        node: this.#key.keyId,
        models: this.#engine.models().map((model) => model.sha256),
        now: this.#now(),
        seen: (nonce) => this.#nonces.seen(nonce),
      });
    } catch (error) {
      if (!(error instanceof ManifestRefused)) throw error;
      return fail("manifest_refused", `${error.reason}: ${error.message}`);
    }
    if (!this.#slots.take()) {
      return fail(
        "busy",
        `This node writes ${this.#slots.total} answer(s) at once and has no room.`,
      );
    }
    try {
      await this.#run(lease, accepted, pool, link, fail);
    } finally {
      this.#slots.release();
    }
  }

  /** Stops the answer of a lease; it ends with a receipt for what there is. Unknown leases are ignored. */
  stop(lease: string): void {
    this.#end(lease, "stop");
  }

  /** The connection is gone: what runs has nowhere to go. */
  connectionLost(): void {
    for (const lease of this.#jobs.keys()) this.#end(lease, "lost");
  }

  /** Takes nothing on any more. */
  refuseNew(): void {
    this.#leaving = true;
  }

  /** Gives back what runs. */
  giveBack(): void {
    for (const lease of this.#jobs.keys()) this.#end(lease, "leaving");
  }

  #end(lease: string, by: EndedBy): void {
    const job = this.#jobs.get(lease);
    if (job === undefined || job.endedBy !== null) return;
    job.endedBy = by;
    job.abort.abort();
  }

  async #run(
    lease: string,
    accepted: AcceptedManifest,
    pool: KnownPool,
    link: JobLink,
    fail: (code: string, message: string) => void,
  ): Promise<void> {
    const { manifest } = accepted;
    const job: RunningJob = { abort: new AbortController(), endedBy: null };
    this.#jobs.set(lease, job);
    const expiry = setTimeout(
      () => this.#end(lease, "expired"),
      Math.min(manifest.expiresAt - this.#now(), MAX_TIMER_MS),
    );
    const frames = new TextFrames({
      get congested() {
        return link.congested;
      },
      text: (seq, text) => link.send({ type: "text", lease, seq, text }),
    });
    let answer = "";
    try {
      const generated = await this.#engine.generate(
        {
          model: manifest.model.sha256,
          messages: manifest.messages,
          sampler: manifest.sampler,
          maxTokens: manifest.maxTokens,
          seed: manifest.seed,
        },
        (text) => {
          answer += text;
          frames.write(text);
          this.#watcher.piece();
        },
        job.abort.signal,
      );
      if (job.endedBy === "lost") return;
      if (job.endedBy === "leaving" || job.endedBy === "expired") {
        return fail(job.endedBy, FAIL_SENTENCES[job.endedBy]);
      }
      this.#finish(lease, accepted, pool, link, frames.end(), answer, generated);
    } catch (error) {
      if (job.endedBy === "lost") return;
      fail(
        error instanceof EngineError ? error.code : "engine_error",
        error instanceof EngineError
          ? error.message
          : `The engine broke: ${(error as Error).message}`,
      );
    } finally {
      clearTimeout(expiry);
      frames.drop();
      this.#jobs.delete(lease);
    }
  }

  #finish(
    lease: string,
    { manifest, payload }: AcceptedManifest,
    pool: KnownPool,
    link: JobLink,
    seq: number,
    answer: string,
    generated: Generated,
  ): void {
    const receipt = signReceipt(this.#key, {
      manifest,
      manifestPayload: payload,
      pool: pool.keyId,
      engine: this.#engine.describe(),
      answer,
      generated,
    });
    link.send({
      type: "finish",
      lease,
      seq,
      finishReason: generated.finishReason,
      tokenIds: tokenIdsToBytes(generated.tokenIds).toString("base64"),
      receipt,
    });
    this.#watcher.answered(generated.usage.completionTokens);
    this.#log.info("answered", {
      job: manifest.jobId,
      model: manifest.model.name,
      tokens: generated.usage.completionTokens,
      ms: generated.durationMs.generate,
      ended: generated.finishReason,
    });
  }
}
