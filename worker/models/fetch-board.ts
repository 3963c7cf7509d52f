import type { ModelFetch } from "../../protocol/wire/gateway.ts";

/** Progress is told at most this often, milliseconds; a change of state at once. */
const TELL_EVERY_MS = 500;

/** What is being fetched, and what could not be: the `fetches` of a ready frame. `onChange` says it changed. */
export class FetchBoard {
  readonly #fetches = new Map<string, ModelFetch>();
  readonly #onChange: () => void;
  #timer: NodeJS.Timeout | null = null;

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  list(): ModelFetch[] {
    return [...this.#fetches.values()];
  }

  /** A place is about to be tried. */
  begin(sha256: string, name: string, place: string, totalBytes: number): void {
    const state = "fetching";
    const fetch = {
      sha256,
      name,
      state,
      place,
      receivedBytes: 0,
      totalBytes,
      message: "",
    } as const;
    this.#fetches.set(sha256, fetch);
    this.#tell();
  }

  progress(sha256: string, receivedBytes: number, totalBytes: number): void {
    const fetch = this.#fetches.get(sha256);
    if (fetch === undefined) return;
    this.#fetches.set(sha256, {
      ...fetch,
      receivedBytes,
      totalBytes: totalBytes || fetch.totalBytes,
    });
    this.#timer ??= setTimeout(() => this.#tell(), TELL_EVERY_MS);
  }

  failed(sha256: string, name: string, message: string): void {
    const fetch = this.#fetches.get(sha256) ?? { place: "", receivedBytes: 0, totalBytes: 0 };
    this.#fetches.set(sha256, {
      ...fetch,
      sha256,
      name,
      state: "failed",
      message: message.slice(0, 1000),
    });
    this.#tell();
  }

  done(sha256: string): void {
    this.#fetches.delete(sha256);
    this.#tell();
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #tell(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#onChange();
  }
}
