// What moderators decide about nodes, what they see, and who may stop and see whose answers.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { tierTable } from "../../api/moderation/node-rules.ts";
import type { Job } from "../../protocol/wire/http.ts";
import type {
  CommunityNodes,
  Failures,
  NodeStandings,
  Report,
  Reports,
  Waiting,
} from "../../protocol/wire/moderation.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";
import { FakeNode } from "./support/fake-node.ts";
import { question, TestPool } from "./support/pool.ts";

const limits = { pollMs: 100, reconcileMs: 300, placeMs: 100 };
const ROOT = { account: "root", moderator: false, roles: [] };
const chiefOf = (community: string) => ({
  ...{ account: `chief of ${community}`, moderator: true, roles: [], community },
});
const nodePath = (node: FakeNode, what: "standing" | "trust") =>
  `/v1/nodes/${encodeURIComponent(node.key.keyId)}/${what}`;

describe("moderators and nodes", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  /** A second replica: what is decided at the first holds there. */
  let far: TestPool;
  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const settings = { redisUrl: redis.url, databaseUrl: postgres.url, poolModerators: ["root"] };
    pool = await TestPool.start(settings, { limits });
    far = await TestPool.start(settings, { limits }, pool);
  });
  after(async () => {
    await pool.close();
    await far.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  const decide = (node: FakeNode, scope: string, state: string, more: object = {}) =>
    pool.send<NodeStandings>("PUT", nodePath(node, "standing"), {
      ...{ scope, state, reason: "it answers nonsense" },
      ...{ actor: scope === "*" ? ROOT : chiefOf(scope), ...more },
    });
  const lift = (node: FakeNode, scope: string) =>
    pool.send("DELETE", nodePath(node, "standing"), {
      ...{ scope, actor: scope === "*" ? ROOT : chiefOf(scope) },
    });
  const away = async (...nodes: FakeNode[]) => {
    for (const node of nodes) node.kill();
    for (const node of nodes) await pool.untilOnline(node, false);
  };
  const as = (community: string) =>
    `?account=${encodeURIComponent(chiefOf(community).account)}&moderator=true`;

  it("keep a barred node's hands off their community's questions, and off nobody else's", async () => {
    const node = await pool.node("barred for c1", new FakeNode("barred for c1").echo());
    const { status, body } = await decide(node, "c1", "barred");
    assert.equal(status, 200);
    assert.deepEqual(
      body.standings.map(({ scope, state, reason, by, until }) => [
        scope,
        state,
        reason,
        by,
        until,
      ]),
      [["c1", "barred", "it answers nonsense", "chief of c1", null]],
    );
    const refused = await pool.send<Job>("POST", "/v1/jobs", question("x", { community: "c1" }));
    assert.deepEqual([refused.body.state, refused.body.notice?.code], ["failed", "no_node"]);
    const waits = await pool.ask("wait", { community: "c1", options: { wait: true } });
    // A question of another community behind it does not stand behind it.
    const other = await pool.ended((await pool.ask("hi", { community: "c2" })).id);
    assert.equal(other.state, "done");
    assert.equal((await pool.job(waits.id)).state, "queued");
    assert.equal((await lift(node, "c1")).status, 200);
    assert.equal((await pool.ended(waits.id)).state, "done");
    assert.equal((await lift(node, "c1")).code, "no_standing");
    await away(node);
  });

  it("move a running answer on when they bar its node, and let it be finished when they pause it", async () => {
    const bad = await far.node("bad");
    await pool.untilOnline(bad);
    const first = bad.nextJob();
    const job = await pool.ask("hello", { community: "c3" });
    await first;
    const good = await pool.node("good", new FakeNode("good").echo());
    await decide(bad, "c3", "barred");
    const ended = await pool.ended(job.id);
    assert.equal(ended.answer?.nodes[0]?.name, "good");
    assert.deepEqual(
      ended.lostAttempts.map((lost) => lost.code),
      ["node_barred"],
    );
    assert.match(ended.lostAttempts[0]!.message, /Moderators took the node “bad” out/);
    await away(good);
    await lift(bad, "c3");

    const second = bad.nextJob();
    const kept = await pool.ask("again", { community: "c3" });
    const work = await second;
    await decide(bad, "c3", "paused");
    bad.answer(work);
    assert.equal((await pool.ended(kept.id)).state, "done");
    const none = await pool.send<Job>("POST", "/v1/jobs", question("x", { community: "c3" }));
    assert.equal(none.body.state, "failed");
    await lift(bad, "c3");
    await away(bad);
  });

  it("bar a node from the whole pool: it is sent away with the reason, at every replica, until it is lifted", async () => {
    const node = await far.node("rogue");
    await pool.untilOnline(node);
    const told = node.nextFrame("refused");
    assert.equal(
      (await decide(node, "*", "barred", { actor: chiefOf("c1") })).code,
      "not_pool_moderator",
    );
    assert.equal((await decide(node, "*", "barred")).status, 200);
    assert.match((await told).message, /barred this node: it answers nonsense/);
    assert.equal((await node.whenClosed()).code, 1008);
    for (const each of [pool, far]) {
      const answer = await node.connect(each.api.url, each.api.enrolmentToken);
      assert.equal(answer.type === "refused" && answer.code, "barred");
    }
    await lift(node, "*");
    await far.connect(node);
    node.ready();
    await pool.untilOnline(node);
    await away(node);
  });

  it("let a node in again at a replica that word of it has not reached yet", async () => {
    const node = await pool.node("back at once");
    await decide(node, "*", "barred");
    await node.whenClosed();
    const refused = await pool.connect(node).catch((error: Error) => error.message);
    assert.match(refused ?? "", /"code":"barred"/);
    // As another replica does it, before it tells the others.
    const records = new pg.Client(postgres.url);
    await records.connect();
    await records.query("delete from node_standing where node_key = $1", [node.key.keyId]);
    await pool.connect(node);
    await records.end();
    await away(node);
  });

  it("let a standing end by itself", async () => {
    const node = await pool.node("resting", new FakeNode("resting").echo());
    // The pool goes by its database's time, which it knows to some milliseconds.
    const past = await decide(node, "*", "paused", { until: Date.now() - 60_000 });
    assert.deepEqual([past.status, past.code], [400, "until_past"]);
    await decide(node, "*", "paused", { until: Date.now() + 400 });
    const job = await pool.ask("later", { options: { wait: true } });
    assert.equal((await pool.ended(job.id)).state, "done");
    await away(node);
  });

  it("have questions of a private place answered by machines they trust only", async () => {
    const stranger = await pool.node("stranger", new FakeNode("stranger").echo());
    const friend = await far.node("friend", new FakeNode("friend").echo());
    const own = await pool.node("own", new FakeNode("own").echo());
    const trust = (node: FakeNode, how: string, actor: object = chiefOf("c4")) =>
      pool.send("PUT", nodePath(node, "trust"), { actor, community: "c4", class: how });
    assert.equal((await trust(friend, "trusted", chiefOf("c5"))).code, "not_moderator");
    await trust(friend, "trusted");
    await trust(own, "own");
    const answerers = async (privacy: "own" | "trusted" | undefined) => {
      const names = new Set<string>();
      for (let i = 0; i < 6; i++) {
        const more = privacy === undefined ? {} : { privacy };
        const job = await pool.ask(`question ${i}`, { community: "c4", ...more });
        names.add((await pool.ended(job.id)).answer!.nodes[0]!.name);
      }
      return [...names];
    };
    await pool.send("PUT", "/v1/communities/c4/policy", {
      ...{ actor: chiefOf("c4"), changes: { privacy: "trusted" } },
    });
    assert(!(await answerers(undefined)).includes("stranger"));
    // An ask may tighten the class, not widen it.
    assert.deepEqual(await answerers("own"), ["own"]);
    await trust(own, "open");
    await trust(friend, "open");
    const refused = await pool.send<Job>("POST", "/v1/jobs", question("x", { community: "c4" }));
    assert.match(refused.body.notice!.message, /No machine that this community trusts/);
    await away(stranger, friend, own);
  });

  it("keep waiting questions from strangers too, once their place has become private", async () => {
    const job = await pool.ask("quietly", { community: "c8", options: { wait: true } });
    await pool.send("PUT", "/v1/communities/c8/policy", {
      ...{ actor: chiefOf("c8"), changes: { privacy: "own" } },
    });
    await pool.until(async () => (await pool.job(job.id)).privacy === "own");
    const node = await pool.node("stranger at first", new FakeNode("stranger at first").echo());
    assert.equal((await pool.ended((await pool.ask("hi", { community: "c9" })).id)).state, "done");
    assert.equal((await pool.job(job.id)).state, "queued");
    await pool.send("PUT", nodePath(node, "trust"), {
      ...{ actor: chiefOf("c8"), community: "c8", class: "own" },
    });
    assert.equal((await pool.ended(job.id)).state, "done");
    await away(node);
  });

  it("see nodes, who waits and what failed; others do not", async () => {
    const node = await pool.node("seen", new FakeNode("seen").echo());
    await pool.ended((await pool.ask("hello", { community: "c6" })).id);
    await decide(node, "c6", "draining");
    const looked = async (by: string) => pool.get<CommunityNodes>(`/v1/communities/c6/nodes${by}`);
    const { nodes } = await looked("");
    assert.deepEqual(
      await Promise.all(
        ["", "?account=ada", as("c6"), `${as("c6")}&community=c7`].map(
          async (by) => (await looked(by)).mayDecide,
        ),
      ),
      [false, false, true, false],
      "everybody sees them, its moderators decide",
    );
    const seen = nodes.find((each) => each.keyId === node.key.keyId);
    assert.deepEqual(
      [seen?.trust, seen?.online, seen?.lastDay, seen?.standings.map((each) => each.state)],
      ["open", true, 1, ["draining"]],
    );
    await pool.send("POST", "/v1/jobs", question("x", { community: "c6" }));
    const waits = await pool.ask("x", { community: "c6", options: { wait: true }, member: "ada" });
    const waiting = await pool.get<Waiting>(`/v1/communities/c6/waiting${as("c6")}`);
    assert.deepEqual(
      waiting.jobs.map(({ id, member, ahead }) => [id, member, ahead]),
      [[waits.id, "ada", 0]],
    );
    assert.match(waiting.jobs[0]!.notice!, /No volunteer machine/);
    const failed = await pool.get<Failures>(`/v1/communities/c6/failures${as("c6")}`);
    assert.deepEqual([failed.total, failed.jobs[0]?.notice?.code], [1, "no_node"]);
    assert.equal((await pool.get<Waiting>(`/v1/communities/c7/waiting${as("c7")}`)).total, 0);
    for (const what of ["waiting", "failures", "reports"]) {
      const asked = await pool.request(`/v1/communities/c6/${what}?account=ada`);
      assert.equal(asked.status, 403, what);
      const foreign = await pool.request(`/v1/communities/c6/${what}${as("c6")}&community=c7`);
      assert.equal(foreign.status, 403, what);
    }
    await lift(node, "c6");
    await pool.ended(waits.id);
    await away(node);
  });

  it("refuse what names no node, or nothing that can be", async () => {
    const unknown = new FakeNode("never seen");
    assert.equal((await decide(unknown, "c1", "paused")).code, "node_unknown");
    const bad = await pool.send("PUT", "/v1/nodes/nonsense/standing", {
      ...{ scope: "c1", state: "paused", reason: "x", actor: chiefOf("c1") },
    });
    assert.equal(bad.status, 400);
    for (const wrong of [{ state: "gone" }, { reason: "" }, { scope: "x".repeat(300) }]) {
      assert.equal((await decide(unknown, "c1", "paused", wrong)).status, 400);
    }
  });
});

describe("who may stop, see and report an answer", () => {
  let pool: TestPool;
  let node: FakeNode;
  before(async () => {
    pool = await TestPool.start({ poolModerators: ["root"] }, { limits });
    node = await pool.node("slow");
  });
  after(() => pool.close());

  it("stops for the asker and for moderators of that community, and for nobody else", async () => {
    const stop = (id: string, body: object) =>
      pool.send<Job>("POST", `/v1/jobs/${id}/cancel`, body);
    const queued = () => pool.ask("hello", { options: { wait: true } });
    const first = await queued();
    for (const stranger of [
      { member: "eve" },
      { member: "eve", moderator: true },
      { member: "eve", moderator: true, community: "another" },
      { member: "eve", roles: ["admins"], community: "c" },
    ]) {
      const refused = await stop(first.id, stranger);
      assert.deepEqual(
        [refused.status, refused.code],
        [403, "not_yours"],
        JSON.stringify(stranger),
      );
    }
    assert.notEqual((await pool.job(first.id)).state, "cancelled");
    assert.equal((await stop(first.id, { member: "m" })).status, 200);
    for (const allowed of [
      { member: "chief", moderator: true, community: "c" },
      { member: "root" },
    ]) {
      const job = await queued();
      assert.equal((await stop(job.id, allowed)).status, 200, JSON.stringify(allowed));
    }
  });

  it("shows a private answer to its asker only", async () => {
    node.echo();
    for (const work of node.jobs) if (work.text === "") node.answer(work);
    const job = await pool.ask("secret", { private: true });
    assert.equal((await pool.ended(job.id)).private, true);
    const get = async (path: string) => (await pool.request(path)).status;
    for (const what of ["provenance", "export"]) {
      assert.equal(await get(`/v1/jobs/${job.id}/${what}?viewer=m`), 200);
      assert.equal(await get(`/v1/jobs/${job.id}/${what}?viewer=eve`), 403);
      assert.equal(await get(`/v1/jobs/${job.id}/${what}`), 403);
    }
    const { receiptId } = (await pool.job(job.id)).answer!;
    assert.equal(await get(`/v1/receipts/${receiptId}`), 403);
    assert.equal(await get(`/v1/receipts/${receiptId}?viewer=m`), 200);
    const again = { member: "eve", requestKey: "again" };
    assert.equal((await pool.send("POST", `/v1/jobs/${job.id}/again`, again)).code, "private");
    const reply = question("and then?", { member: "eve", continues: job.id });
    assert.equal((await pool.send("POST", "/v1/jobs", reply)).code, "continues_unknown");
    const report = { actor: { account: "eve", moderator: false, roles: [] }, reason: "nosy" };
    assert.equal((await pool.send("POST", `/v1/jobs/${job.id}/reports`, report)).status, 403);
  });

  it("takes a report once an account, and lets moderators handle it", async () => {
    await pool.send("PUT", "/v1/communities/c/policy", {
      ...{ actor: chiefOf("c"), changes: { report_room: "mods" } },
    });
    const job = await pool.ask("hello");
    const { receiptId } = (await pool.ended(job.id)).answer!;
    const actor = { account: "ada", moderator: false, roles: [] };
    const path = `/v1/jobs/${job.id}/reports`;
    const first = await pool.send<Report>("POST", path, { actor, reason: "rude" });
    const second = await pool.send<Report>("POST", path, { actor, reason: "very rude" });
    assert.deepEqual([first.status, second.status], [201, 200]);
    assert.deepEqual(second.body, first.body);
    const { reportRoom, reason, nodes } = first.body;
    assert.deepEqual([reportRoom, reason, first.body.receiptId], ["mods", "rude", receiptId]);
    assert.equal(nodes[0]?.name, "slow");
    const handle = (who: object) =>
      pool.send<Report>("POST", `/v1/reports/${first.body.id}/handled`, { actor: who });
    assert.equal((await handle(actor)).status, 403);
    assert.equal((await handle(chiefOf("d"))).status, 403);
    assert.equal((await handle(chiefOf("c"))).body.handledBy, "chief of c");
    assert.equal((await handle(ROOT)).body.handledBy, "chief of c");
    const { reports } = await pool.get<Reports>(
      "/v1/communities/c/reports?account=x&moderator=true",
    );
    assert.equal(reports[0]?.id, first.body.id);
    const nowhere = "/v1/jobs/00000000-0000-4000-8000-000000000000/reports";
    assert.equal((await pool.send("POST", nowhere, { actor, reason: "x" })).status, 404);
    for (const wrong of ["", "x".repeat(1001)]) {
      assert.equal((await pool.send("POST", path, { actor, reason: wrong })).status, 400);
    }
  });
});

describe("tiers of nodes", () => {
  const standing = (node_key: string, scope: string) => {
    const state = "paused" as const;
    return { node_key, scope, state, reason: "", set_by: "x", set_at: 0, until: null };
  };
  const trust = (node_key: string, trusted: "own" | "trusted") => ({
    ...{ node_key, community: "c", class: trusted, since: 0 },
  });

  it("follow from standings and trust", () => {
    const { special, ordinary, restricted } = tierTable({
      standings: [standing("paused", "*"), standing("kept off", "c")],
      trusts: [trust("own", "own"), trust("friend", "trusted"), trust("kept off", "own")],
    });
    assert.deepEqual([...restricted], ["c"]);
    const kinds = (tiers: ReadonlySet<string>) =>
      [...tiers].map((tier) => tier.split("-")[0]).sort();
    assert.deepEqual(kinds(ordinary), ["open", "open"]);
    assert.deepEqual(kinds(special.get("paused")!), []);
    assert.deepEqual(kinds(special.get("kept off")!), ["open"]);
    assert.deepEqual(kinds(special.get("friend")!), ["open", "open", "trusted"]);
    assert.deepEqual(kinds(special.get("own")!), ["open", "open", "own", "trusted"]);
  });
});
