import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { ROOT } from "../../config/settings.ts";
import type { FakeNode } from "../api/support/fake-node.ts";
import { TestPool } from "../api/support/pool.ts";
import { type Service, startPostgres, startRedis } from "../support/services.ts";
import { parseExposition, type Sample, seriesValue } from "./exposition.ts";

suite("metrics", () => {
  let redis: Service;
  let postgres: Service;
  let pool: TestPool;
  let second: TestPool;
  let node: FakeNode;

  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
    const settings = { redisUrl: redis.url, databaseUrl: postgres.url, metricsPort: 0 };
    pool = await TestPool.start(settings);
    second = await TestPool.start(settings, {}, pool);
    node = await pool.node("planted-node-name");
    await second.untilOnline(node);
  });
  after(async () => {
    await second.api.close();
    await pool.close();
    await Promise.all([redis.stop(), postgres.stop()]);
  });

  const scrape = async (of = pool): Promise<Sample[]> => {
    const response = await fetch(of.api.metricsUrl as string);
    assert.equal(response.status, 200);
    assert.match(response.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    return parseExposition(await response.text());
  };

  test("count answers, tokens, waits and relays, and an outside parser reads them", async () => {
    node.on("job", answer);
    // Followed at the other replica: its text travels over the bus.
    const { id } = await second.ask("one two three", { community: "planted-community" });
    assert.equal((await second.ended(id)).state, "done");
    node.off("job", answer);
    const [here, there] = [await scrape(pool), await scrape(second)];
    assert.equal(seriesValue(there, "substrate_asks_total"), 1);
    assert.equal(seriesValue(here, "substrate_jobs_total", { outcome: "done" }), 1);
    assert.equal(seriesValue(here, "substrate_tokens_total", { kind: "prompt" }), 3);
    assert.equal(seriesValue(here, "substrate_tokens_total", { kind: "completion" }), 4);
    assert.equal(seriesValue(here, "substrate_job_wait_seconds_count"), 1);
    assert.equal(seriesValue(here, "substrate_job_answer_seconds_count"), 1);
    assert.ok(seriesValue(here, "substrate_node_frames_total", { type: "text" }) >= 4);
    assert.equal(seriesValue(here, "substrate_nodes_connected"), 1);
    assert.equal(seriesValue(there, "substrate_nodes_connected"), 0);
    assert.equal(seriesValue(there, "substrate_nodes_online"), 1);
    assert.ok(seriesValue(here, "substrate_relayed_events_total", { direction: "out" }) > 0);
    assert.ok(seriesValue(there, "substrate_relayed_events_total", { direction: "in" }) > 0);
    assert.ok(seriesValue(here, "substrate_database_seconds_count", { result: "ok" }) > 0);
    assert.ok(
      seriesValue(here, "substrate_queue_operation_seconds_count", { operation: "take" }) > 0,
    );
    const asked = { method: "POST", route: "/v1/jobs", status: "201" };
    assert.equal(seriesValue(there, "substrate_http_request_seconds_count", asked), 1);
    assert.ok(here.some((sample) => sample.name === "nodejs_eventloop_lag_p99_seconds"));
  });

  test("count what waits by class, what was stopped, and leases lost by reason", async () => {
    const leased = node.nextJob();
    const { id } = await pool.ask("held");
    await leased;
    const waiting = await pool.ask("waiting", { community: "planted-community-2" });
    const fresh = await freshCount(1);
    const series = fresh.find((sample) => sample.name === "substrate_queue_depth") as Sample;
    assert.deepEqual(Object.keys(series.labels).sort(), ["model", "tier"]);
    assert.ok(seriesValue(fresh, "substrate_queue_oldest_seconds") >= 0);
    assert.equal(seriesValue(fresh, "substrate_leases_open"), 1);

    await pool.cancel(waiting.id);
    node.kill();
    await pool.untilOnline(node, false);
    const lost = await scrape();
    assert.equal(seriesValue(lost, "substrate_leases_lost_total", { reason: "node_left" }), 1);
    assert.equal(seriesValue(lost, "substrate_jobs_total", { outcome: "cancelled" }), 1);
    await pool.cancel(id);
  });

  test("hold no name and no words of anybody, and do not grow with members and rooms", async () => {
    const people = async (from: number, to: number) => {
      for (let i = from; i < to; i++) {
        const planted = `planted-${i}`;
        const more = { community: planted, member: planted, room: planted };
        const asked = await pool.ask(`planted words ${i}`, { ...more, options: { wait: true } });
        await pool.cancel(asked.id);
        await pool.request(`/v1/jobs/${planted}`);
        await pool.request(`/planted/${i}`);
      }
    };
    // The first of them bring series of routes and states that were not used before.
    await people(0, 3);
    const before = (await scrape()).length;
    await people(3, 63);
    const text = await (await fetch(pool.api.metricsUrl as string)).text();
    assert.doesNotMatch(text, /planted/);
    // A round that comes by meanwhile may bring a histogram of its own, which is fifteen.
    assert.ok(parseExposition(text).length - before < 60, "sixty people bring no series of theirs");
  });

  test("are not served where people come in", async () => {
    assert.equal((await fetch(`${pool.api.url}/metrics`)).status, 404);
    assert.equal((await fetch(`${pool.api.metricsUrl}/../v1/pool`)).status, 404);
    assert.match(pool.api.metricsUrl as string, /^http:\/\/127\.0\.0\.1:/);
  });

  test("every query of the dashboard names only series that exist", async () => {
    const dashboard = JSON.parse(
      readFileSync(join(ROOT, "config/grafana/substrate.json"), "utf8"),
    ) as { panels: { title: string; targets?: { expr: string }[] }[] };
    const known = new Set((await scrape()).map((sample) => sample.name));
    const queries = dashboard.panels.flatMap((panel) => panel.targets ?? []);
    assert.ok(queries.length > 20);
    const named = queries.flatMap(
      ({ expr }) => expr.match(/\b(substrate|nodejs|process)_\w+/g) ?? [],
    );
    // A counter with labels has no series before its first event; its family is announced all the same.
    const text = await (await fetch(pool.api.metricsUrl as string)).text();
    const families = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map((match) => match[1]));
    const family = (name: string) => name.replace(/_(bucket|count|sum)$/, "");
    const missing = named.filter((name) => !known.has(name) && !families.has(family(name)));
    assert.deepEqual(missing, []);
    const shown = new Set(named.map(family));
    const unseen = [...families].filter(
      (name) => name?.startsWith("substrate_") && !shown.has(name),
    );
    assert.deepEqual(unseen, [], "measured, and on no panel");
  });

  test("still tell of the process when the records are gone", async () => {
    await postgres.stop();
    const samples = await freshCount(null);
    assert.equal(seriesValue(samples, "substrate_database_up"), 0);
    assert.ok(seriesValue(samples, "process_resident_memory_bytes") > 0);
  });

  function answer(job: Parameters<FakeNode["answer"]>[0]): void {
    node.answer(job);
  }

  /** Waiting jobs are counted at most once a second: asks again until the count is as expected. */
  async function freshCount(depth: number | null): Promise<Sample[]> {
    for (;;) {
      const samples = await scrape();
      const found = samples.some((sample) => sample.name === "substrate_queue_depth");
      if (depth === null ? seriesValue(samples, "substrate_database_up") === 0 : found)
        return samples;
    }
  }
});
