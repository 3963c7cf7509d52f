import { sql } from "kysely";
import type { ApiContext } from "../context.ts";
import type { NodeSession } from "./session.ts";

/** Tells nodes whose terminal somebody watches how many questions wait for them; nobody else costs anything. */
export async function tellQueue(
  ctx: ApiContext,
  sessions: ReadonlyMap<string, NodeSession>,
): Promise<void> {
  const watched = [...sessions.values()].filter((session) => session.watching && !session.gone);
  if (watched.length === 0) return;
  const { rows } = await sql<{ queue: string; jobs: number }>`
    select queue, count(*) as jobs from job where state = 'queued' group by queue`.execute(ctx.db);
  const waiting = new Map(rows.map(({ queue, jobs }) => [queue, Number(jobs)]));
  for (const session of watched) {
    let count = 0;
    for (const queue of session.queues.keys()) count += waiting.get(queue) ?? 0;
    if (count === session.toldWaiting) continue;
    session.toldWaiting = count;
    session.send({ type: "queue", waiting: count });
  }
}
