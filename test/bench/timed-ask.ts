import { randomUUID } from "node:crypto";
import type { PoolClient } from "../../bot/pool/client.ts";
import type { AskOptions, Job } from "../../protocol/wire/http.ts";

/** When things happened to one question, in milliseconds of performance.now(). */
export interface AskTimes {
  readonly acceptedAt: number;
  /** When the door heard that a node is at work. */
  readonly startedAt: number;
  readonly firstTextAt: number;
  readonly lastTextAt: number;
  readonly job: Job;
}

/** Asks and follows the answer to its end, as a door does. Throws when there is no answer. */
export async function timedAsk(
  client: PoolClient,
  prompt: string,
  options: AskOptions = {},
): Promise<AskTimes> {
  const accepted = await client.ask({
    community: "bench",
    member: "bench",
    room: "bench",
    requestKey: randomUUID(),
    prompt,
    options,
  });
  const acceptedAt = performance.now();
  let startedAt = acceptedAt;
  let firstTextAt = Number.NaN;
  let lastTextAt = Number.NaN;
  for await (const { event, data } of client.events(accepted.id)) {
    const now = performance.now();
    if (event === "started") startedAt = now;
    if (event === "text") {
      if (Number.isNaN(firstTextAt)) firstTextAt = now;
      lastTextAt = now;
    }
    if (event === "end") {
      if (data.state !== "done") {
        throw new Error(`job ended as ${data.state}: ${data.notice?.message}`);
      }
      // An answer that was finished before the door listened comes with the end.
      if (Number.isNaN(firstTextAt)) firstTextAt = lastTextAt = now;
      return { acceptedAt, startedAt, firstTextAt, lastTextAt, job: data };
    }
  }
  throw new Error("the events ended without an end");
}
