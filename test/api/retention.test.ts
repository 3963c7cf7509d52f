// How long words are kept: the room's days, else the community's, else the pool's.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { insertJobs } from "../../api/jobs/insert.ts";
import { sweepTexts } from "../../api/members/retention.ts";
import { communityScope, POOL_SCOPE, roomScope } from "../../api/policy/scope.ts";
import type { Records } from "../../api/storage/open.ts";
import { newJob } from "./support/new-job.ts";
import { openOwnRecords } from "./support/own-records.ts";

const DAY_MS = 86_400_000;
const NOW = 1000 * DAY_MS;

describe("what is kept of words", () => {
  let records: Records;
  before(async () => {
    records = await openOwnRecords();
  });
  after(() => records.close());

  /** Days for which each place keeps words under these settings (null: for ever), found out by sweeping. */
  async function kept(
    settings: Record<string, number | null>,
    places: readonly (readonly [community: string, room: string])[],
  ): Promise<(number | null)[]> {
    const { db } = records;
    await db.deleteFrom("job").execute();
    await db.deleteFrom("policy").execute();
    const values = Object.entries(settings).map(([scope, days]) => ({
      ...{ scope, key: "retention_days", value: JSON.stringify(days), revision: 1, set_at: 0 },
      set_by: '{"kind":"operator"}',
    }));
    if (values.length > 0) await db.insertInto("policy").values(values).execute();
    // Asked so many days and an hour ago.
    const ages = [0, 1, 2, 3, 5, 8, 13, 900];
    const jobs = places.flatMap(([community, room]) =>
      ages.map((days) => {
        const created_at = NOW - days * DAY_MS - DAY_MS / 24;
        const ended = { state: "failed", created_at, finished_at: created_at + 1 } as const;
        return { ...newJob(), ...ended, community, room };
      }),
    );
    await insertJobs(db, jobs);
    const log = { info() {} } as unknown as Parameters<typeof sweepTexts>[0]["log"];
    await sweepTexts({ db, log, clock: () => NOW });
    const rows = await db.selectFrom("job").select(["id", "erased_at"]).execute();
    const erased = new Set(rows.filter((row) => row.erased_at !== null).map((row) => row.id));
    return places.map((_, at) => {
      const own = jobs.slice(at * ages.length, (at + 1) * ages.length);
      const first = own.findIndex((job) => erased.has(job.id));
      if (first < 0) return null;
      assert(own.slice(first).every((job) => erased.has(job.id)));
      return ages[first] as number;
    });
  }

  const PLACES = [
    ["a", "one"],
    ["a", "two"],
    ["b", "one"],
    ["c", "one"],
    ["c", "two"],
    ["d", "one"],
  ] as const;

  it("is all of it where nobody has set anything", async () => {
    assert.deepEqual(await kept({}, PLACES), [null, null, null, null, null, null]);
  });

  it("follows the nearest setting, longer or shorter or for ever", async () => {
    const settings = {
      [POOL_SCOPE]: 8,
      [communityScope("a")]: 3,
      [roomScope("a", "two")]: 13,
      [communityScope("b")]: null,
      [roomScope("c", "one")]: 1,
      [roomScope("c", "two")]: null,
    };
    assert.deepEqual(await kept(settings, PLACES), [3, 13, null, 1, null, 8]);
  });

  it("follows communities and rooms where the pool keeps all", async () => {
    const settings = {
      [communityScope("a")]: 5,
      [roomScope("a", "one")]: 2,
      [roomScope("b", "one")]: 8,
      [roomScope("d", "elsewhere")]: 1,
    };
    assert.deepEqual(await kept(settings, PLACES), [2, 5, 8, null, null, null]);
  });
});
