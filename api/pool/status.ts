import { sql } from "kysely";
import type { PoolModel, PoolNode, PoolStatus } from "../../protocol/wire/http.ts";
import type { ApiContext } from "../context.ts";
import { earnedSince } from "../credits/ledger.ts";
import { queueName } from "../jobs/queue-name.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import { byCapability, type ModelBook } from "./model-book.ts";

interface PoolParts {
  readonly ctx: ApiContext;
  readonly directory: NodeDirectory;
  readonly book: ModelBook;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** Nodes that have been away longer than this are not listed. */
const LISTED_MS = 24 * HOUR;

/** GET /v1/pool: nodes, queue and the last hour, over all replicas. */
export async function poolStatus(parts: PoolParts): Promise<PoolStatus> {
  const { ctx, directory } = parts;
  const now = ctx.clock();
  const since = now - HOUR;
  const [nodes, counts, minutes] = await Promise.all([
    poolNodes(parts, since),
    sql<{
      waiting: number;
      running: number;
      failed: number;
      median: number | null;
      answers: number;
      tokens: number;
    }>`
      select
        (select count(*) from job where state = 'queued') as waiting,
        (select count(*) from job where state = 'running') as running,
        (select count(*) from job where finished_at > ${since}::bigint and state in ('failed', 'expired')) as failed,
        (select percentile_cont(0.5) within group (order by started_at - created_at)
          from job where finished_at > ${since}::bigint and started_at is not null) as median,
        (select count(*) from result where created_at > ${since}::bigint) as answers,
        (select coalesce(sum(completion_tokens), 0)::bigint from result where created_at > ${since}::bigint) as tokens`.execute(
      ctx.db,
    ),
    sql<{ minute: number; answers: number }>`
      select (created_at - ${since}::bigint) / ${MINUTE} as minute, count(*) as answers
      from result where created_at > ${since}::bigint group by 1`.execute(ctx.db),
  ]);
  const [count] = counts.rows;
  const answersPerMinute = new Array<number>(60).fill(0);
  for (const { minute, answers } of minutes.rows) {
    answersPerMinute[Math.min(59, Number(minute))] = answers;
  }
  const best = directory.offered().sort(byCapability)[0];
  const model = best === undefined ? null : await parts.book.get(best.sha256);
  return {
    name: ctx.settings.poolName,
    keyId: ctx.secrets.poolKey.keyId,
    nodes,
    waiting: count?.waiting ?? 0,
    running: count?.running ?? 0,
    answersPerMinute,
    lastHour: {
      answers: count?.answers ?? 0,
      tokens: count?.tokens ?? 0,
      failed: count?.failed ?? 0,
      medianWaitMs: count?.median == null ? null : Math.round(count.median),
    },
    defaultModel: model === null ? null : { sha256: model.sha256, name: model.name },
  };
}

async function poolNodes({ ctx, directory, book }: PoolParts, since: number): Promise<PoolNode[]> {
  const [rows, busy, earned] = await Promise.all([
    ctx.db
      .selectFrom("node")
      .selectAll()
      .where("last_seen_at", ">", ctx.clock() - LISTED_MS)
      .orderBy("name")
      .execute(),
    sql<{ node_key: string; jobs: number }>`
      select node_key, count(*) as jobs from job where state = 'running' group by node_key`.execute(
      ctx.db,
    ),
    earnedSince(ctx.db, since),
  ]);
  const online = new Map(directory.online().map((node) => [node.keyId, node]));
  const busyBy = new Map(busy.rows.map((row) => [row.node_key, row.jobs]));
  const earnedBy = new Map(earned.map((row) => [row.nodeKeyId, row]));
  return Promise.all(
    rows.map(async (row): Promise<PoolNode> => {
      const here = online.get(row.key_id);
      const models = here?.models ?? row.models;
      const lastHour = earnedBy.get(row.key_id);
      return {
        keyId: row.key_id,
        name: here?.name ?? row.name,
        online: here !== undefined,
        slots: here?.slots ?? 0,
        busy: busyBy.get(row.key_id) ?? 0,
        models: await Promise.all(
          models.map(async ({ sha256, name }) => ({
            sha256,
            name: (await book.get(sha256))?.name ?? name,
          })),
        ),
        fetches: [...(here?.fetches ?? [])],
        engine: here?.engine ?? row.engine,
        tokensPerSecond: fastest(models.map((model) => model.tokensPerSecond)),
        lastHour: { answers: lastHour?.answers ?? 0, tokens: lastHour?.tokens ?? 0 },
        lastSeenAt: here === undefined ? row.last_seen_at : ctx.clock(),
        ...(here?.conditions === undefined ? {} : { conditions: here.conditions }),
      };
    }),
  );
}

/** GET /v1/models: every model the pool knows, those that can answer now first, most capable first. */
export async function poolModels({ ctx, directory, book }: PoolParts): Promise<PoolModel[]> {
  const waiting = await sql<{ queue: string; jobs: number }>`
    select queue, count(*) as jobs from job where state = 'queued' group by queue`.execute(ctx.db);
  const models = (await book.all()).map((model): PoolModel => {
    const queue = queueName(model.sha256);
    return {
      sha256: model.sha256,
      name: model.name,
      bytes: model.bytes,
      licence: model.lineage.licence,
      disclosure: model.lineage.disclosure,
      lineage: model.lineage,
      nodesOnline: directory.withModel(model.sha256).length,
      waiting: waiting.rows.find((row) => row.queue === queue)?.jobs ?? 0,
    };
  });
  const offline = (model: PoolModel) => Number(model.nodesOnline === 0);
  return models.sort((a, b) => offline(a) - offline(b) || byCapability(a, b));
}

function fastest(speeds: readonly (number | null)[]): number | null {
  const known = speeds.filter((speed) => speed !== null);
  return known.length === 0 ? null : Math.max(...known);
}
