// Statements that every question costs: prepared once, by index in tables of any size, also while columns are added.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { AnswerTimes } from "../../api/jobs/answer-times.ts";
import { beginAttempts } from "../../api/jobs/attempts.ts";
import { loadCandidate } from "../../api/jobs/conversation.ts";
import { FairOrder } from "../../api/jobs/fair-order.ts";
import { findByRequestKeys, insertJobs, type NewJob } from "../../api/jobs/insert.ts";
import type { Places } from "../../api/jobs/place.ts";
import { storeAnswers } from "../../api/jobs/store-answer.ts";
import { loadJob } from "../../api/jobs/view.ts";
import type { Records } from "../../api/storage/open.ts";
import { newJob } from "./support/new-job.ts";
import { openOwnRecords } from "./support/own-records.ts";

/** Nothing waits here. */
const NO_PLACES = {} as Places;

describe("the statements that every question costs", () => {
  let records: Records;
  before(async () => {
    records = await openOwnRecords();
  });
  after(() => records.close());

  const prepared = async () => {
    const { rows } = await sql<{ name: string; parameters: string; statement: string }>`
      select name, (select string_agg('null', ',') from unnest(parameter_types)) as parameters, statement
      from pg_prepared_statements`.execute(records.steady);
    return rows.filter(({ statement }) => !statement.includes("pg_prepared_statements"));
  };

  it("are prepared once, and find their rows by an index while the tables are still empty", async () => {
    const { steady } = records;
    for (let i = 0; i < 2; i++) {
      const job = newJob();
      await new FairOrder(steady).rank(job);
      await insertJobs(steady, [job]);
      await findByRequestKeys(steady, [job]);
      await loadCandidate(steady, job.id);
      const start = { job_id: job.id, queue: job.queue, node_key: "key", node_name: "node" };
      await beginAttempts(steady, [{ ...start, replica: "here", now: 1 }], 3);
      await loadJob(steady, job.id, NO_PLACES);
      await new AnswerTimes(steady, () => 1).medianMs(job.queue);
      await storeAnswers(steady, []);
    }
    const statements = await prepared();
    assert.equal(statements.length, 8);
    for (const { name, parameters, statement } of statements) {
      const plan = await sql<{ "QUERY PLAN": string }>`
        explain execute ${sql.id(name)} (${sql.raw(parameters)})`.execute(steady);
      const lines = plan.rows.map((row) => row["QUERY PLAN"]).join("\n");
      assert.doesNotMatch(lines, /Seq Scan|Hash Join|Merge Join/, `${statement}\n${lines}`);
    }
  });

  it("go on when a newer replica adds a column", async () => {
    const job = newJob();
    await insertJobs(records.steady, [job]);
    const before = (await prepared()).length;
    await sql`alter table job add column added_later text`.execute(records.db);
    const [again] = await insertJobs(records.steady, [job]);
    assert.equal(again?.fresh, false);
    assert.equal(again?.row.id, job.id);
    assert((await prepared()).length > before);
    await sql`alter table job drop column added_later`.execute(records.db);
  });

  it("report their errors as other statements do", async () => {
    const wrong = { ...newJob(), state: "nonsense" } as unknown as NewJob;
    await assert.rejects(insertJobs(records.steady, [wrong]), { code: "23514" });
    const [right] = await insertJobs(records.steady, [newJob()]);
    assert.equal(right?.fresh, true);
  });

  it("give an attempt to one node where a queue that was wiped brings its job twice at once", async () => {
    const [job, other] = [newJob(), newJob()];
    await insertJobs(records.steady, [job, other]);
    const start = (id: string, node_key: string) => {
      return {
        job_id: id,
        queue: job.queue,
        node_key,
        node_name: node_key,
        replica: "here",
        now: 1,
      };
    };
    const starts = [start(job.id, "first"), start(other.id, "other"), start(job.id, "second")];
    const begun = await beginAttempts(records.steady, starts, 3);
    assert.deepEqual(
      begun.map((each) => each?.id ?? null),
      [job.id, other.id, null],
    );
    const { rows } = await sql<{ node_key: string }>`
      select node_key from attempt where job_id = ${job.id}::uuid`.execute(records.db);
    assert.deepEqual(rows, [{ node_key: "first" }]);
  });
});
