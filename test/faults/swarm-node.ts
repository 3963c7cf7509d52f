import { setTimeout as delay } from "node:timers/promises";
import type { SigningKey } from "../../protocol/keys.ts";
import { type FakeJob, FakeNode } from "../api/support/fake-node.ts";

/** What a node does with the jobs it gets. */
export type Conduct =
  | "honest"
  /** Takes jobs and says nothing. */
  | "silent"
  /** Writes, but at a crawl. */
  | "slow"
  /** Its machine is gone without a word: nothing is read any more, pings neither. */
  | "half-open"
  /** Sends pieces and announcements as fast as it can. */
  | "flooding"
  /** Answers in frames of 10 MB. */
  | "huge-frames"
  /** Finishes every answer twice. */
  | "finishing-twice"
  /** Finishes the leases of others. */
  | "finishing-others";

export interface SwarmTimes {
  /** Between two words of an answer. */
  readonly paceMs: number;
  /** A connection on which nothing was heard for so long is dead. */
  readonly silenceMs: number;
}

const CRAWL = 20;
const RECONNECT_MS = 150;
const LONGEST_RECONNECT_MS = 3000;

/**
 * A volunteer's machine with the echo engine, of which one process holds hundreds. It signs for real, comes
 * back when its connection breaks, and can be made to misbehave.
 */
export class SwarmNode {
  readonly #node: FakeNode;
  readonly #url: string;
  readonly #token: string;
  readonly #times: SwarmTimes;
  /** Leases of the whole swarm that are being worked on, for those who finish what is not theirs. */
  readonly #leases: Map<string, FakeJob>;
  /** Leases the pool wants stopped. */
  readonly #stopped = new Set<string>();
  readonly #misbehaved: (how: Conduct) => void;
  #conduct: Conduct = "honest";
  #failures = 0;
  #heardAt = 0;

  constructor(
    name: string,
    key: SigningKey,
    pool: { readonly url: string; readonly enrolmentToken: string },
    times: SwarmTimes,
    leases: Map<string, FakeJob>,
    /** Called with each job that is not dealt with honestly. */
    misbehaved: (how: Conduct) => void,
  ) {
    this.#node = new FakeNode(name, key);
    this.#url = pool.url;
    this.#token = pool.enrolmentToken;
    this.#times = times;
    this.#leases = leases;
    this.#misbehaved = misbehaved;
    this.#node.on("job", (job) => void this.#work(job));
    this.#node.on("frame", (frame) => {
      if (frame.type === "stop" && leases.has(frame.lease)) this.#stopped.add(frame.lease);
    });
    this.#node.on("close", () => this.#again());
    setInterval(() => this.#watch(), times.silenceMs / 4).unref();
  }

  connect(): void {
    this.#heardAt = Date.now();
    const greeted = this.#node.connect(this.#url, this.#token);
    this.#node.socket.on("ping", () => {
      this.#heardAt = Date.now();
    });
    void greeted.then((frame) => {
      this.#heardAt = Date.now();
      if (frame.type !== "welcome") return;
      this.#failures = 0;
      this.#node.ready();
    });
  }

  behave(conduct: Conduct): void {
    this.#conduct = conduct;
  }

  #again(): void {
    const ceiling = Math.min(LONGEST_RECONNECT_MS, RECONNECT_MS * 2 ** this.#failures++);
    setTimeout(() => this.connect(), ceiling * (0.5 + Math.random() / 2));
  }

  /** Neither refused nor greeted, or no ping for long: whoever is on the other side is gone. */
  #watch(): void {
    if (Date.now() - this.#heardAt > this.#times.silenceMs) this.#node.kill();
  }

  async #work(job: FakeJob): Promise<void> {
    const node = this.#node;
    node.jobs.length = 0;
    const { socket } = node;
    this.#leases.set(job.lease, job);
    try {
      await this.#answer(job, () => node.socket === socket && socket.readyState === socket.OPEN);
    } finally {
      this.#leases.delete(job.lease);
      this.#stopped.delete(job.lease);
    }
  }

  async #answer(job: FakeJob, connected: () => boolean): Promise<void> {
    const node = this.#node;
    const conduct = this.#conduct;
    if (conduct !== "honest") this.#misbehaved(conduct);
    if (conduct === "silent") return;
    if (conduct === "half-open") return void node.socket.pause();
    if (conduct === "huge-frames") return node.say(job, "x".repeat(10 * 1_048_576));
    if (conduct === "flooding") return this.#flood(job, connected);
    if (conduct === "finishing-others") this.#finishAnothers(job);
    const words = `Echo: ${job.manifest.messages.at(-1)?.content}`.split(/(?<= )/);
    for (const word of words) {
      await delay(this.#times.paceMs * (conduct === "slow" ? CRAWL : 1));
      if (!connected()) return;
      if (this.#stopped.has(job.lease)) return node.finish(job, "stopped");
      node.say(job, word);
    }
    node.finish(job);
    if (conduct === "finishing-twice") node.finish(job);
  }

  /** Until it is cut off, or has sent far more than one answer may have. */
  async #flood(job: FakeJob, connected: () => boolean): Promise<void> {
    for (let i = 0; i < 400 && connected(); i++) {
      for (let j = 0; j < 20; j++) this.#node.say(job, "flood ".repeat(100));
      this.#node.ready();
      await delay(1);
    }
  }

  #finishAnothers(own: FakeJob): void {
    for (const [lease, other] of this.#leases) {
      if (lease === own.lease) continue;
      this.#node.say({ ...other, text: other.text }, "not mine ");
      this.#node.finish({ ...other });
      return;
    }
  }
}
