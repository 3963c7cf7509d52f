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

  it("survive a connection that is cut in the middle of a statement", async () => {
    // Without a listener on the borrowed connection its error would end the process.
    const heard = Promise.withResolvers<Error>();
    const records = await openRecords(postgres.url, "", heard.resolve);
    const outside = new pg.Client(postgres.url);
    await outside.connect();
    const statement = sql`select pg_sleep(20)`.execute(records.db);
    const failed = assert.rejects(statement, /terminat/);
    for (let cut = 0; cut === 0; ) {
      const { rowCount } = await outside.query(
        "select pg_terminate_backend(pid) from pg_stat_activity where query = 'select pg_sleep(20)' and wait_event = 'PgSleep'",
      );
      cut = rowCount ?? 0;
    }
    await failed;
    await heard.promise;
    const { rows } = await sql<{ one: number }>`select 1 as one`.execute(records.db);
    assert.equal(rows[0]?.one, 1);
    await outside.end();
    await records.close();
  });
});
