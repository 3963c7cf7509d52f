// A replica whose machine's clock is wrong, or is set while it runs, goes by the database's.
import assert from "node:assert/strict";
import { after, before, describe, it, mock } from "node:test";
import { sql } from "kysely";
import { openRecords, type Records } from "../../api/storage/open.ts";
import { PoolClock } from "../../api/storage/pool-clock.ts";
import { type Service, startPostgres } from "../support/services.ts";

const HOUR_MS = 3_600_000;

describe("the pool's clock", () => {
  let postgres: Service;
  let records: Records;
  before(async () => {
    postgres = await startPostgres();
    records = await openRecords(postgres.url, "", () => {});
  });
  after(async () => {
    await records.close();
    await postgres.stop();
  });

  const databaseTime = async () => {
    const { rows } = await sql<{ ms: number }>`
      select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`.execute(records.db);
    return rows[0]!.ms;
  };

  const agrees = async (clock: PoolClock) => {
    const [before, now, after] = [await databaseTime(), clock.now(), await databaseTime()];
    assert(now >= before - 60 && now <= after + 60, `${now} is not in ${before} … ${after}`);
  };

  it("is the database's, also where the machine's is an hour ahead", async () => {
    const wallClock = Date.now;
    mock.method(Date, "now", () => wallClock() + HOUR_MS);
    const clock = await PoolClock.open(records.db);
    await agrees(clock);
    mock.reset();
    await agrees(clock);
  });

  it("is taken over anew when the machine slept", async () => {
    let slept = 0;
    const clock = await PoolClock.open(records.db, () => performance.now() - slept);
    slept = HOUR_MS;
    assert(Math.abs((await clock.check()) - HOUR_MS) < 60);
    await agrees(clock);
    assert.equal(await clock.check(), 0);
  });

  it("does not trust a reading that took long", async () => {
    let slow = 0;
    const clock = await PoolClock.open(records.db, () => performance.now() + slow);
    const reading = clock.check();
    slow = HOUR_MS;
    assert.equal(await reading, 0);
    slow = 0;
    await agrees(clock);
  });
});
