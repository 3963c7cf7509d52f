// A replica dies at each step of closing, counting and taking effect: the result is the same, and it happens once.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { freePort } from "../support/services.ts";
import { GovernedPool, HOUR, STEWARDS } from "./support/governed-pool.ts";

const [ada, ben] = STEWARDS;
const members = ["discord:cleo", "discord:dan"];
/** A lock that the test holds: a step that wants it waits, in the middle of its transaction. */
const GATE = 4242;

describe("a replica that is killed", () => {
  let pool: GovernedPool;
  let gate: pg.Client;
  const children: ChildProcess[] = [];
  process.on("exit", () => {
    for (const child of children) child.kill("SIGKILL");
  });
  before(async () => {
    // This replica only answers; closing and taking effect is left to those that are killed.
    pool = await GovernedPool.start(members, {}, 3_600_000);
    gate = new pg.Client(pool.postgres.url);
    await gate.connect();
    await gate.query(`select pg_advisory_lock(${GATE})`);
    await gate.query(`
      create function wait_at_the_gate() returns trigger language plpgsql
      as $$ begin perform pg_advisory_xact_lock_shared(${GATE}); return new; end $$`);
  });
  after(async () => {
    for (const child of children) child.kill("SIGKILL");
    await gate?.end();
    await pool?.close();
  });

  const startReplica = async (): Promise<ChildProcess> => {
    const child = spawn(
      process.execPath,
      [join(import.meta.dirname, "../api/support/replica-process.ts")],
      {
        env: {
          ...BARE_ENVIRONMENT,
          DATA_DIR: pool.pool.dataDir,
          LIMITS: JSON.stringify({ governanceMs: 20 }),
          API_PORT: `${await freePort()}`,
          DATABASE_URL: pool.postgres.url,
          POOL_MODERATORS: STEWARDS.join(","),
        },
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    children.push(child);
    for await (const line of child.stdout!) if (String(line).includes("the pool is open")) break;
    child.stdout!.resume();
    return child;
  };
  const stopAt = (table: string) =>
    gate.query(
      `create trigger gate before insert or update on ${table} for each row execute function wait_at_the_gate()`,
    );
  const AT_THE_GATE = `from pg_locks where locktype = 'advisory' and objid = ${GATE} and not granted`;
  const waiting = () =>
    pool.pool.until(async () => (await gate.query(`select 1 ${AT_THE_GATE}`)).rowCount !== 0);
  /**
   * Cuts the connection of whoever waits at the gate of this table, and takes the gate away. That needs the table,
   * which everybody at its gate holds: also whoever tries again before the gate is gone.
   */
  const cut = async (table: string) => {
    let gone = false;
    const taken = pool.sql.query(`drop trigger gate on ${table}`).then(() => {
      gone = true;
    });
    await pool.pool.until(async () => {
      await gate.query(`select pg_terminate_backend(pid) ${AT_THE_GATE}`);
      return gone;
    });
    await taken;
  };
  const kill = async (child: ChildProcess) => {
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  /** Steps in the order of one transaction; the connection of whoever reaches one is cut there. */
  const cutAtEach = async (first: string, rest: readonly string[]) => {
    let held = first;
    for (const table of rest) {
      await waiting();
      await stopAt(table);
      await cut(held);
      held = table;
    }
    await waiting();
    await cut(held);
  };

  it("leaves one result and one effect, whatever step it died at", async () => {
    const { number } = await pool.proposeBacked("quota", { per_day: "7" }, [ada, ben]);
    await pool.advance(48 * HOUR);
    for (const account of [ada, ben, ...members]) await pool.vote(number, account, "yes");

    await stopAt("ballot_log");
    await pool.advance(120 * HOUR);
    const first = await startReplica();
    await waiting();
    await kill(first);
    const second = await startReplica();
    await cutAtEach("ballot_log", ["poll_result", "effect", "governance_event"]);
    await pool.reach(number, "locked");

    await stopAt("policy");
    await pool.advance(48 * HOUR);
    await waiting();
    await kill(second);
    await startReplica();
    await cutAtEach("policy", ["policy_change", "effect", "governance_event"]);
    const done = await pool.reach(number, "in-effect");
    assert.equal(done.result?.outcome, "passed");

    const { rows: policy } = await pool.sql.query("select key, value, revision from policy");
    assert.deepEqual(policy, [{ key: "quota_per_day", value: 7, revision: 1 }]);
    const { rows: changes } = await pool.sql.query("select count(*)::int as n from policy_change");
    assert.deepEqual(changes, [{ n: 1 }]);
    const { rows: log } = await pool.sql.query<{ entry: string }>(
      "select entry from ballot_log order by seq",
    );
    assert.deepEqual(
      log.map(({ entry }) => (JSON.parse(entry) as { kind: string }).kind),
      ["begin", "cast", "cast", "cast", "cast", "close"],
    );
    const told = (await pool.events()).filter(({ proposal }) => proposal === number);
    for (const type of ["passed", "in-effect", "log-head"]) {
      assert.equal(told.filter((event) => event.type === type).length, 1, type);
    }
  });
});
