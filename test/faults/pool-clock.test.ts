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

  /** What came of a reading, and by how many milliseconds it may be wrong: half of the time that it took. */
  const timed = async <T>(reading: () => Promise<T>): Promise<[T, number]> => {
    const begun = performance.now();
    const read = await reading();
    return [read, (performance.now() - begun) / 2 + 1];
  };

  const agrees = async (clock: PoolClock, off: number) => {
    const [before, now, after] = [await databaseTime(), clock.now(), await databaseTime()];
    assert(
      now >= before - off && now <= after + off,
      `${now} is not in ${before} … ${after}, ± ${off}`,
    );
  };

  it("is the database's, also where the machine's is an hour ahead", async () => {
    const wallClock = Date.now;
    mock.method(Date, "now", () => wallClock() + HOUR_MS);
    const [clock, off] = await timed(() => PoolClock.open(records.db));
    await agrees(clock, off);
    mock.reset();
    await agrees(clock, off);
  });

  it("is taken over anew when the machine slept", async () => {
    let slept = 0;
    const [clock, first] = await timed(() =>
      PoolClock.open(records.db, () => performance.now() - slept),
    );
    slept = HOUR_MS;
    const [moved, second] = await timed(() => clock.check());
    assert(Math.abs(moved - HOUR_MS) < first + second, `${moved}`);
    await agrees(clock, second);
    const [again, third] = await timed(() => clock.check());
    assert(again === 0 || Math.abs(again) < second + third, `${again}`);
  });

  it("does not trust a reading that took long", async () => {
    let slow = 0;
    const [clock, off] = await timed(() =>
      PoolClock.open(records.db, () => performance.now() + slow),
    );
    const reading = clock.check();
    slow = HOUR_MS;
    assert.equal(await reading, 0);
    slow = 0;
    await agrees(clock, off);
  });

  it("begins with the quickest of several readings", async () => {
    let looks = 0;
    // The first reading is held up for ten seconds.
    const held = () => performance.now() + (looks++ === 0 ? 0 : 10_000);
    const [clock, off] = await timed(() => PoolClock.open(records.db, held));
    await agrees(clock, off);
  });
});
