// Invites: how a volunteer's machine comes into a pool, and everything that must not get in with one.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { sql } from "kysely";
import { openRecords } from "../../api/storage/open.ts";
import { inviteText, readInvite } from "../../protocol/invite-text.ts";
import type { Invite, InviteCreated, InviteList } from "../../protocol/wire/invites.ts";
import { type Service, scratch, startPostgres, startRedis } from "../support/services.ts";
import { FakeNode } from "./support/fake-node.ts";
import { TestPool } from "./support/pool.ts";

const DAY = 86_400_000;
let postgres: Service;
let redis: Service;
let pool: TestPool;
let clock = 0;

before(async () => {
  [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  pool = await TestPool.start(
    { databaseUrl: postgres.url, redisUrl: redis.url, poolModerators: ["local:chief"] },
    { clock: () => Date.now() + clock },
  );
});
after(async () => {
  await pool.close();
  await Promise.all([postgres.stop(), redis.stop()]);
});

async function make(body: object = {}): Promise<InviteCreated> {
  const made = await pool.post("/v1/invites", { url: pool.api.url, ...body });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body as InviteCreated;
}

const secretOf = (text: string) => readInvite(text).secret;

async function bring(invite: string, node = new FakeNode("volunteer"), api = pool.api) {
  node.invite = secretOf(invite);
  const answer = await node.connect(api.url);
  node.socket.close();
  return answer.type === "refused" ? answer.code : answer.type;
}

async function rows<T>(query: string): Promise<T[]> {
  const records = await openRecords(postgres.url, scratch("records-"), () => {});
  try {
    return (await sql.raw<T>(query).execute(records.db)).rows;
  } finally {
    await records.close();
  }
}

async function invites(community?: string): Promise<Invite[]> {
  const query = community === undefined ? "" : `?community=${community}`;
  return (await pool.get<InviteList>(`/v1/invites${query}`)).invites;
}

const revoke = (id: string, body: object = {}) =>
  pool.request(`/v1/invites/${id}`, {
    method: "DELETE",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

describe("an invite", () => {
  it("lets one machine in, once, and says whose it is and who trusts it", async () => {
    const { invite, text, command } = await make({
      community: "grove",
      trust: "trusted",
      owner: "local:ada",
      note: "Ada's gaming PC",
    });
    assert.equal(command, `npm run worker -- join ${text}`);
    const node = new FakeNode("ada's");
    assert.equal(await bring(text, node), "welcome");
    assert.equal(await bring(text), "invite_used");
    const [used] = (await invites("grove")).filter((each) => each.id === invite.id);
    assert.equal(used?.state, "used");
    assert.equal(used?.usedByNode, node.key.keyId);
    const trust = await rows<{ class: string; community: string; account: string }>(
      `select t.class, t.community, a.account from node_trust t
        join node_owner o using (node_key) join account a using (person_id)
        where t.node_key = '${node.key.keyId}'`,
    );
    assert.deepEqual(trust, [{ class: "trusted", community: "grove", account: "local:ada" }]);
    assert.equal((await revoke(invite.id)).status, 409);
  });

  it("may be brought again by the machine that used it: its welcome may have been lost", async () => {
    const { text } = await make();
    const node = new FakeNode("twice");
    assert.equal(await bring(text, node), "welcome");
    assert.equal(await bring(text, node), "welcome");
  });

  it("lets exactly one of twenty in that bring it in the same instant to two replicas", async () => {
    const second = await TestPool.start(
      { databaseUrl: postgres.url, redisUrl: redis.url },
      {},
      pool,
    );
    try {
      const { text } = await make();
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          bring(text, new FakeNode(`racer ${i}`), (i % 2 ? second : pool).api),
        ),
      );
      assert.equal(answers.filter((answer) => answer === "welcome").length, 1);
      assert.equal(answers.filter((answer) => answer === "invite_used").length, 19);
    } finally {
      await second.api.close();
    }
  });

  it("is no good when it has expired, was taken back, or was never made", async () => {
    const expired = await make({ lifetimeMs: 60_000 });
    const revoked = await make();
    assert.equal((await revoke(revoked.invite.id)).status, 200);
    assert.equal((await revoke(revoked.invite.id)).status, 200, "safe to repeat");
    clock += 61_000;
    assert.equal(await bring(expired.text), "invite_expired");
    assert.equal(await bring(revoked.text), "invite_revoked");
    const { poolKeyId } = readInvite(revoked.text);
    const forged = inviteText({ url: pool.api.url, poolKeyId, secret: "A".repeat(43) });
    assert.equal(await bring(forged), "invite_unknown");
    const list = await invites();
    assert.equal(list.find(({ id }) => id === expired.invite.id)?.state, "expired");
    assert.equal(list.find(({ id }) => id === revoked.invite.id)?.state, "revoked");
  });

  it("keeps its secret: neither records, lists nor logs hold it", async () => {
    const { text } = await make();
    const secret = secretOf(text);
    await bring(text);
    await bring(text);
    assert(!JSON.stringify(await invites()).includes(secret));
    assert(!JSON.stringify(await rows("select * from invite")).includes(secret));
    assert(!pool.log.join("").includes(secret));
  });

  it("is made by moderators for their own community only", async () => {
    const moderator = { account: "d:mod", moderator: true, roles: [] };
    const member = { account: "d:member", moderator: false, roles: [] };
    const attempt = async (body: object) => (await pool.post("/v1/invites", body)).status;
    assert.equal(await attempt({ actor: moderator, community: "grove", trust: "own" }), 201);
    assert.equal(await attempt({ actor: member, community: "grove" }), 403);
    assert.equal(await attempt({ actor: moderator }), 403, "the whole pool is not theirs");
    const elsewhere = { ...moderator, community: "meadow" };
    assert.equal(await attempt({ actor: elsewhere, community: "grove" }), 403);
    assert.equal(await attempt({ actor: { ...member, account: "local:chief" } }), 201);
    assert.equal(await attempt({ trust: "own" }), 400, "own for whom?");
    const { invite } = await make({ community: "grove" });
    assert.equal((await revoke(invite.id, { actor: elsewhere })).status, 403);
    assert.equal(
      (await revoke(invite.id, { actor: { ...moderator, community: "grove" } })).status,
      200,
    );
  });

  it("refuses wishes that make no sense", async () => {
    const { post } = pool;
    for (const body of [
      { lifetimeMs: 1 },
      { lifetimeMs: 91 * DAY },
      { trust: "royal", community: "c" },
      { url: "ftp://pool" },
      { url: "javascript:alert(1)" },
      { note: "x".repeat(201) },
      { secret: "mine" },
    ]) {
      const { status } = await post.call(pool, "/v1/invites", body);
      assert.equal(status, 400, JSON.stringify(body));
    }
    assert.equal((await pool.request("/v1/invites", { method: "GET", token: "no" })).status, 401);
  });
});

describe("the text of an invite", () => {
  it("survives being broken by a chat program, and says when it is damaged", async () => {
    const { text } = await make();
    const broken = `  ${text.slice(0, 40)}\n${text.slice(40)} `;
    assert.deepEqual(readInvite(broken), readInvite(text));
    for (const bad of [text.slice(0, -9), `${text}AAAA`, text.replace(/.$/, "!"), "substrate1."]) {
      assert.throws(() => readInvite(bad), { name: "BadInvite", message: /damaged/ }, bad);
    }
    assert.throws(() => readInvite("hello"), /begins with "substrate1\."/);
    const swapped = Buffer.from('{"k":1,"s":2,"u":"file:///etc/passwd"}').toString("base64url");
    assert.throws(() => readInvite(`substrate1.${swapped}`), /damaged/);
  });
});
