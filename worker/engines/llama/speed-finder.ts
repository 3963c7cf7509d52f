import { availableParallelism, cpus } from "node:os";
import type { Llama, LlamaModel } from "node-llama-cpp";
import type { Log } from "../../log.ts";
import type { ModelFile } from "./loaded-model.ts";
import type { LlamaLibrary } from "./runtime.ts";
import { sameTogether } from "./same-together.ts";
import type { SpeedMemory } from "./speed-memory.ts";
import {
  doublings,
  type FastestSetting,
  fastestSetting,
  measureSpeed,
  SLOT_CANDIDATES,
} from "./speed-timing.ts";

export interface SpeedWishes {
  /** null: time 1, 2, 4 … threads on the first model and keep the fastest. */
  readonly threads: number | null;
  /** Most threads to try; null: the processor's cores. */
  readonly maxThreads: number | null;
  /** Answers written at once; null: time 1, 2, 4 … for each model and keep what gives most in total. */
  readonly slots: number | null;
  /** Where timings are kept; null: measured at every start. */
  readonly timings: SpeedMemory | null;
  readonly log: Log;
}

/** Milliseconds per setting when there are several to compare, for a mere measurement, and for all of it. */
const TIMING_MS = 600;
const MEASURE_MS = 250;
const ALL_TIMING_MS = 9000;

/** Finds the number of threads with the first model, and each model's answers at once and speed. */
export class SpeedFinder {
  readonly #library: LlamaLibrary;
  readonly #llama: Llama;
  readonly #wishes: SpeedWishes;
  #threads: number | null;

  constructor(library: LlamaLibrary, llama: Llama, wishes: SpeedWishes) {
    this.#library = library;
    this.#llama = llama;
    this.#wishes = wishes;
    this.#threads = wishes.threads;
  }

  /** Null until the first model has been timed. */
  get threads(): number | null {
    return this.#threads;
  }

  /** From memory where this model was timed on this machine before. `mostSlots`: what memory has room for. */
  async find(file: ModelFile, model: LlamaModel, mostSlots: number): Promise<FastestSetting> {
    const { slots: fixedSlots, timings } = this.#wishes;
    const tried = this.#candidates(mostSlots);
    const subject = { ...tried, fixedSlots, model: file.sha256, machine: this.#machine() };
    const began = performance.now();
    const known = timings?.recall(subject) ?? null;
    if (known !== null) {
      this.#threads ??= known.threads;
      this.#tell(file, known, "memory");
      return known;
    }
    const choices = tried.threads.length * tried.slots.length;
    const milliseconds = choices === 1 ? MEASURE_MS : TIMING_MS;
    const fastest = await fastestSetting(
      tried,
      (threads, slots) => this.#measure(model, threads, slots, milliseconds),
      () => performance.now(),
      began + ALL_TIMING_MS,
    );
    this.#threads ??= fastest.threads;
    const together =
      fixedSlots === null ? fastest.slots : await this.#exactTogether(model, fixedSlots);
    const found = { ...fastest, together };
    if (choices > 1 || mostSlots > 1) timings?.keep(subject, found);
    this.#tell(file, found, `${Math.round(performance.now() - began)} ms of timing`);
    return found;
  }

  #candidates(mostSlots: number) {
    const { maxThreads, slots } = this.#wishes;
    const cores = Math.min(availableParallelism(), maxThreads ?? Number.POSITIVE_INFINITY);
    return {
      threads: this.#threads === null ? doublings(cores) : [this.#threads],
      slots: slots === null ? SLOT_CANDIDATES.filter((each) => each <= mostSlots) : [1],
    };
  }

  /** Most of a fixed number of answers that may share a batch; the others take turns. */
  async #exactTogether(model: LlamaModel, most: number): Promise<number> {
    let exact = 1;
    for (const together of doublings(most).slice(1)) {
      if (!(await sameTogether(model, this.#threads ?? 1, together))) break;
      exact = together;
    }
    return exact;
  }

  /** Null where so many cannot be written at once: memory lacks, or they would come out differently. */
  async #measure(
    model: LlamaModel,
    threads: number,
    slots: number,
    milliseconds: number,
  ): Promise<number | null> {
    try {
      if (slots > 1 && !(await sameTogether(model, threads, slots))) return null;
      return await measureSpeed(model, threads, slots, milliseconds);
    } catch (error) {
      if (slots > 1 && error instanceof this.#library.InsufficientMemoryError) return null;
      throw error;
    }
  }

  /** What a timing holds for. */
  #machine() {
    const { release } = this.#llama.llamaCppRelease;
    const cores = cpus();
    const gpu = this.#llama.gpu === false ? "cpu" : this.#llama.gpu;
    return { processor: cores[0]?.model ?? "", cores: cores.length, gpu, release };
  }

  #tell(file: ModelFile, { slots, tokensPerSecond }: FastestSetting, from: string): void {
    const { threads, slots: fixedSlots, log } = this.#wishes;
    if (threads !== null && fixedSlots !== null) return;
    log.info("speed measured", {
      model: file.name,
      threads: this.#threads,
      answersAtOnce: fixedSlots ?? slots,
      tokensPerSecond,
      from,
    });
  }
}
