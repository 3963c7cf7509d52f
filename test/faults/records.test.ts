// The records' connection to PostgreSQL when it breaks, and when several replicas open it at once.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import pg from "pg";
import { openRecords } from "../../api/storage/open.ts";
import { type Service, startPostgres } from "../support/services.ts";

describe("the records in PostgreSQL", () => {
  let postgres: Service;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  it("are brought up to date once when four replicas start together on an empty database", async () => {
    const opened = await Promise.all(
      Array.from({ length: 4 }, () => openRecords(postgres.url, "", () => {})),
    );
    const { rows } = await sql<{ name: string; times: number }>`
      select name, count(*)::int as times from kysely_migration group by name`.execute(
      opened[0]!.db,
    );
    assert(rows.length > 0);
    assert(rows.every((row) => row.times === 1));
    await Promise.all(opened.map((records) => records.close()));
  });

  it("survive a connection whose other end is killed in the middle of a statement", async () => {
    // Without a listener on the borrowed connection its error would end the process.
    const heard = Promise.withResolvers<Error>();
    const records = await openRecords(postgres.url, "", heard.resolve);
    const outside = new pg.Client(postgres.url);
    outside.on("error", () => {});
    await outside.connect();
    const failed = assert.rejects(sql`select pg_sleep(20)`.execute(records.db));
    for (let killed = false; !killed; ) {
      const { rows } = await outside.query<{ pid: number }>(
        "select pid from pg_stat_activity where query = 'select pg_sleep(20)' and wait_event = 'PgSleep'",
      );
      for (const { pid } of rows) killed = process.kill(pid, "SIGKILL");
    }
    await failed;
    await heard.promise;
    // PostgreSQL has thrown everybody out and replays its log.
    await answering(postgres.url);
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(records.db);
    assert.equal(rows[0]?.one, 1);
    await records.close();
  });
});

async function answering(url: string): Promise<void> {
  for (const deadline = Date.now() + 20_000; ; ) {
    const client = new pg.Client(url);
    client.on("error", () => {});
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    } finally {
      await client.end().catch(() => {});
    }
  }
}
