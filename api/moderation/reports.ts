import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import type { Report, ReportRequest } from "../../protocol/wire/moderation.ts";
import type { JobRow } from "../jobs/insert.ts";
import type { Database } from "../storage/open.ts";
import { moderationFailures } from "./failures.ts";

const AT_MOST = 100;

/** Notes a report; the same account reporting the same answer again gives the first one. */
export async function addReport(
  db: Database,
  job: Pick<JobRow, "id" | "community">,
  { actor, reason }: ReportRequest,
  now: number,
): Promise<{ id: string; fresh: boolean }> {
  const id = randomUUID();
  const { rows } = await sql<{ id: string }>`
    insert into report (id, job_id, community, account, reason, at)
    values (${id}::uuid, ${job.id}::uuid, ${job.community}, ${actor.account}, ${reason}, ${now}::bigint)
    on conflict (job_id, account) do update set account = report.account
    returning id`.execute(db);
  const stored = rows[0]?.id as string;
  return { id: stored, fresh: stored === id };
}

/** Says that moderators have dealt with a report; the first to say so stands. */
export async function handleReport(
  db: Database,
  id: string,
  account: string,
  now: number,
): Promise<void> {
  await db
    .updateTable("report")
    .set({ handled_by: account, handled_at: now })
    .where("id", "=", id)
    .where("handled_at", "is", null)
    .execute();
}

/** One report and the community it belongs to. Throws ApiFailure `report_unknown`. */
export async function reportById(
  db: Database,
  id: string,
  reportRoom: (community: string) => Promise<string | null>,
): Promise<Report> {
  const [row] = await readReports(db, sql`r.id = ${id}::uuid`);
  if (row === undefined) throw moderationFailures.reportUnknown();
  return reportView(row, await reportRoom(row.community));
}

/** GET /v1/communities/:id/reports: open ones first, newest first. */
export async function communityReports(
  db: Database,
  community: string,
  reportRoom: string | null,
): Promise<Report[]> {
  const rows = await readReports(db, sql`r.community = ${community}`);
  return rows.map((row) => reportView(row, reportRoom));
}

interface Row {
  id: string;
  job_id: string;
  community: string;
  room: string;
  receipt_id: string | null;
  nodes: { keyId: string; name: string }[];
  account: string;
  reason: string;
  at: number;
  handled_by: string | null;
  handled_at: number | null;
}

async function readReports(db: Database, which: ReturnType<typeof sql>): Promise<Row[]> {
  const { rows } = await sql<Row>`
    select r.*, j.room, c.id as receipt_id,
      coalesce((select json_agg(json_build_object('keyId', n.key_id, 'name', n.name))
        from node n where n.key_id = c.node_key), '[]') as nodes
    from report r join job j on j.id = r.job_id
    left join receipt c on c.job_id = r.job_id and c.role = 'generate'
    where ${which}
    order by (r.handled_at is not null), r.at desc, r.id limit ${AT_MOST}`.execute(db);
  return rows;
}

function reportView(row: Row, reportRoom: string | null): Report {
  return {
    id: row.id,
    jobId: row.job_id,
    community: row.community,
    room: row.room,
    reportRoom,
    receiptId: row.receipt_id,
    nodes: row.nodes,
    account: row.account,
    reason: row.reason,
    at: row.at,
    handledBy: row.handled_by,
    handledAt: row.handled_at,
  };
}
