import pg from "pg";
import { migrationNames } from "../storage/migrate.ts";
import { isLoopback, soon } from "./address.ts";
import { clockSkew, judgeSkew } from "./clock.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const ANSWER_MS = 5_000;
const OLDEST = 140_000;
/** What one replica uses at most (api/storage/open.ts), and room for people and backups. */
const PER_REPLICA = 12;
const SPARE = 10;

/** PostgreSQL behind DATABASE_URL: reachable, new enough, durable, roomy, and at this program's level. */
export async function examinePostgres(url: string): Promise<Finding[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: ANSWER_MS });
  client.on("error", () => {});
  try {
    await soon(ANSWER_MS, client.connect());
    return await soon(2 * ANSWER_MS, examine(client, new URL(url).hostname));
  } catch (error) {
    return [unreachable(error as Error & { code?: string })];
  } finally {
    void client.end().catch(() => {});
  }
}

async function examine(client: pg.Client, host: string): Promise<Finding[]> {
  const setting = async (name: string): Promise<string> =>
    (await client.query("select current_setting($1) as value", [name])).rows[0].value;
  const findings: Finding[] = [];

  const version = await setting("server_version");
  findings.push(
    Number(await setting("server_version_num")) >= OLDEST
      ? ok("postgres.version", `PostgreSQL ${version}`)
      : problem(
          "postgres.version",
          `PostgreSQL ${version}`,
          "The pool's statements need version 14 or newer; older ones get no security fixes either.",
          "Install a newer PostgreSQL, dump the old database and restore it there (docs/operator.md).",
        ),
  );
  findings.push(...(await durability(setting)));

  const connections = Number(await setting("max_connections"));
  findings.push(
    connections >= 2 * PER_REPLICA + SPARE
      ? ok("postgres.max-connections", `${connections} connections`)
      : warning(
          "postgres.max-connections",
          `${connections} connections`,
          `A replica uses up to ${PER_REPLICA}; two replicas, a backup and you would not all fit.`,
          `Set max_connections = 100 in postgresql.conf and restart PostgreSQL.`,
        ),
  );

  const encoding = await setting("server_encoding");
  if (encoding !== "UTF8") {
    findings.push(
      problem(
        "postgres.encoding",
        `the database is ${encoding}`,
        "Questions in most languages and every emoji would be refused.",
        "Make the database anew: createdb -E UTF8 -T template0 NAME.",
      ),
    );
  }

  const { rows } = await client.query("select ssl from pg_stat_ssl where pid = pg_backend_pid()");
  if (!isLoopback(host) && host !== "" && rows[0]?.ssl !== true) {
    findings.push(
      warning(
        "postgres.tls",
        `the connection to ${host} is not encrypted`,
        "Whoever can listen on that network reads every question and answer.",
        "Add ?sslmode=verify-full to DATABASE_URL and give the server a certificate, or use a private network.",
      ),
    );
  }

  const skew = await clockSkew(
    async () =>
      (await client.query("select extract(epoch from clock_timestamp()) * 1000 as ms")).rows[0].ms,
    Date.now,
  );
  findings.push(judgeSkew("postgres.clock", "PostgreSQL's", skew), await migrationLevel(client));
  return findings;
}

async function durability(setting: (name: string) => Promise<string>): Promise<Finding[]> {
  const [commit, fsync] = [await setting("synchronous_commit"), await setting("fsync")];
  const found = `synchronous_commit = ${commit}, fsync = ${fsync}`;
  if (fsync === "on" && commit !== "off") return [ok("postgres.durability", found)];
  return [
    problem(
      "postgres.durability",
      found,
      "After a power cut questions and signed answers that were acknowledged can be missing.",
      `Set ${fsync === "on" ? "synchronous_commit = on" : "fsync = on"} in postgresql.conf and reload PostgreSQL.`,
    ),
  ];
}

async function migrationLevel(client: pg.Client): Promise<Finding> {
  const check = "postgres.migrations";
  const known = await migrationNames();
  const table = await client.query("select to_regclass('kysely_migration') as there");
  const applied: string[] =
    table.rows[0].there === null
      ? []
      : (await client.query("select name from kysely_migration order by name")).rows.map(
          (row: { name: string }) => row.name,
        );
  const foreign = applied.filter((name) => !known.includes(name));
  if (foreign.length > 0) {
    return problem(
      check,
      `the database knows ${foreign.join(", ")}, this program does not`,
      "A newer version of the pool has written here; this one refuses to start on it.",
      "Update this copy of the program to the version of the others.",
    );
  }
  const open = known.length - applied.length;
  if (open === 0) return ok(check, `at the newest level, ${known.at(-1)}`);
  const { rows } = await client.query(
    "select has_schema_privilege(current_user, current_schema(), 'create') as may",
  );
  if (rows[0]?.may !== true) {
    return problem(
      check,
      `${open} migrations to do, and this user may not create tables`,
      "The api cannot start: it brings the database up to date by itself.",
      "As the database's owner: GRANT CREATE ON SCHEMA public TO the user in DATABASE_URL.",
    );
  }
  return ok(check, `${open} migrations to do; the api does them when it starts`);
}

const BY_CODE: Record<string, string> = {
  ECONNREFUSED: "Start PostgreSQL, and let it listen there (listen_addresses, port).",
  ENOTFOUND: "Mend the host name in DATABASE_URL.",
  "28P01": "Mend the password in DATABASE_URL.",
  "28000": "Mend user or password in DATABASE_URL, or pg_hba.conf on the server.",
  "3D000": "Create the database named in DATABASE_URL: createdb -E UTF8 -T template0 NAME.",
  "53300": "All connections are taken: raise max_connections, or stop what holds them.",
};

function unreachable(error: Error & { code?: string }): Finding {
  return problem(
    "postgres.reachable",
    `DATABASE_URL cannot be used: ${error.message || error.code}`,
    "Without its records the pool takes no question and answers none.",
    BY_CODE[error.code ?? ""] ??
      "See that PostgreSQL runs and that a firewall lets this machine in.",
  );
}
