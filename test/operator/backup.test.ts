import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import pg from "pg";
import { ROOT } from "../../config/settings.ts";
import { ECHO, FakeNode } from "../api/support/fake-node.ts";
import { TestPool } from "../api/support/pool.ts";
import { scratch, startPostgres, startRedis } from "../support/services.ts";

const guide = readFileSync(join(ROOT, "docs/operator.md"), "utf8");

/** The line of the guide that begins with these words, run as it stands there. */
function asTheGuideSays(begins: string, cwd: string, env: Record<string, string>): void {
  const line = guide.split("\n").find((each) => each.startsWith(begins));
  assert.ok(line !== undefined, `the guide says ${begins}`);
  const own = { PATH: process.env.PATH as string, ...env };
  const { status, stderr } = spawnSync("bash", ["-c", line], { cwd, env: own, encoding: "utf8" });
  assert.equal(status, 0, `${line}\n${stderr}`);
}

/** Asks one question that is answered, and one that no node is free for. */
async function useIt(pool: TestPool, node: FakeNode) {
  await pool.connect(node);
  node.ready();
  await pool.untilOnline(node);
  node.echo();
  const answered = await pool.ended((await pool.ask("answered before")).id);
  assert.equal(answered.state, "done");
  node.ready([ECHO], 0);
  await pool.until(async () => (await pool.status()).nodes[0]?.slots === 0);
  const options = { wait: true, model: ECHO.sha256 };
  const waiting = await pool.ask("waits through it all", { options });
  return { answered, waiting };
}

/** The receipt of an answer, as anybody checks it. */
async function verify(pool: TestPool, id: string, dir: string): Promise<void> {
  const pack = await pool.request(`/v1/jobs/${id}/export`);
  assert.equal(pack.status, 200);
  writeFileSync(join(dir, "answer.zip"), Buffer.from(await pack.arrayBuffer()));
  const program = join(ROOT, "protocol/verify/main.ts");
  const checked = spawnSync(process.execPath, [program, join(dir, "answer.zip")]);
  assert.equal(checked.status, 0, `${checked.stdout}${checked.stderr}`);
}

test("dump, wipe everything, restore: who waited is answered, and receipts verify", async (t) => {
  const dir = scratch("backup-");
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const env = { DATABASE_URL: postgres.url, REDIS_URL: redis.url };
  const settings = { databaseUrl: postgres.url, redisUrl: redis.url };
  const pool = await TestPool.start(settings);
  t.after(async () => {
    await Promise.all([redis.stop(), postgres.stop()]);
    rmSync(dir, { recursive: true, force: true });
    rmSync(pool.dataDir, { recursive: true, force: true });
  });
  const node = new FakeNode("node");
  const { answered, waiting } = await useIt(pool, node);

  asTheGuideSays("pg_dump ", dir, env);
  cpSync(join(pool.dataDir, "secrets.json"), join(dir, "secrets.json"));
  const lost = await pool.ask("after the dump", { options: { wait: true } });
  node.kill();
  await pool.api.close();
  const database = new pg.Client(postgres.url);
  await database.connect();
  await database.query("drop schema public cascade; create schema public");
  await database.end();
  rmSync(pool.dataDir, { recursive: true });
  mkdirSync(pool.dataDir);

  asTheGuideSays("pg_restore ", dir, env);
  if (spawnSync("redis-cli", ["--version"]).status === 0) asTheGuideSays("redis-cli ", dir, env);
  cpSync(join(dir, "secrets.json"), join(pool.dataDir, "secrets.json"));
  const again = await TestPool.start(settings, { limits: { reconcileMs: 200 } }, pool);
  // The same key, and no enrolment token: the pool knows it.
  const back = new FakeNode("node", node.key).echo();
  assert.equal((await back.connect(again.api.url)).type, "welcome");
  back.ready();
  const done = await again.ended(waiting.id);
  assert.equal(done.answer?.text, "Echo: waits through it all");
  assert.equal((await again.job(answered.id)).answer?.text, answered.answer?.text);
  await verify(again, answered.id, dir);
  assert.equal(
    (await again.request(`/v1/jobs/${lost.id}`)).status,
    404,
    "what came after the dump",
  );
  back.kill();
  await again.api.close();
});

test("without PostgreSQL a copy of the data folder is the backup", async (t) => {
  const dir = scratch("backup-");
  t.after(() => rmSync(dir, { recursive: true, force: true }));
  const pool = await TestPool.start();
  const node = new FakeNode("node");
  const { answered, waiting } = await useIt(pool, node);
  node.kill();
  await pool.api.close();
  asTheGuideSays("tar --create --gzip --file=pool.tar.gz", dir, { DATA_DIR: pool.dataDir });
  rmSync(pool.dataDir, { recursive: true });
  mkdirSync(pool.dataDir);
  spawnSync("tar", ["--extract", "--gzip", "--file=pool.tar.gz", `--directory=${pool.dataDir}`], {
    cwd: dir,
  });
  const again = await TestPool.start({}, { limits: { reconcileMs: 200 } }, pool);
  const back = new FakeNode("node", node.key).echo();
  assert.equal((await back.connect(again.api.url)).type, "welcome");
  back.ready();
  assert.equal((await again.ended(waiting.id)).state, "done");
  assert.equal((await again.job(answered.id)).answer?.text, answered.answer?.text);
  back.kill();
  await again.close();
});
