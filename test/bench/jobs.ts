import { atLeast, atMost, type Measure, quantile, reported } from "./measure.ts";
import { startPoolUnderLoad, unaccounted } from "./pool-under-load.ts";
import { rawInserts, rawQueue } from "./yardsticks.ts";

const WARM_UP_S = 5;
const SECONDS = 10;

/**
 * Answered questions a second through the whole path: HTTP, row, queue, WebSocket, receipt, one transaction in a
 * PostgreSQL that flushes to disk (`synchronous_commit=on`), with every question followed to its end by events. One
 * api process with its usual log, 50 echo nodes in a second process, the askers in a third: all on this machine,
 * which is why the processor time each of them takes for a job is told apart. Then the same pool at half of that
 * rate: how long after "accepted" the first text comes. Afterwards the records are counted: each question has one
 * result, one receipt, one credit and one leaf.
 */
export async function jobs(): Promise<Measure[]> {
  let queueYardstick = 0;
  let insertYardstick = 0;
  const load = await startPoolUnderLoad({}, async (redis, postgres) => {
    queueYardstick = await rawQueue(redis.url);
    insertYardstick = await rawInserts(postgres.url);
  });
  try {
    const warm = await load.ask(WARM_UP_S, null);
    const before = load.cpu();
    const full = await load.ask(SECONDS, null);
    const after = load.cpu();
    const perSecond = full.answeredInTime / SECONDS;
    const half = await load.ask(SECONDS, perSecond / 2);
    const asked = warm.asked + full.asked + half.asked;
    return [
      atLeast("jobs-completed", perSecond, "jobs/s", 600),
      atLeast("jobs-ratio", perSecond / queueYardstick, "of raw BullMQ", 0.05),
      reported("raw-bullmq", queueYardstick, "jobs/s"),
      reported("raw-postgres-inserts", insertYardstick, "rows/s"),
      ...Object.entries(after).map(([part, ms]) =>
        reported(`jobs-cpu-${part}`, (ms - (before[part] as number)) / full.answered, "ms/job"),
      ),
      reported("jobs-full-load-end-p50", quantile(full.endMs, 0.5), "ms"),
      atMost("half-load-added-p50", quantile(half.firstTextMs, 0.5), "ms", 25),
      atMost("half-load-added-p99", quantile(half.firstTextMs, 0.99), "ms", 150),
      reported("half-load-jobs", half.answeredInTime / SECONDS, "jobs/s"),
      atMost("jobs-unaccounted", await unaccounted(load.postgres.url, asked), "jobs", 0),
    ];
  } finally {
    await load.close();
  }
}
