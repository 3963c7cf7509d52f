import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { poolSecrets, readPoolSecrets } from "../../config/secrets.ts";
import { apiSettings, SettingsError, workerSettings } from "../../config/settings.ts";

const folder = () => mkdtempSync(join(tmpdir(), "substrate-settings-"));

test("defaults need no setting at all and are frozen", () => {
  const settings = apiSettings({});
  assert.equal(settings.databaseUrl, null);
  assert.equal(settings.apiPort, 7420);
  assert.ok(Object.isFrozen(settings));
});

test("the environment wins over the file, the file over the default", (t) => {
  const dir = folder();
  t.after(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "substrate.json");
  writeFileSync(file, JSON.stringify({ API_PORT: 1111, POOL_NAME: "From the file" }));
  const settings = apiSettings({ SUBSTRATE_CONFIG: file, API_PORT: "2222" });
  assert.equal(settings.apiPort, 2222);
  assert.equal(settings.poolName, "From the file");
});

test("lists, numbers and booleans are read from text", () => {
  const settings = workerSettings({
    WORKER_MODELS: " a , b,",
    OFFLINE: "true",
    WORKER_THREADS: "2",
  });
  assert.deepEqual(settings.workerModels, ["a", "b"]);
  assert.equal(settings.offline, true);
  assert.equal(settings.workerThreads, 2);
});

test("a number that is too small is refused, and is not the absence that lifts a limit", () => {
  for (const key of ["WORKER_ANSWERS_PER_DAY", "WORKER_MAX_THREADS", "WORKER_MEMORY_MB"]) {
    assert.throws(() => workerSettings({ [key]: "0" }), new RegExp(`${key}: "0" will not do`));
  }
  assert.equal(workerSettings({ WORKER_VRAM_MB: "0" }).workerVramMb, 0);
  assert.equal(workerSettings({ WORKER_VRAM_MB: "" }).workerVramMb, null);
});

test("every wrong key is named with what to write, and no secret is shown", () => {
  const secret = "tooshort-but-secret";
  assert.throws(
    () =>
      apiSettings({ API_PORT: "99999", DATABASE_URL: "mysql://u:p@h/d", SERVICE_TOKEN: secret }),
    (error: Error) => {
      assert.ok(error instanceof SettingsError);
      assert.match(error.message, /API_PORT: "99999" will not do\. Write a port/);
      assert.match(error.message, /DATABASE_URL: .* Write postgresql:/);
      assert.match(error.message, /SERVICE_TOKEN: .* Write 32 or more/);
      assert.ok(!error.message.includes(secret) && !error.message.includes("mysql"));
      return true;
    },
  );
});

test("an unknown key in the file is refused by name", (t) => {
  const dir = folder();
  t.after(() => rmSync(dir, { recursive: true }));
  const file = join(dir, "substrate.json");
  writeFileSync(file, JSON.stringify({ API_PROT: 1 }));
  assert.throws(() => apiSettings({ SUBSTRATE_CONFIG: file }), /API_PROT .*no such setting/);
  writeFileSync(file, "{");
  assert.throws(() => apiSettings({ SUBSTRATE_CONFIG: file }), SettingsError);
  assert.throws(() => apiSettings({ SUBSTRATE_CONFIG: join(dir, "absent") }), /cannot read/);
});

test("secrets are made once, readable by their owner only, and shared by programs on one machine", (t) => {
  const dir = folder();
  t.after(() => rmSync(dir, { recursive: true }));
  assert.equal(readPoolSecrets(dir), null);
  const first = poolSecrets(apiSettings({ DATA_DIR: dir }));
  const second = poolSecrets(apiSettings({ DATA_DIR: dir }));
  assert.equal(first.poolKey.keyId, second.poolKey.keyId);
  assert.equal(readPoolSecrets(dir)?.serviceToken, first.serviceToken);
  assert.equal(statSync(join(dir, "secrets.json")).mode & 0o777, 0o600);
});

test("a damaged secrets file is named, never silently replaced", (t) => {
  const dir = folder();
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "secrets.json"), "{}");
  assert.throws(() => poolSecrets(apiSettings({ DATA_DIR: dir })), /damaged/);
});
