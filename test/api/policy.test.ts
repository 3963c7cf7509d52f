// Settings of communities, rooms and the pool: who may change what, and what then holds.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setPolicy } from "../../api/policy/set.ts";
import { openRecords } from "../../api/storage/open.ts";
import type { Policy, PolicyChanges } from "../../protocol/wire/policy.ts";
import { type Service, scratch, startPostgres } from "../support/services.ts";
import { TestPool } from "./support/pool.ts";

const CHIEF = { account: "chief", moderator: true, roles: [] };
const MEMBER = { account: "member", moderator: false, roles: ["r1"] };

describe("settings", () => {
  let pool: TestPool;
  before(async () => {
    pool = await TestPool.start({ poolModerators: ["root"] });
  });
  after(() => pool.close());

  const path = (community: string, room?: string) =>
    `/v1/communities/${encodeURIComponent(community)}/policy${room === undefined ? "" : `?room=${encodeURIComponent(room)}`}`;
  const read = async (community: string, room?: string) => {
    const { entries } = await pool.get<Policy>(path(community, room));
    return Object.fromEntries(entries.map((entry) => [entry.key, entry]));
  };
  const put = async (where: string, body: object) => pool.send("PUT", where, body);
  const change = (community: string, changes: object, more: object = {}) =>
    put(path(community), { actor: CHIEF, changes, ...more });

  it("hold as by default where nobody has set anything", async () => {
    const { quota_per_day, may_ask, privacy } = await read("untouched");
    assert.deepEqual(quota_per_day, {
      ...{ key: "quota_per_day", value: null, level: "default", setBy: null, setAt: null },
      open: true,
    });
    assert.equal(may_ask?.value, "everyone");
    assert.equal(privacy?.value, "open");
  });

  it("hold from the nearest place: room, else community, else pool", async () => {
    await put("/v1/policy", {
      actor: { account: "root", moderator: false, roles: [] },
      changes: { quota_per_day: 30, language: "en" },
    });
    await change("c1", { quota_per_day: 20 });
    await change("c1", { quota_per_day: 5 }, { room: "a room/with: signs%" });
    const room = await read("c1", "a room/with: signs%");
    assert.deepEqual([room.quota_per_day?.value, room.quota_per_day?.level], [5, "room"]);
    assert.deepEqual((await read("c1", "other")).quota_per_day?.value, 20);
    assert.deepEqual((await read("c2")).quota_per_day?.level, "pool");
    assert.equal(room.language?.value, "en");
    // The same room name in another community is another room.
    assert.equal((await read("c2", "a room/with: signs%")).quota_per_day?.value, 30);
  });

  it("follow the wider place again when unset", async () => {
    await change("c3", { language: "de" });
    const { status } = await change("c3", {}, { unset: ["language"] });
    assert.equal(status, 200);
    assert.notEqual((await read("c3")).language?.level, "community");
  });

  it("are changed by moderators of that very place only", async () => {
    const asMember = await put(path("c4"), { actor: MEMBER, changes: { language: "fr" } });
    assert.deepEqual([asMember.status, asMember.code], [403, "not_moderator"]);
    const foreign = { ...CHIEF, community: "another" };
    const fromElsewhere = await put(path("c4"), { actor: foreign, changes: { language: "fr" } });
    assert.equal(fromElsewhere.status, 403);
    await change("c4", { moderator_roles: ["r1"] });
    const byRole = await put(path("c4"), { actor: MEMBER, changes: { language: "fr" } });
    assert.equal(byRole.status, 200);
    const poolWide = await put("/v1/policy", { actor: CHIEF, changes: { language: "fr" } });
    assert.deepEqual([poolWide.status, poolWide.code], [403, "not_pool_moderator"]);
  });

  it("are refused with what to write, all of them together", async () => {
    const cases: [object, string, RegExp][] = [
      [{ quota_per_day: 0 }, "policy_value", /a number from 1 to/],
      [{ quota_per_day: "20" }, "policy_value", /Questions a day/],
      [{ system_prompt: "x".repeat(4001) }, "policy_value", /4,000 characters/],
      [{ privacy: "secret" }, "policy_value", /"own", "trusted" or "open"/],
      [{ may_ask: { roles: [] } }, "policy_value", /at least one role/],
      [{ models_allowed: ["a".repeat(64)] }, "policy_level", /only for: pool/],
      [{ nonsense: 1 }, "policy_unknown_key", /Settings: channels_allowed/],
      [{ __proto__x: 1, constructor: 2 }, "policy_unknown_key", /no setting/],
      [{ default_model: "no such model" }, "model_unknown", /no such model/],
      [{ retention_days: 30, quota_per_day: -1 }, "policy_value", /Questions a day/],
    ];
    for (const [changes, code, words] of cases) {
      const refused = await change("c5", changes);
      assert.equal(refused.code, code, JSON.stringify(changes).slice(0, 80));
      assert.match(refused.message!, words);
    }
    assert.equal((await read("c5")).retention_days?.level, "default");
    const level = await change("c5", { report_room: "x" }, { room: "y" });
    assert.deepEqual([level.status, level.code], [400, "policy_level"]);
  });

  it("are not changed by somebody who saw an older value", async () => {
    await change("c6", { quota_per_day: 7 });
    const stale = await change("c6", { quota_per_day: 9 }, { expected: { quota_per_day: 8 } });
    assert.deepEqual([stale.status, stale.code], [409, "policy_stale"]);
    assert.match(stale.message!, /it is 7 now/);
    const both = await Promise.all(
      [10, 11].map((value) =>
        change("c6", { quota_per_day: value }, { expected: { quota_per_day: 7 } }),
      ),
    );
    assert.deepEqual(both.map((each) => each.status).sort(), [200, 409]);
  });

  it("list every change: who, when, from what to what", async () => {
    const before = Date.now();
    await change("c7", { quota_per_day: 7 });
    await change("c7", { quota_per_day: null });
    await change("c7", { quota_per_day: null });
    await change("c7", { language: "en" }, { room: "r" });
    await change("c7", {}, { unset: ["quota_per_day"] });
    const { changes } = await pool.get<PolicyChanges>("/v1/communities/c7/policy/changes");
    assert.deepEqual(
      changes.map(({ level, room, key, from, to }) => [level, room, key, from, to]),
      [
        ["community", null, "quota_per_day", null, null],
        ["room", "r", "language", null, "en"],
        ["community", null, "quota_per_day", 7, null],
        ["community", null, "quota_per_day", null, 7],
      ],
    );
    assert(changes.every(({ at }) => at >= before && at <= Date.now()));
    assert.deepEqual(changes[0]?.by, { kind: "moderator", account: "chief" });
  });

  it("take ids of 255 characters and refuse longer ones", async () => {
    const long = "é".repeat(255);
    assert.equal((await change(long, { language: "en" })).status, 200);
    assert.equal((await read(long)).language?.value, "en");
    assert.equal((await change("x".repeat(300), { language: "en" })).status, 400);
  });
});

describe("settings that members voted", () => {
  let postgres: Service;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  it("are changed by another vote only", async () => {
    const fail = (error: Error) => {
      throw error;
    };
    const { db, close } = await openRecords(postgres.url, scratch("policy-"), fail);
    const set = (scope: string, value: unknown, by: Parameters<typeof setPolicy>[1]["by"]) =>
      db
        .transaction()
        .execute((trx) => setPolicy(trx, { scope, key: "quota_per_day", value, by, now: 1 }));
    const vote = (proposal: number) => ({ kind: "vote", proposal }) as const;
    const chief = { kind: "moderator", account: "chief" } as const;
    await set("community:c", 3, chief);
    await set("pool", 20, vote(12));
    for (const scope of ["pool", "community:c", "room:c/r"]) {
      await assert.rejects(set(scope, 50, chief), {
        code: "policy_voted",
        message: /decided by the members in proposal 12.*Propose a change/,
      });
    }
    // Back to what was voted is no change of it.
    await set("community:c", undefined, chief);
    await set("pool", 25, vote(13));
    await assert.rejects(
      db.transaction().execute((trx) =>
        setPolicy(trx, {
          ...{ scope: "pool", key: "quota_per_day", value: 30, by: vote(14), now: 2 },
          expected: 20,
        }),
      ),
      { code: "policy_stale", message: /it is 25 now/ },
    );
    await close();
  });
});
