import type { ServerResponse } from "node:http";
import type { JobEvent } from "../../protocol/wire/http.ts";
import type { Sink } from "./follower.ts";

/** Text a slow reader may have waiting; above it, it gets only the final state. */
const MAX_WAITING_UNITS = 2 * 1_048_576;

type TextEvent = Extract<JobEvent, { event: "text" }>;

/**
 * Server-sent events to one reader (WHATWG HTML §9.2) at the reader's pace.
 *
 *   flowing --write() false--> waiting (pieces of text merge, an older place is dropped) --drain--> flowing
 *   waiting --more than 2 MB--> final only (no more text) --end--> closed
 */
export class EventStream implements Sink {
  readonly #response: ServerResponse;
  readonly #keepAlive: NodeJS.Timeout;
  #waiting: JobEvent[] | null = null;
  #waitingUnits = 0;
  #finalOnly = false;

  constructor(response: ServerResponse, keepAliveMs: number) {
    this.#response = response;
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      // Nginx and its kin would hold pieces back.
      "x-accel-buffering": "no",
    });
    response.flushHeaders();
    response.socket?.setNoDelay(true);
    this.#keepAlive = setInterval(() => {
      if (this.#waiting === null) response.write(":\n\n");
    }, keepAliveMs);
    response.on("drain", () => this.#drain());
    response.on("close", () => clearInterval(this.#keepAlive));
  }

  send(event: JobEvent): void {
    if (this.#waiting === null) this.#write(event);
    else this.#wait(this.#waiting, event);
  }

  close(): void {
    clearInterval(this.#keepAlive);
    this.#response.end();
  }

  #write(event: JobEvent): void {
    const flowing = this.#response.write(
      `event: ${event.event}\ndata: ${JSON.stringify(event.data)}\n\n`,
    );
    if (event.event === "end") this.close();
    else if (!flowing) this.#waiting = [];
  }

  #wait(waiting: JobEvent[], event: JobEvent): void {
    if (event.event === "text") {
      if (this.#finalOnly) return;
      this.#waitingUnits += event.data.text.length;
      if (this.#waitingUnits > MAX_WAITING_UNITS) {
        this.#finalOnly = true;
        this.#waiting = waiting.filter((other) => other.event !== "text");
        return;
      }
    }
    const last = waiting.at(-1);
    if (last !== undefined && continues(last, event)) {
      waiting[waiting.length - 1] = merged(last as TextEvent, event as TextEvent);
    } else if (last?.event === "queued" && event.event === "queued") {
      waiting[waiting.length - 1] = event;
    } else {
      waiting.push(event);
    }
  }

  #drain(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    this.#waitingUnits = 0;
    for (const [i, event] of waiting.entries()) {
      this.#write(event);
      if (this.#waiting !== null) {
        for (const later of waiting.slice(i + 1)) this.#wait(this.#waiting, later);
        return;
      }
    }
  }
}

function continues(last: JobEvent, event: JobEvent): boolean {
  return (
    last.event === "text" && event.event === "text" && last.data.attempt === event.data.attempt
  );
}

function merged(last: TextEvent, event: TextEvent): TextEvent {
  return { event: "text", data: { ...last.data, text: last.data.text + event.data.text } };
}
