import { startPostgres, startRedis } from "../support/services.ts";
import { cpuMs } from "./cpu.ts";
import { startLoad } from "./load/drive.ts";
import { atMost, type Measure, reported, residentMegabytes } from "./measure.ts";
import { startReplica } from "./replica.ts";

const NODES = 5_000;
const SETTLE_S = 15;
const SECONDS = 30;

/**
 * 5,000 connected nodes without work on one replica: its memory, and the processor time that keeping them takes, as
 * a share of one core: with them, less what the replica's own rounds take without. Nodes live in a process of their
 * own; each is pinged every 25 s.
 */
export async function idleNodes(): Promise<Measure[]> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres({ durable: true })]);
  const nodes = startLoad("nodes.ts");
  const replica = await startReplica(redis, postgres, {
    // Five thousand keys join from one address.
    RATE_OPEN_PER_ADDRESS: "0",
    RATE_REFUSED_PER_ADDRESS: "0",
  });
  try {
    const { pid, url, enrolmentToken } = replica;
    const alone = await share(pid);
    const before = residentMegabytes(pid);
    const begun = cpuMs(pid);
    await nodes.tell({ url, enrolmentToken, count: NODES, slots: 1, work: "nothing" });
    await seconds(SETTLE_S);
    const joining = cpuMs(pid) - begun;
    const kept = await share(pid);
    const total = residentMegabytes(pid);
    return [
      atMost("idle-nodes-memory", total, "MB", 250),
      reported("idle-nodes-memory-before", before, "MB"),
      reported("idle-nodes-memory-growth", total - before, "MB"),
      atMost("idle-nodes-heartbeat", kept - alone, "% of a core", 3),
      reported("idle-nodes-cpu", kept, "% of a core"),
      reported("idle-nodes-cpu-before", alone, "% of a core"),
      reported("idle-nodes-joining", joining / NODES, "ms/node"),
    ];
  } finally {
    await nodes.stop();
    await replica.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}

/** Processor time of a while, in per cent of a core. */
async function share(pid: number): Promise<number> {
  const from = cpuMs(pid);
  await seconds(SECONDS);
  return (cpuMs(pid) - from) / (SECONDS * 10);
}

/** The measured time itself, not a wait for something. */
function seconds(count: number): Promise<void> {
  return new Promise((done) => setTimeout(done, count * 1000));
}
