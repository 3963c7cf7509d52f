import { setTimeout as delay } from "node:timers/promises";
import { createParser } from "eventsource-parser";
import { jsonParser, ParseError } from "../../protocol/parse.ts";
import { type JobEvent, JobEvents } from "../../protocol/wire/http.ts";
import { garbled, PoolError } from "./errors.ts";

/**
 * One job's server-sent events as an async generator that ends after `end`.
 *
 *   connecting → open        the pool answered; the gap is back to its smallest
 *   open → connecting        the stream broke before `end`, or stayed silent past three of the pool's
 *                            15 s comment lines: try again after the gap, which doubles
 *   connecting → connecting  nobody there, or a server-side failure
 *   any → closed             `end` came, the caller stopped, or the pool refused for good (PoolError)
 *
 * Nothing needs to be remembered across a break: the pool begins every stream with the present state
 * (`started` and one `text` from offset 0), so a new connection repeats what was missed.
 */
export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  readonly minGapMs?: number;
  readonly maxGapMs?: number;
  readonly silenceMs?: number;
  /** Waits; throws when the signal fires. */
  readonly wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

const parsers = {
  queued: jsonParser(JobEvents.queued, "queued event"),
  started: jsonParser(JobEvents.started, "started event"),
  text: jsonParser(JobEvents.text, "text event"),
  moved: jsonParser(JobEvents.moved, "moved event"),
  end: jsonParser(JobEvents.end, "end event"),
};

/** Follows a job. `open` makes one request; it throws PoolError when the pool refuses or is not there. */
export async function* followEvents(
  open: (signal: AbortSignal) => Promise<Response>,
  options: FollowOptions = {},
): AsyncGenerator<JobEvent> {
  const { minGapMs = 250, maxGapMs = 8000, silenceMs = 45_000, wait = waitFor } = options;
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  let gapMs = minGapMs;
  try {
    while (!signal.aborted) {
      const silence = new AbortController();
      const timer = setTimeout(() => silence.abort(), silenceMs);
      try {
        const response = await open(AbortSignal.any([signal, silence.signal]));
        gapMs = minGapMs;
        for await (const event of readEvents(response, () => timer.refresh())) {
          yield event;
          if (event.event === "end") return;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof PoolError && !error.transient) throw error;
        if (error instanceof ParseError) throw garbled(error);
      } finally {
        clearTimeout(timer);
      }
      await wait(gapMs, signal).catch(() => undefined);
      gapMs = Math.min(gapMs * 2, maxGapMs);
    }
  } finally {
    stop.abort();
  }
}

/** Events of one connection. Unknown event names are skipped, so that the pool may add some. */
async function* readEvents(response: Response, onBytes: () => void): AsyncGenerator<JobEvent> {
  const pending: JobEvent[] = [];
  const parser = createParser({
    onEvent(message) {
      const name = message.event as keyof typeof parsers | undefined;
      if (!name || !Object.hasOwn(parsers, name)) return;
      pending.push({ event: name, data: parsers[name](message.data) } as JobEvent);
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of response.body ?? []) {
    onBytes();
    parser.feed(decoder.decode(bytes, { stream: true }));
    yield* pending.splice(0);
  }
}

async function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal, ref: false });
}
