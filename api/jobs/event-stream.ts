import type { ServerResponse } from "node:http";
import type { JobEvent } from "../../protocol/wire/http.ts";
import type { Sink } from "./follower.ts";

/**
 * UTF-8 bytes of text a slow reader may have waiting; above it, it gets only the final state. With that (1 MB at
 * most) and the piece on its way to the socket it stays below 2 MB.
 */
const MAX_WAITING_BYTES = 720_000;
/** Text that waited is handed to the socket in pieces: there it costs again as much as what still waits. */
const PIECE_UNITS = 65_536;
/** Comment lines that could not be sent to a reader who takes nothing, before it is let go: it may come again. */
const MAX_MISSED = 4;

type TextEvent = Extract<JobEvent, { event: "text" }>;

/**
 * Server-sent events to one reader (WHATWG HTML §9.2) at the reader's pace.
 *
 *   flowing --write() false--> waiting (pieces of text merge, an older place is dropped) --drain--> flowing
 *   waiting --moved--> waiting (the lost attempt's text is dropped)
 *   waiting --too much text--> final only (no more text) --end--> closed
 *   waiting --nothing taken during four comment lines--> closed
 *
 * So a reader who stops reading costs at most 2 MB, text and final state together, and not for long.
 */
export class EventStream implements Sink {
  readonly #response: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;
  #waiting: JobEvent[] | null = null;
  #waitingBytes = 0;
  #finalOnly = false;
  #missed = 0;

  constructor(response: ServerResponse, keepAliveMs: number) {
    this.#response = response;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Nginx and its kin would hold pieces back.
      "x-accel-buffering": "no",
    });
    const { socket } = response;
    socket?.setNoDelay(true);
    // Headers leave in one write with the present state, which follows at once. (A response that is corked itself
    // loses what it is ended with: Node 24.21.)
    socket?.cork();
    process.nextTick(() => socket?.uncork());
    response.flushHeaders();
    this.#keepAlive = setInterval(() => {
      if (this.#waiting === null) response.write(":\n\n");
      else if (++this.#missed >= MAX_MISSED) response.destroy();
    }, keepAliveMs);
    response.on("drain", () => this.#drain());
    response.on("close", () => clearInterval(this.#keepAlive));
  }

  send(event: JobEvent): void {
    if (this.#waiting === null) this.#write(event);
    else this.#wait(this.#waiting, event);
  }

  close(): void {
    this.#end("");
  }

  #end(last: string): void {
    clearInterval(this.#keepAlive);
    this.#response.end(last);
  }

  #write(event: JobEvent): void {
    const text = `event: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`;
    if (event.event === "end") this.#end(text);
    else if (!this.#response.write(text)) this.#waiting = [];
  }

  #wait(waiting: JobEvent[], event: JobEvent): void {
    if (event.event === "text") {
      if (this.#finalOnly) return;
      this.#waitingBytes += Buffer.byteLength(event.data.text);
      if (this.#waitingBytes > MAX_WAITING_BYTES) {
        this.#finalOnly = true;
        this.#dropText(waiting);
        return;
      }
    }
    if (event.event === "moved") this.#dropText(waiting);
    const last = waiting.at(-1);
    if (last !== undefined && continues(last, event)) {
      waiting[waiting.length - 1] = merged(last as TextEvent, event as TextEvent);
    } else if (last?.event === "queued" && event.event === "queued") {
      waiting[waiting.length - 1] = event;
    } else {
      waiting.push(event);
    }
  }

  #dropText(waiting: JobEvent[]): void {
    this.#waitingBytes = 0;
    const kept = waiting.filter((event) => event.event !== "text");
    waiting.splice(0, waiting.length, ...kept);
  }

  #drain(): void {
    this.#missed = 0;
    let waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.#waitingBytes = 0;
    while (waiting.length > 0) {
      const [event, ...later] = waiting as [JobEvent, ...JobEvent[]];
      const [first, rest] = cut(event);
      waiting = rest === null ? later : [rest, ...later];
      this.#write(first);
      if (this.#waiting === null) continue;
      for (const each of waiting) this.#wait(this.#waiting, each);
      return;
    }
  }
}

/** The first piece of a long text, and what is left. */
function cut(event: JobEvent): [JobEvent, JobEvent | null] {
  if (event.event !== "text" || event.data.text.length <= PIECE_UNITS) return [event, null];
  const { text, offset } = event.data;
  const part = (from: number, to?: number): TextEvent => ({
    event: "text",
    data: { ...event.data, offset: offset + from, text: text.slice(from, to) },
  });
  // Half a character could not be written.
  const at = /[\uD800-\uDBFF]/.test(text[PIECE_UNITS - 1] as string)
    ? PIECE_UNITS - 1
    : PIECE_UNITS;
  return [part(0, at), part(at)];
}

function continues(last: JobEvent, event: JobEvent): boolean {
  return (
    last.event === "text" && event.event === "text" && last.data.attempt === event.data.attempt
  );
}

function merged(last: TextEvent, event: TextEvent): TextEvent {
  return { event: "text", data: { ...last.data, text: last.data.text + event.data.text } };
}
