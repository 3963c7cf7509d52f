// The records: one process at a time on PGlite, migrations once, row types as the database has them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Kysely, PostgresDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { Pool } from "pg";
import { eventsAfter } from "../../api/governance/events/feed.ts";
import { FolderInUseError, lockFolder } from "../../api/storage/folder-lock.ts";
import { Gather } from "../../api/storage/gather.ts";
import { loadMigrations } from "../../api/storage/migrate.ts";
import { openRecords } from "../../api/storage/open.ts";
import type { Tables } from "../../api/storage/tables.ts";
import { ROOT } from "../../config/settings.ts";
import { type Service, scratch, startPostgres } from "../support/services.ts";

describe("the lock on the records folder", () => {
  const file = () => join(scratch("lock-"), "records.lock");

  it("names the process that holds it, and lets the next one in when that has let go", () => {
    const lock = file();
    const letGo = lockFolder(lock);
    assert.throws(() => lockFolder(lock), {
      name: FolderInUseError.name,
      message: new RegExp(`in use by process ${process.pid}.*DATA_DIR`),
    });
    letGo();
    lockFolder(lock)();
    assert(!existsSync(lock));
  });

  it("refuses while another living process holds it", async () => {
    const lock = file();
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
    writeFileSync(lock, `${child.pid}\n`);
    assert.throws(() => lockFolder(lock), new RegExp(`process ${child.pid}`));
    child.kill("SIGKILL");
    await once(child, "exit");
    lockFolder(lock)();
  });

  it("is taken over from a dead process, also one that had our own id", () => {
    const lock = file();
    for (const stale of [`${process.pid}\n`, "4194303\n", "", "nonsense"]) {
      writeFileSync(lock, stale);
      lockFolder(lock)();
    }
  });
});

describe("gathered writes", () => {
  it("write together what one turn brings, and then what came meanwhile", async () => {
    const batches: number[][] = [];
    const begun = new EventEmitter<{ write: [finish: () => void] }>();
    const gather = new Gather<number, number>(async (items) => {
      batches.push(items);
      await new Promise<void>((resolve) => begun.emit("write", resolve));
      return items.map((item) => item * 10);
    });
    const first = [1, 2].map((item) => gather.add(item));
    const [finishFirst] = (await once(begun, "write")) as [() => void];
    const meanwhile = [3, 4].map((item) => gather.add(item));
    const next = once(begun, "write");
    finishFirst();
    assert.deepEqual(await Promise.all(first), [10, 20]);
    const [finishSecond] = (await next) as [() => void];
    finishSecond();
    assert.deepEqual(await Promise.all(meanwhile), [30, 40]);
    assert.deepEqual(batches, [
      [1, 2],
      [3, 4],
    ]);
  });

  it("fail together and go on with the next", async () => {
    let broken = true;
    const gather = new Gather<number, number>(async (items) => {
      if (broken) throw new Error("disk full");
      return items;
    });
    await assert.rejects(gather.add(1), /disk full/);
    broken = false;
    assert.equal(await gather.add(2), 2);
  });
});

describe("the database", () => {
  let postgres: Service;
  before(async () => {
    postgres = await startPostgres();
  });
  after(() => postgres.stop());

  const fail = (error: Error) => {
    throw error;
  };

  it("is migrated once by replicas that start together", async () => {
    const dir = scratch("records-");
    const opened = await Promise.all([1, 2, 3].map(() => openRecords(postgres.url, dir, fail)));
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(
      opened[0]!.db,
    );
    assert(rows.length >= 1);
    await Promise.all(opened.map((records) => records.close()));
  });

  it("keeps what an older version told in English, and still tells it after the upgrade", async () => {
    const admin = new Pool({ connectionString: postgres.url });
    await admin.query("create database older");
    await admin.end();
    const url = new URL("/older", postgres.url).href;
    const db = new Kysely<Tables>({
      dialect: new PostgresDialect({ pool: new Pool({ connectionString: url }) }),
    });
    const migrator = new Migrator({ db, provider: { getMigrations: loadMigrations } });
    const { error } = await migrator.migrateTo("0015_cards");
    assert.equal(error, undefined);
    const told = 'Proposal 1 passed: "Quiet" \\ hours.';
    await sql`insert into governance_event values (1, 'k', 1, 'closed', 1, ${told}, '[]', '{}', '{}')`.execute(
      db,
    );
    await db.destroy();

    const records = await openRecords(url, scratch("records-"), fail);
    const [event] = await eventsAfter(records.db, 0, 10);
    await records.close();
    assert.equal(event?.words, told);
    assert.equal(event?.inWords?.de, told, "no sentence of ours: told as it was");
  });

  it("has the tables and columns that the row types say", async () => {
    const records = await openRecords(postgres.url, scratch("records-"), fail);
    const { rows } = await sql<Column>`
      select table_name, column_name, data_type, is_nullable = 'YES' as nullable
      from information_schema.columns
      where table_schema = 'public' and table_name not like 'kysely%'
      order by table_name, column_name`.execute(records.db);
    await records.close();
    const actual = rows.map((row) => {
      const type = TYPES[row.data_type] ?? row.data_type;
      return `${row.table_name}.${row.column_name}: ${type}${row.nullable ? " | null" : ""}`;
    });
    assert.deepEqual(declaredColumns().sort(), actual.sort());
  });
});

interface Column {
  table_name: string;
  column_name: string;
  data_type: string;
  nullable: boolean;
}

const TYPES: Record<string, string> = {
  uuid: "string",
  text: "string",
  bigint: "number",
  integer: "number",
  boolean: "boolean",
  jsonb: "json",
  bytea: "bytes",
  ARRAY: "string[]",
};

/**
 * `table.column: type` for each field of api/storage/tables.ts and of the rooms' own tables.ts; types are gone at
 * run time, so their text is read.
 */
function declaredColumns(): string[] {
  const files = globSync("api/**/tables.ts", { cwd: ROOT });
  const source = files.map((file) => readFileSync(join(ROOT, file), "utf8")).join("\n");
  const tables = /export interface Tables \{([^}]*)\}/.exec(source)![1]!;
  return [...tables.matchAll(/(\w+): (\w+);/g)].flatMap(([, table, type]) => {
    const body = new RegExp(`export interface ${type} \\{\n([\\s\\S]*?)\n\\}`).exec(source)![1]!;
    const fields = [...body.matchAll(/^ {2}(\w+): (.+);$/gm)];
    assert(fields.length > 1, `${type} was not found in tables.ts`);
    return fields.map(([, column, declared]) => `${table}.${column}: ${kind(declared!)}`);
  });
}

function kind(declared: string): string {
  const orNull = /\| null>?$/.test(declared) ? " | null" : "";
  if (declared.startsWith("OptionalJson<")) return "json | null";
  if (declared.startsWith("Json<")) return `json${orNull}`;
  if (declared === "Bytes") return "bytes";
  if (/^Generated<(\w+)>$/.test(declared)) return declared.slice(10, -1);
  const bare = declared.replace(/ \| null$/, "");
  return `${["string", "number", "boolean", "string[]"].includes(bare) ? bare : "string"}${orNull}`;
}
