import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttps } from "node:https";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { Redis } from "ioredis";
import pg from "pg";
import { clockSkew, judgeSkew } from "../../api/doctor/clock.ts";
import { examine } from "../../api/doctor/examine.ts";
import type { Finding } from "../../api/doctor/finding.ts";
import { judgeSpace, node, packages } from "../../api/doctor/machine.ts";
import { openRecords } from "../../api/storage/open.ts";
import { type Environment, ROOT } from "../../config/settings.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { freePort, type Service, scratch, startPostgres, startRedis } from "../support/services.ts";
import { makeCertificates } from "./certificates.ts";

suite("the doctor", () => {
  let redis: Service;
  let postgres: Service;
  let dir: string;
  let good: Environment;

  before(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres({ durable: true })]);
    await (await openRecords(postgres.url, "", () => {})).close();
    dir = scratch("doctor-");
    const key = join(dir, "pool-key.pem");
    spawnSync("openssl", ["genpkey", "-algorithm", "ed25519", "-out", key]);
    chmodSync(key, 0o600);
    good = {
      ...{ DATABASE_URL: postgres.url, REDIS_URL: redis.url, DATA_DIR: dir },
      ...{ API_PORT: `${await freePort()}`, METRICS_PORT: `${await freePort()}` },
      ...{ SERVICE_TOKEN: "s".repeat(40), ENROLMENT_TOKEN: "e".repeat(40), POOL_KEY_FILE: key },
    };
  });
  after(async () => {
    await Promise.all([redis.stop(), postgres.stop()]);
    rmSync(dir, { recursive: true, force: true });
  });

  /** Everything that is not well but the space on this machine's disk, which is no matter of the test. */
  const complaints = async (env: Environment, now = Date.now()): Promise<Finding[]> =>
    (await examine({ ...good, ...env }, now)).filter(
      (finding) => finding.level !== "ok" && finding.check !== "machine.disk",
    );
  /** The one complaint there is, as "level check: found". */
  const only = async (env: Environment, now?: number): Promise<string> => {
    const found = await complaints(env, now);
    const lines = found.map(({ level, check, found }) => `${level} ${check}: ${found}`);
    assert.equal(lines.length, 1, lines.join("\n"));
    assert.ok((found[0]?.means ?? "") !== "" && (found[0]?.remedy ?? "") !== "", "says what to do");
    return lines[0] as string;
  };

  test("finds nothing to complain of where all is well, and ends with 0", () => {
    const { status, stdout } = run([], good);
    assert.match(stdout, /^ok {7}postgres\.version: PostgreSQL \d/m);
    assert.match(stdout, /^ok {7}postgres\.migrations: at the newest level, \d{4}_/m);
    assert.match(stdout, /^ok {7}redis\.aof: .*everysec/m);
    assert.doesNotMatch(stdout, /^problem|^warning (?! machine\.disk)/m);
    assert.equal(status, 0);
  });

  test("ends with 1 for a problem, speaks JSON, and shows no secret", async () => {
    const url = `redis://:planted-secret@127.0.0.1:${await freePort()}`;
    const { status, stdout, stderr } = run(["--json"], { ...good, REDIS_URL: url });
    const findings = JSON.parse(stdout) as Finding[];
    assert.equal(status, 1);
    const problems = findings.filter((finding) => finding.level === "problem");
    assert.deepEqual(
      problems.map((finding) => finding.check),
      ["redis.reachable"],
    );
    assert.match(problems[0]?.remedy ?? "", /Start Redis/);
    assert.ok(!(stdout + stderr).includes("planted-secret"));
    assert.ok(!(stdout + stderr).includes(good.SERVICE_TOKEN as string));
    assert.equal(run(["--jsno"], good).status, 2);
  });

  test("names a wrong setting instead of starting anything", async () => {
    assert.match(
      await onlyOf(await examine({ API_PORT: "x" }, 0)),
      /^problem settings: .*API_PORT/s,
    );
  });

  test("Redis that evicts, forgets or is full", async (t) => {
    const client = new Redis(redis.url);
    t.after(() => client.disconnect());
    const during = async (settings: Record<string, string>, look: () => Promise<void>) => {
      for (const [key, value] of Object.entries(settings)) await client.config("SET", key, value);
      await look();
      const usual = { "maxmemory-policy": "noeviction", appendonly: "yes", maxmemory: "0" };
      for (const [key, value] of Object.entries(usual)) await client.config("SET", key, value);
    };
    await during({ "maxmemory-policy": "allkeys-lru" }, async () => {
      assert.match(await only({}), /^problem redis\.eviction: maxmemory-policy allkeys-lru/);
    });
    await during({ appendonly: "no" }, async () => {
      assert.match(await only({}), /^warning redis\.aof: the append-only file is off/);
    });
    await during({ maxmemory: "1000000" }, async () => {
      assert.match(await only({}), /^warning redis\.memory: \d+ % of maxmemory is used/);
    });
    await client.config("SET", "requirepass", "a-password");
    assert.match(await only({}), /^problem redis\.reachable: .*(NOAUTH|Authentication)/);
    await client.config("SET", "requirepass", "");
  });

  test("PostgreSQL that does not keep its word, is another database, or a newer version's", async (t) => {
    const client = new pg.Client(postgres.url);
    await client.connect();
    t.after(() => client.end());
    await client.query("alter database postgres set synchronous_commit = off");
    assert.match(await only({}), /^problem postgres\.durability: synchronous_commit = off/);
    await client.query("alter database postgres reset synchronous_commit");

    const other = postgres.url.replace(/postgres$/, "absent");
    assert.match(await only({ DATABASE_URL: other }), /^problem postgres\.reachable: .*absent/);

    await client.query("create database latin template template0 encoding 'LATIN1' locale 'C'");
    const latin = await complaints({ DATABASE_URL: postgres.url.replace(/postgres$/, "latin") });
    assert.deepEqual(
      latin.map((finding) => finding.check),
      ["postgres.encoding"],
    );

    await client.query("create role guest login");
    await client.query("create database empty");
    const guest = postgres.url.replace("postgres@", "guest@").replace(/postgres$/, "empty");
    await inDatabase("empty", "revoke create on schema public from public");
    assert.match(
      await only({ DATABASE_URL: guest }),
      /^problem postgres\.migrations: .*may not create/,
    );

    const row = "values ('9999_from_the_future', '2026')";
    await client.query(`insert into kysely_migration ${row}`);
    assert.match(await only({}), /^problem postgres\.migrations: .*9999_from_the_future/);
    await client.query("delete from kysely_migration where name like '9999%'");
    assert.match(
      await only({ DATABASE_URL: `postgresql://postgres@127.0.0.1:${await freePort()}/postgres` }),
      /^problem postgres\.reachable: .*ECONNREFUSED/,
    );
  });

  test("secrets that others can read, and a key that is not there", async () => {
    const folder = join(dir, "careless");
    mkdirSync(folder);
    writeFileSync(join(folder, "secrets.json"), "{}", { mode: 0o644 });
    chmodSync(join(folder, "secrets.json"), 0o644);
    assert.match(await only({ DATA_DIR: folder }), /^problem machine\.secrets: .* has mode 644/);
    const absent = { POOL_KEY_FILE: join(dir, "absent.pem") };
    assert.match(await only(absent), /^problem machine\.secrets: POOL_KEY_FILE: there is no/);
    assert.match(
      await only({ SERVICE_TOKEN: "" }),
      /^warning machine\.secrets: DATABASE_URL is set/,
    );
  });

  test("a port that another program has", async (t) => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const { port } = server.address() as { port: number };
    assert.match(
      await only({ API_PORT: `${port}` }),
      /^problem machine\.api-port: another program/,
    );
  });

  test("metrics for everybody, plain http across networks", async () => {
    assert.match(await only({ METRICS_HOST: "0.0.0.0" }), /^warning door\.metrics: /);
    assert.match(
      await only({ API_URL: "http://pool.example" }),
      /^warning door\.tls: .*not encrypted/,
    );
  });

  test("a certificate: nobody's, ours, soon over, over", async (t) => {
    const { authority, certificate, key } = makeCertificates(dir);
    const pems = { cert: readFileSync(certificate), key: readFileSync(key) };
    const server = createHttps(pems, (_, response) => response.end()).listen(0, "127.0.0.1");
    await once(server, "listening");
    t.after(() => server.close());
    const { port } = server.address() as { port: number };
    const env = { API_URL: `https://localhost:${port}`, TRUSTED_PROXY: "127.0.0.1" };
    assert.match(await only(env), /^problem door\.tls: nobody this machine trusts vouches/);
    const inDays = (days: number) => Date.now() + days * 86_400_000;
    assert.match(
      await only(env, inDays(200)),
      /^problem door\.tls: the certificate ended 1\d\d days/,
    );
    const trusting = { ...good, ...env, NODE_EXTRA_CA_CERTS: authority };
    const { status, stdout } = await runWhileServing([], trusting);
    assert.match(stdout, /^ok {7}door\.tls: localhost:\d+: certificate for (89|90) more days/m);
    assert.equal(status, 0);
    const { TRUSTED_PROXY: _, ...unnamed } = trusting;
    assert.match((await runWhileServing([], unnamed)).stdout, /^warning {2}door\.trusted-proxy/m);
  });

  async function inDatabase(name: string, statement: string): Promise<void> {
    const client = new pg.Client(postgres.url.replace(/postgres$/, name));
    await client.connect();
    await client.query(statement);
    await client.end();
  }
});

test("clocks that differ are a warning, then a problem", async () => {
  const times = [1000, 1100];
  assert.equal(
    await clockSkew(
      async () => 1_090,
      () => times.shift() as number,
    ),
    40,
  );
  assert.equal(judgeSkew("c", "Redis'", 40).level, "ok");
  assert.match(judgeSkew("c", "Redis'", -1400).found, /1\.4 s behind this machine's/);
  assert.equal(judgeSkew("c", "Redis'", -1400).level, "warning");
  assert.equal(judgeSkew("c", "Redis'", 3_600_000).level, "problem");
});

test("an old Node, a full disk, packages other than the lock file's", (t) => {
  assert.equal(node("20.20.2").level, "problem");
  assert.equal(node("24.1.0").level, "ok");
  assert.equal(judgeSpace("/data", 3e9).level, "ok");
  assert.equal(judgeSpace("/data", 1e9).level, "warning");
  assert.equal(judgeSpace("/data", 1e8).level, "problem");
  const dir = scratch("packages-");
  t.after(() => rmSync(dir, { recursive: true }));
  const lock = (version: string) =>
    JSON.stringify({ packages: { "node_modules/fastify": { version } } });
  writeFileSync(join(dir, "package-lock.json"), lock("5.0.0"));
  assert.match(packages(dir).found, /has not installed/);
  mkdirSync(join(dir, "node_modules"));
  writeFileSync(join(dir, "node_modules/.package-lock.json"), lock("4.0.0"));
  assert.match(packages(dir).found, /1 other than the lock file says: fastify 4\.0\.0/);
  writeFileSync(join(dir, "node_modules/.package-lock.json"), lock("5.0.0"));
  assert.equal(packages(dir).level, "ok");
});

async function onlyOf(findings: Finding[]): Promise<string> {
  assert.equal(findings.length, 1);
  return `${findings[0]?.level} ${findings[0]?.check}: ${findings[0]?.found}`;
}

const DOCTOR = join(ROOT, "api/doctor/main.ts");

function run(args: string[], env: Environment) {
  const own = { ...BARE_ENVIRONMENT, ...env };
  return spawnSync(process.execPath, [DOCTOR, ...args], { env: own, encoding: "utf8" });
}

/** Without blocking this process, which serves what the doctor looks at. */
async function runWhileServing(args: string[], env: Environment) {
  const child = spawn(process.execPath, [DOCTOR, ...args], {
    env: { ...BARE_ENVIRONMENT, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let stdout = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  const [status] = (await once(child, "close")) as [number];
  return { status, stdout };
}
