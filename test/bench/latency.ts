import { startPoolProcesses } from "../support/pool-processes.ts";
import { atMost, type Measure, quantile, reported, residentMegabytes } from "./measure.ts";
import { timedAsk } from "./timed-ask.ts";

const WARM_UP = 30;
const ASKS = 300;

/**
 * Added latency on an idle pool: from "the pool accepted the question" to "the door has the first text", one question
 * after another, echo engine, separate processes, embedded default with the private Redis.
 */
export async function latency(): Promise<Measure[]> {
  const pool = await startPoolProcesses();
  try {
    const worker = await pool.worker("echo", { WORKER_ENGINE: "echo" });
    const waits: number[] = [];
    for (let i = 0; i < WARM_UP + ASKS; i++) {
      const times = await timedAsk(pool.client, "one two three four five");
      if (i >= WARM_UP) waits.push(times.firstTextAt - times.acceptedAt);
    }
    return [
      atMost("added-latency-p50", quantile(waits, 0.5), "ms", 15),
      atMost("added-latency-p99", quantile(waits, 0.99), "ms", 60),
      reported("memory-api-pglite", residentMegabytes(pool.api.child.pid as number), "MB"),
      reported("memory-worker-echo", residentMegabytes(worker.child.pid as number), "MB"),
    ];
  } finally {
    await pool.close();
  }
}
