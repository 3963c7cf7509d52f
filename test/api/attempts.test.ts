// Attempts in the records: however a job ends, none of its attempts stays open.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { beginAttempts, endJob, loseAttempt } from "../../api/jobs/attempts.ts";
import { insertJobs } from "../../api/jobs/insert.ts";
import { notices } from "../../api/jobs/notices.ts";
import { type AnswerRows, storeAnswers } from "../../api/jobs/store-answer.ts";
import type { Records } from "../../api/storage/open.ts";
import { newJob } from "./support/new-job.ts";
import { openOwnRecords } from "./support/own-records.ts";

const MAX_ATTEMPTS = 3;

describe("a job's attempts", () => {
  let records: Records;
  before(async () => {
    records = await openOwnRecords();
  });
  after(() => records.close());

  const asked = async () => {
    const job = newJob();
    await insertJobs(records.steady, [job]);
    return job;
  };
  const begin = async (job_id: string, node_key: string) => {
    const start = { job_id, queue: "q", node_key, node_name: node_key, replica: "here", now: 1 };
    const [begun] = await beginAttempts(records.steady, [start], MAX_ATTEMPTS);
    return begun;
  };
  const codes = async (id: string) => {
    const { db } = records;
    const rows = await db
      .selectFrom("attempt")
      .selectAll()
      .where("job_id", "=", id)
      .orderBy("n")
      .execute();
    for (const row of rows) assert.notEqual(row.ended_at, null, `attempt ${row.n} is open`);
    return rows.map((row) => row.code);
  };

  it("are closed when it is given up while nobody leads it", async () => {
    const { id } = await asked();
    await begin(id, "a");
    const ended = await endJob(records.db, id, "failed", notices.tooManyAttempts(1), 2);
    assert.deepEqual(ended, { queue: "q", reply_to: [] });
    assert.deepEqual(await codes(id), ["pool_restarted"]);
    assert.equal(await endJob(records.db, id, "failed", notices.tooManyAttempts(1), 3), null);
  });

  it("are closed with its answer, also one that began unseen beside the one that answered", async () => {
    const { id } = await asked();
    await begin(id, "a");
    await begin(id, "b");
    await records.db
      .updateTable("attempt")
      .set({ ended_at: null, code: null })
      .where("job_id", "=", id)
      .where("n", "=", 1)
      .execute();
    assert.deepEqual(await storeAnswers(records.steady, [answer(id, 2)]), [true]);
    assert.deepEqual(await codes(id), ["pool_restarted", "answered"]);
  });

  it("count the one that was given up a moment before its answer came as answered", async () => {
    const { id } = await asked();
    await begin(id, "a");
    const lost = { job_id: id, attempt: 1, code: "node_left", message: "", now: 2 } as const;
    const moved = await loseAttempt(records.db, { ...lost, maxAttempts: MAX_ATTEMPTS });
    assert.equal(moved?.state, "queued");
    assert.deepEqual(await storeAnswers(records.steady, [answer(id, 1)]), [true]);
    assert.deepEqual(await codes(id), ["answered"]);
  });
});

function answer(job_id: string, attempt: number): AnswerRows {
  return {
    ...{ job_id, attempt, state: "done", now: 5, text: "hello", finish_reason: "stop" },
    ...{ token_ids: "", prompt_tokens: 1, completion_tokens: 1, turns_dropped: 0 },
    ...{ load_ms: 0, prefill_ms: 0, generate_ms: 0, node_key: "b", node_name: "b" },
    engine: {
      name: "echo",
      library: "l",
      release: "1",
      backend: "none",
      threads: 0,
      system: "",
      auditable: false,
    },
    ...{ auditable: false, answer_sha256: "s", lineage_digest: "d", receipt_id: "r" },
    ...{ envelope: "{}", manifest: "{}", checks: [], leaf: job_id, leaf_salt: "s" },
  };
}
