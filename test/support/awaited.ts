import { type EventEmitter, once } from "node:events";

/** Ends a wait that hangs. Nothing in the tests comes near it, however busy the machine is. */
export const HANGS_MS = 90_000;

export interface Awaited<T> {
  /** What is waited for, found or not. */
  readonly look: () => T | undefined | null | false;
  /** What is waited for, for the reader of a failed test: in words, as a pattern, or as the condition itself. */
  readonly what: string | RegExp | ((one: never) => unknown);
  /** Emits `change` whenever it is worth another look. */
  readonly changes: EventEmitter;
  /** What there is instead, newest last. */
  readonly there: () => readonly string[];
  /** Nobody waits any longer once this is aborted. */
  readonly closed?: AbortSignal;
  readonly limitMs?: number;
}

/** Resolves when `look` finds something, now or after a change. Rejects with what was awaited and what was there. */
export async function awaited<T>(wait: Awaited<T>): Promise<T> {
  const { look, what, changes, there, closed, limitMs = HANGS_MS } = wait;
  const late = AbortSignal.timeout(limitMs);
  const signal = closed ? AbortSignal.any([late, closed]) : late;
  for (;;) {
    const found = look();
    if (found) return found;
    try {
      await once(changes, "change", { signal });
    } catch (cause) {
      if (!signal.aborted) throw cause;
      const why = late.aborted ? `nothing came in ${limitMs / 1000} s` : "the test was over";
      const last = there().slice(-LAST).map(short);
      const instead = last.length === 0 ? "There was nothing." : `There was:\n${last.join("\n")}`;
      throw new Error(`Waited for ${what}: ${why}. ${instead}`, { cause });
    }
  }
}

/** So much of what was there is shown: the newest of it, a line each. */
const LAST = 12;
function short(text: string): string {
  const line = JSON.stringify(text);
  return line.length > 300 ? `  ${line.slice(0, 300)}…` : `  ${line}`;
}
