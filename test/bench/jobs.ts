import type { AskersReport } from "./load/drive.ts";
import { atLeast, atMost, type Measure, quantile, reported } from "./measure.ts";
import { startPoolUnderLoad, unaccounted } from "./pool-under-load.ts";
import { rawInserts, rawQueue } from "./yardsticks.ts";

const WARM_UP_S = 5;
const SECONDS = 8;
/** Times the full load is measured; the value is their median. */
const WINDOWS = 3;

/**
 * Answered questions a second through the whole path: HTTP, row, queue, WebSocket, receipt, one transaction in a
 * PostgreSQL that flushes to disk (`synchronous_commit=on`), with every question followed to its end by events. One
 * api process with its usual log, 50 echo nodes in a second process, the askers in a third: all on this machine,
 * which is why the processor time each of them takes for a job is told apart. The value is the median of three
 * windows, with the slowest and the fastest beside it. Then the same pool at half of that rate: how long after
 * "accepted" the first text comes. Afterwards the records are counted: each question has one result, one receipt, one
 * credit and one leaf.
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
    const windows: AskersReport[] = [];
    for (let i = 0; i < WINDOWS; i++) windows.push(await load.ask(SECONDS, null));
    const after = load.cpu();
    const rates = windows.map((full) => full.answeredInTime / SECONDS);
    const perSecond = quantile(rates, 0.5);
    const answered = windows.reduce((sum, full) => sum + full.answered, 0);
    const half = await load.ask(SECONDS, perSecond / 2);
    const asked = [warm, ...windows, half].reduce((sum, report) => sum + report.asked, 0);
    return [
      atLeast("jobs-completed", perSecond, "jobs/s", 600),
      atLeast("jobs-ratio", perSecond / queueYardstick, "of raw BullMQ", 0.05),
      reported("jobs-slowest-window", Math.min(...rates), "jobs/s"),
      reported("jobs-fastest-window", Math.max(...rates), "jobs/s"),
      reported("raw-bullmq", queueYardstick, "jobs/s"),
      reported("raw-postgres-inserts", insertYardstick, "rows/s"),
      ...Object.entries(after).map(([part, ms]) =>
        reported(`jobs-cpu-${part}`, (ms - (before[part] as number)) / answered, "ms/job"),
      ),
      reported(
        "jobs-full-load-end-p50",
        quantile(
          windows.flatMap((full) => full.endMs),
          0.5,
        ),
        "ms",
      ),
      atMost("half-load-added-p50", quantile(half.firstTextMs, 0.5), "ms", 25),
      atMost("half-load-added-p99", quantile(half.firstTextMs, 0.99), "ms", 150),
      reported("half-load-jobs", half.answeredInTime / SECONDS, "jobs/s"),
      atMost("jobs-unaccounted", await unaccounted(load.postgres.url, asked), "jobs", 0),
    ];
  } finally {
    await load.close();
  }
}
