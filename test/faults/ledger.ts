import pg from "pg";
import type { Question } from "./journal.ts";

/** What the records hold of one job. */
interface Recorded {
  readonly id: string;
  readonly request_key: string;
  readonly state: string;
  readonly notice: string | null;
  readonly code: string | null;
  readonly text: string | null;
  readonly tokens: number | null;
  readonly receipts: number;
  readonly leaves: number;
  readonly credits: number;
  readonly credited: number | null;
  readonly credited_node_is_right: boolean;
  readonly answered_attempts: number;
  readonly open_attempts: number;
}

/** The account of a run, one sentence for each thing that is wrong. */
export interface Ledger {
  readonly asked: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly ended: Readonly<Record<string, number>>;
  /** Acknowledged questions that are neither ended in words nor being worked on. */
  readonly lost: readonly string[];
  readonly twice: readonly string[];
  readonly credits: readonly string[];
  /** People who waited and were not told, or were told something else than the records say. */
  readonly untold: readonly string[];
}

/** WAIT_LIMIT_MS of config/settings.ts as it is when nobody sets it. */
const WAIT_LIMIT_MS = 600_000;

/** Holds what askers did and saw against the records. Every question is to have ended. */
export async function account(
  databaseUrl: string,
  questions: readonly Question[],
): Promise<Ledger> {
  const [recorded, strays] = await read(databaseUrl);
  const byKey = Map.groupBy(recorded, (job) => job.request_key);
  const lost: string[] = [];
  const twice: string[] = [];
  const credits: string[] = [...strays];
  const untold: string[] = [];
  const ended: Record<string, number> = {};
  let acknowledged = 0;
  for (const question of questions) {
    const jobs = byKey.get(question.key) ?? [];
    const [job] = jobs;
    if (jobs.length > 1) twice.push(`${question.key} became ${jobs.length} jobs`);
    if (job !== undefined) {
      const how = job.code === null ? job.state : `${job.state}: ${job.code}`;
      ended[how] = (ended[how] ?? 0) + 1;
    }
    const ids = new Set(question.acknowledged.map((each) => each.id));
    if (ids.size > 1) twice.push(`${question.key} was acknowledged under ${ids.size} ids`);
    if (ids.size > 0) {
      acknowledged++;
      if (job === undefined || !ids.has(job.id)) lost.push(`${question.key} is not in the records`);
      else lost.push(...lossesOf(job), ...hasteOf(question, job));
    }
    if (job === undefined) continue;
    twice.push(...repetitionsOf(job));
    credits.push(...wrongCreditsOf(job));
    untold.push(...silencesOf(question, job));
  }
  const asked = questions.length;
  const refused = questions.filter((question) => question.refused !== null).length;
  return { asked, acknowledged, refused, ended, lost, twice, credits, untold };
}

/** True where nothing is wrong. */
export function balances({ lost, twice, credits, untold }: Ledger): boolean {
  return lost.length + twice.length + credits.length + untold.length === 0;
}

function lossesOf(job: Recorded): string[] {
  if (job.state === "queued" || job.state === "running") return [`${job.id} is still ${job.state}`];
  const wordless = job.text === null && job.notice === null;
  if (wordless) return [`${job.id} ended as ${job.state} without words`];
  if (job.open_attempts > 0) return [`${job.id} ended, but an attempt of it is still open`];
  return [];
}

/** A question may be given up when it has waited as long as the pool says, by the asker's clock. */
function hasteOf({ told, askedAt }: Question, job: Recorded): string[] {
  const [end] = told;
  if (end === undefined || job.state !== "expired") return [];
  const waitedMs = end.at - askedAt;
  return waitedMs < WAIT_LIMIT_MS ? [`${job.id} was given up after ${waitedMs} ms`] : [];
}

function repetitionsOf(job: Recorded): string[] {
  const wrong: string[] = [];
  const due = job.text === null ? 0 : 1;
  if (job.state === "done" && due === 0) wrong.push(`${job.id} is done without an answer`);
  if (job.answered_attempts !== due) {
    wrong.push(`${job.id} was answered by ${job.answered_attempts} attempts, not ${due}`);
  }
  if (job.receipts !== due) wrong.push(`${job.id} has ${job.receipts} receipts, not ${due}`);
  if (job.leaves !== due) wrong.push(`${job.id} has ${job.leaves} log leaves, not ${due}`);
  return wrong;
}

function wrongCreditsOf(job: Recorded): string[] {
  const due = job.text === null ? 0 : 1;
  if (job.credits !== due) return [`${job.id} has ${job.credits} credits, not ${due}`];
  if (due === 0) return [];
  if (job.credited !== job.tokens) {
    return [`${job.id} is credited ${job.credited} for ${job.tokens} tokens`];
  }
  return job.credited_node_is_right ? [] : [`${job.id} is credited to another node`];
}

function silencesOf(question: Question, job: Recorded): string[] {
  const { told } = question;
  const [end] = told;
  if (end === undefined) return [`${job.id}: nobody told its asker that it is ${job.state}`];
  const wrong: string[] = [];
  if (told.length > 1) wrong.push(`${job.id}: its asker was told ${told.length} times`);
  if (end.state !== job.state) wrong.push(`${job.id} is ${job.state}, told was ${end.state}`);
  if (end.answer !== job.text) wrong.push(`${job.id}: the answer told is not the one recorded`);
  if (end.answer === null && !end.notice) wrong.push(`${job.id}: told without words`);
  if (end.answer !== null && end.state === "done" && end.answer !== `Echo: ${question.prompt}`) {
    wrong.push(`${job.id}: the answer is not whole`);
  }
  // A stream may stop short where the bus lost a piece: its end carries the whole text. It never shows another.
  if (end.answer !== null && end.shown !== null && !end.answer.startsWith(end.shown)) {
    wrong.push(`${job.id}: the stream showed another text than the answer`);
  }
  return wrong;
}

/** All jobs, and credits and leaves that belong to none. */
async function read(databaseUrl: string): Promise<[Recorded[], string[]]> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    const jobs = await client.query<Recorded>(`
      select j.id, j.request_key, j.state, j.notice->>'message' as notice,
        j.notice->>'code' as code, r.text,
        r.completion_tokens as tokens,
        (select count(*)::int from receipt c where c.job_id = j.id) as receipts,
        (select count(*)::int from log_leaf l join receipt c on c.leaf = l.commitment
          where c.job_id = j.id) as leaves,
        (select count(*)::int from credit c where c.job_id = j.id) as credits,
        (select sum(amount)::int from credit c where c.job_id = j.id) as credited,
        coalesce((select bool_and(c.node_key = r.node_key) from credit c where c.job_id = j.id), true)
          as credited_node_is_right,
        (select count(*)::int from attempt a where a.job_id = j.id and a.code = 'answered')
          as answered_attempts,
        (select count(*)::int from attempt a where a.job_id = j.id and a.ended_at is null)
          as open_attempts
      from job j left join result r on r.job_id = j.id`);
    const strays = await client.query<{ what: string }>(`
      select 'a credit for ' || job_id || ' without an answer' as what from credit
        where not exists (select from result r where r.job_id = credit.job_id)
      union all
      select 'log leaf ' || idx || ' without a receipt' from log_leaf
        where kind = 'answer' and not exists (select from receipt c where c.leaf = log_leaf.commitment)`);
    return [jobs.rows, strays.rows.map((row) => row.what)];
  } finally {
    await client.end();
  }
}
