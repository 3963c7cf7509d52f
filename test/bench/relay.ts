import { type Service, startPostgres, startRedis } from "../support/services.ts";
import { cpuMs } from "./cpu.ts";
import { type ReadersReport, startLoad } from "./load/drive.ts";
import { atLeast, atMost, type Measure, quantile, reported } from "./measure.ts";
import { type Replica, startReplica } from "./replica.ts";

const STREAMS = 50;
const SECONDS = 8;
/** Per stream: a pool of small graphics cards, and as much as these cores can take. */
const CALM = 20;
const FLOOD = 200;

/**
 * Tokens on their way from nodes to a door: 50 nodes of one replica write, one token a frame; the answers are
 * followed at another replica, so every token crosses the bus; the bot's own client reads them. The rate is per
 * core of api: tokens over the processor time of both replicas together. The delay is from the node's `send` to
 * the reader's hand, at 1,000 tokens/s and at 10,000.
 */
export async function relay(): Promise<Measure[]> {
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres({ durable: true })]);
  try {
    const calm = await streams(redis, postgres, CALM);
    const flood = await streams(redis, postgres, FLOOD);
    return [
      atMost("relay-delay-p50", quantile(calm.delaysMs, 0.5), "ms", 3),
      reported("relay-delay-p99", quantile(calm.delaysMs, 0.99), "ms"),
      atLeast("relay-tokens-per-core", flood.tokensPerCore, "tokens/s", 20_000),
      reported("relay-cpu-nodes-side", flood.cpuUs.holder, "us/token"),
      reported("relay-cpu-door-side", flood.cpuUs.follower, "us/token"),
      reported("relay-cpu-redis", flood.cpuUs.redis, "us/token"),
      reported("relay-flood", flood.tokens / flood.seconds, "tokens/s"),
      reported("relay-flood-delay-p50", quantile(flood.delaysMs, 0.5), "ms"),
    ];
  } finally {
    await Promise.all([redis.stop(), postgres.stop()]);
  }
}

async function streams(redis: Service, postgres: Service, perSecond: number) {
  const nodes = startLoad("nodes.ts");
  const readers = startLoad("readers.ts");
  const open: Replica[] = [];
  try {
    const holder = await startReplica(redis, postgres);
    open.unshift(holder);
    const follower = await startReplica(redis, postgres, {}, holder);
    open.unshift(follower);
    const { url, enrolmentToken } = holder;
    const tokens = perSecond * SECONDS;
    const work = { work: "stream", tokens, tokensPerSecond: perSecond };
    await nodes.tell({ url, enrolmentToken, count: STREAMS, slots: 1, ...work });
    const parts = { holder: holder.pid, follower: follower.pid, redis: redis.pid };
    const before = Object.entries(parts).map(([part, pid]) => [part, cpuMs(pid)] as const);
    const report = await readers.tell<ReadersReport>({
      url: follower.url,
      token: holder.serviceToken,
      count: STREAMS,
      warmUpTokens: tokens * STREAMS * 0.2,
    });
    const spentMs = Object.fromEntries(
      before.map(([part, ms]) => [part, cpuMs(parts[part as keyof typeof parts]) - ms]),
    ) as Record<keyof typeof parts, number>;
    const us = (ms: number) => (ms * 1000) / report.tokens;
    return {
      ...report,
      tokensPerCore: (report.tokens * 1000) / (spentMs.holder + spentMs.follower),
      cpuUs: {
        holder: us(spentMs.holder),
        follower: us(spentMs.follower),
        redis: us(spentMs.redis),
      },
    };
  } finally {
    await Promise.all([nodes.stop(), readers.stop()]);
    for (const replica of open) await replica.close();
  }
}
