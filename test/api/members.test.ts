// Persons: linked accounts, quotas and what machines earn; taking one's words along and having them erased.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { personOf, samePerson } from "../../api/members/person.ts";
import { dayOf, quotaView } from "../../api/members/quota.ts";
import { openRecords, type Records } from "../../api/storage/open.ts";
import type { Job } from "../../protocol/wire/http.ts";
import type { Erased, Member, MemberData } from "../../protocol/wire/members.ts";
import { type Service, scratch, startPostgres, startRedis } from "../support/services.ts";
import { FakeNode } from "./support/fake-node.ts";
import { clockFromNoon, question, TestPool } from "./support/pool.ts";

const DAY_MS = 86_400_000;
const limits = { pollMs: 100, reconcileMs: 300, eraseMs: 200, placeMs: 100 };
const CHIEF = { account: "chief", moderator: true, roles: [] };

describe("members", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  let records: Records;
  let node: FakeNode;
  /** Moved ahead by tests that let days pass. */
  let later = 0;
  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const settings = { redisUrl: redis.url, databaseUrl: postgres.url };
    const clock = clockFromNoon();
    pool = await TestPool.start(settings, { limits, clock: () => clock() + later });
    records = await openRecords(postgres.url, scratch("members-"), (error) => {
      throw error;
    });
    node = await pool.node("echo", new FakeNode("echo").echo());
  });
  after(async () => {
    await pool.close();
    await records.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  const member = (account: string, community: string) =>
    pool.get<Member>(`/v1/members/${encodeURIComponent(account)}?community=${community}`);
  const settle = (community: string, changes: object) =>
    pool.send("PUT", `/v1/communities/${community}/policy`, { actor: CHIEF, changes });
  const link = (account: string, person: string) =>
    records.db
      .updateTable("account")
      .set({ person_id: person })
      .where("account", "=", account)
      .execute();
  const answered = async (prompt: string, more: object = {}) =>
    pool.ended((await pool.ask(prompt, more)).id);

  it("are one person from the first use, however many ask at once", async () => {
    const asked = await Promise.all(
      Array.from({ length: 12 }, () => personOf(records.db, "discord:1", 5)),
    );
    assert.equal(new Set(asked).size, 1);
    const { rows } = await sql`select 1 from person p where not exists (
      select 1 from account a where a.person_id = p.id)`.execute(records.db);
    assert.equal(rows.length, 0);
    assert.equal(await samePerson(records.db, "discord:1", "discord:2"), false);
    assert.equal(await samePerson(records.db, "nobody", "nobody"), true);
  });

  it("share one quota over linked accounts, and one right to stop", async () => {
    const person = await personOf(records.db, "discord:ada", 1);
    await personOf(records.db, "matrix:@ada:home", 2);
    await link("matrix:@ada:home", person);
    await settle("c1", { quota_per_day: 2 });
    const ask = (account: string, more: object = {}) =>
      pool.send<Job>(
        "POST",
        "/v1/jobs",
        question("hi", { community: "c1", member: account, ...more }),
      );
    assert.equal((await ask("discord:ada")).status, 201);
    const second = await ask("matrix:@ada:home");
    assert.equal(second.status, 201);
    assert.equal((await ask("discord:ada")).code, "quota_reached");
    assert.equal((await ask("matrix:@ada:home")).code, "quota_reached");
    const { accounts, quota } = await member("matrix:@ada:home", "c1");
    assert.deepEqual(
      accounts.map((each) => each.account),
      ["discord:ada", "matrix:@ada:home"],
    );
    assert.deepEqual([quota.used, quota.left], [2, 0]);
    const stopped = await pool.send("POST", `/v1/jobs/${second.body.id}/cancel`, {
      member: "discord:ada",
    });
    assert.equal(stopped.status, 200);
  });

  it("may ask one more for each answer their own machines gave in the last 24 hours", async () => {
    await settle("c2", { quota_per_day: 1 });
    const person_id = await personOf(records.db, "owner", 1);
    await answered("someone else's question", { community: "c9" });
    await records.db.deleteFrom("node_owner").execute();
    const node_key = node.key.keyId;
    await records.db.insertInto("node_owner").values({ node_key, person_id, since: 1 }).execute();
    const { quota, nodes, credits } = await member("owner", "c2");
    assert(quota.bonus >= 1);
    assert.equal(quota.left, 1 + quota.bonus);
    assert.equal(nodes[0]?.keyId, node_key);
    assert.equal(nodes[0]?.answers, quota.bonus);
    assert(nodes[0]?.online && credits > 0);
    assert.equal((await member("stranger", "c2")).quota.bonus, 0);
    await records.db.deleteFrom("node_owner").execute();
  });

  it("take along what they wrote, and have it erased while receipts and credits stay", async () => {
    const mine = { community: "c3", member: "discord:bo" };
    const first = await answered("my secret is xyzzy", mine);
    const theirs = await answered("and then?", {
      community: "c3",
      member: "eve",
      continues: first.id,
    });
    const data = await pool.get<MemberData>("/v1/members/discord%3Abo/data");
    assert.deepEqual(
      data.questions.map(({ id, prompt, answer }) => [id, prompt, answer?.text]),
      [[first.id, "my secret is xyzzy", "Echo: my secret is xyzzy"]],
    );
    const leaves = async () =>
      (await records.db.selectFrom("log_leaf").select("commitment").execute()).length;
    const before = { leaves: await leaves(), provenance: await pool.provenance(first.id) };

    const erased = await pool.send<Erased>("DELETE", "/v1/members/discord%3Abo/data");
    assert.deepEqual([erased.body.questions, erased.body.stopped], [1, 0]);
    assert.match(erased.body.message, /One question and its answer are erased/);
    const job = await pool.job(first.id);
    assert.deepEqual([job.state, job.answer, job.notice?.code], ["done", null, "erased"]);
    assert(job.erasedAt! > 0);
    const gone = await pool.request(`/v1/jobs/${first.id}/provenance`);
    assert.equal(gone.status, 410);
    const { message } = ((await gone.json()) as { error: { message: string } }).error;
    for (const stays of [before.provenance.receipt.id, before.provenance.receipt.leaf]) {
      assert(message.includes(stays), message);
    }
    assert.equal(await leaves(), before.leaves);
    const { rows: credit } =
      await sql`select 1 from credit where job_id = ${first.id}::uuid`.execute(records.db);
    assert.equal(credit.length, 1);
    // The words are nowhere, not even in the order of the turn that followed.
    for (const table of ["job", "result", "receipt"]) {
      const { rows } = await sql<{ row: string }>`
        select to_jsonb(t)::text as row from ${sql.table(table)} t`.execute(records.db);
      for (const { row } of rows) {
        assert(!row.includes("xyzzy"), table);
      }
    }
    const manifests = await records.db.selectFrom("receipt").select("manifest").execute();
    for (const { manifest } of manifests) {
      if (manifest === "") continue;
      const { payload } = JSON.parse(manifest) as { payload: string };
      assert(!Buffer.from(payload, "base64").toString().includes("xyzzy"));
    }
    // The other's answer stands; its order is gone, and it says so.
    assert.equal((await pool.provenance(theirs.id)).job.answer?.text, "Echo: and then?");
    const pack = await pool.request(`/v1/jobs/${theirs.id}/export`);
    assert.equal(pack.status, 410);
    assert.match(await pack.text(), /order_erased/);
    assert.equal(
      (
        await pool.send("POST", `/v1/jobs/${first.id}/again`, {
          member: "discord:bo",
          requestKey: "x",
        })
      ).code,
      "erased",
    );
    const twice = await pool.send<Erased>("DELETE", "/v1/members/discord%3Abo/data");
    assert.equal(twice.body.questions, 0);
    assert.equal(
      (await pool.get<MemberData>("/v1/members/discord%3Abo/data")).questions[0]?.prompt,
      "",
    );
  });

  it("have what is still being answered stopped and erased, and their day's quota stays used", async () => {
    await settle("c4", { quota_per_day: 1 });
    node.removeAllListeners("job");
    const handed = node.nextJob();
    const more = { community: "c4", member: "bea" };
    const job = await pool.ask("half a secret", more);
    const work = await handed;
    node.say(work, "Echo: half");
    const stop = node.nextFrame("stop");
    const erased = await pool.send<Erased>("DELETE", "/v1/members/bea/data");
    assert.equal(erased.body.stopped, 1);
    await stop;
    node.finish(work, "stopped");
    node.echo();
    await pool.until(async () => {
      const row = await records.db
        .selectFrom("job")
        .select("prompt")
        .where("id", "=", job.id)
        .executeTakeFirstOrThrow();
      return row.prompt === "";
    });
    assert.equal((await pool.job(job.id)).answer, null);
    const refused = await pool.send("POST", "/v1/jobs", question("once more", more));
    assert.equal(refused.code, "quota_reached");
  });

  it("have texts erased when their place keeps them no longer", async () => {
    await settle("c5", { retention_days: 30 });
    const kept = await answered("kept for ever", { community: "c6" });
    const old = await answered("for a month", { community: "c5" });
    later = 29 * DAY_MS;
    const young = await answered("younger", { community: "c5" });
    later = 31 * DAY_MS;
    await pool.until(async () => (await pool.job(old.id)).answer === null);
    assert.equal((await pool.job(old.id)).notice?.code, "erased");
    assert.equal((await pool.job(young.id)).answer?.text, "Echo: younger");
    assert.equal((await pool.job(kept.id)).answer?.text, "Echo: kept for ever");
  });

  it("may have ids of 255 characters, and no longer ones", async () => {
    const long = `matrix:@${"ä".repeat(240)}:home`;
    assert.equal((await member(long.slice(0, 255), "c")).accounts.length, 1);
    const path = `/v1/members/${encodeURIComponent("x".repeat(300))}`;
    assert.equal((await pool.request(path)).status, 400);
  });
});

describe("a day's quota", () => {
  it("begins anew at midnight UTC", () => {
    const noon = Date.UTC(2026, 10, 23, 12);
    assert.deepEqual(dayOf(noon), {
      begin: Date.UTC(2026, 10, 23),
      end: Date.UTC(2026, 10, 24),
    });
    assert.equal(dayOf(Date.UTC(2026, 10, 24)).begin, Date.UTC(2026, 10, 24));
    const view = quotaView({ limit: 3, community: null }, { used: 9, bonus: 2 }, noon);
    assert.deepEqual([view.left, view.resetsAt], [0, Date.UTC(2026, 10, 24)]);
  });
});
