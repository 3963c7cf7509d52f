import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Redis } from "ioredis";
import type { GovernedPool } from "./governed-pool.ts";

const run = promisify(execFile);

/** Whatever somebody could look at while a vote runs, by where it was found; lines of text. */
export interface Captured {
  /** The answers of every GET route there is, for everybody named. */
  readonly routes: readonly string[];
  readonly log: readonly string[];
  readonly metrics: readonly string[];
  /** Every row of every table, as pg_dump writes it. */
  readonly records: readonly string[];
  /** Every key and value of Redis, where there is one. */
  readonly redis: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
}

/** Reads everything, of one proposal where a route asks for a number. `accounts`: who asks, and is asked about. */
export async function capture(
  pool: GovernedPool,
  number: number,
  accounts: readonly string[],
  receipts: readonly string[] = [],
): Promise<Captured> {
  const { stdout } = await run(
    "pg_dump",
    ["--data-only", "--inserts", "--column-inserts", "--dbname", pool.postgres.url],
    { maxBuffer: 256 * 1024 * 1024 },
  );
  return {
    routes: await everyAnswer(pool, number, accounts, receipts),
    log: [...pool.pool.log],
    metrics: (await (await pool.pool.request("/metrics")).text()).split("\n"),
    // When the tables were made, and which replica minds what, is the machine's own time.
    records: stdout
      .split("\n")
      .filter((line) => /^INSERT INTO public\.(?!kysely_migration|duty)/.test(line)),
    redis: pool.redisUrl === null ? [] : await everyKey(pool.redisUrl),
  };
}

/**
 * How a count of `yes` for and `no` against can be written, in any order and by any name: whoever finds one of these
 * about a sealed vote has found its tally.
 */
export function tallyForms(yes: number, no: number): RegExp[] {
  const words = (list: string) => `["'(]?\\b(?:${list})\\b["')]?`;
  const forms = (count: number, names: string) => [
    `(?<![\\d.:-])${count}["']?\\s?${words(names)}`,
    `${words(names)}\\s?[:=]?\\s?["'[{]*${count}(?![\\d.-])`,
  ];
  const share = Math.round((100 * yes) / (yes + no));
  return [
    ...forms(yes, "for|yes|ayes?|pro|in favou?r|A"),
    ...forms(no, "against|noe?s?|nays?|contra|Z"),
    `(?<![\\d.:-])${yes}\\s?(?::|–|to|/|vs\\.?)\\s?${no}(?![\\d.:-])`,
    `\\b(?:${share}|${100 - share})(?:\\.\\d+)?\\s?%`,
    '"(?:running|winner|winners|leader|leads|tally|bars|pairwise|approvals|totals)":(?!null)',
  ].map((form) => new RegExp(form, "i"));
}

/** Ids and digests: among so many digits everything stands somewhere. */
const RANDOM = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{32,}/g;

/** What was captured about one proposal, without ids: its own routes, and every other line that names it. */
export function about(captured: Captured, number: number, id: string): string[] {
  const own = new RegExp(`GET /v1/proposals/${number}\\b|${id}|roposal ${number}\\b`);
  const { routes, log, records, redis } = captured;
  return [...routes, ...log, ...records, ...redis].flatMap((line) =>
    own.test(line) ? [line.replace(RANDOM, "<id>")] : [],
  );
}

async function everyAnswer(
  pool: GovernedPool,
  number: number,
  accounts: readonly string[],
  receipts: readonly string[],
): Promise<string[]> {
  const { paths } = await pool.pool.get<{
    paths: Record<string, Record<string, { parameters?: readonly Parameter[] }>>;
  }>("/openapi.json");
  const values: Record<string, readonly string[]> = {
    number: [String(number)],
    account: accounts,
    receipt: receipts.length === 0 ? ["none"] : receipts,
    id: ["c", "00000000-0000-4000-8000-000000000000"],
    version: ["1"],
    type: ["proposal", "model", "node", "setting", "scope", "rule", "value"],
  };
  const lines: string[] = [];
  for (const [path, { get }] of Object.entries(paths)) {
    if (get === undefined || path === "/openapi.json") continue;
    const asked = (get.parameters ?? []).filter(
      ({ name, in: where, required }) => where === "path" || required || name === "account",
    );
    let urls = [path];
    for (const { name, in: where } of asked) {
      urls = urls.flatMap((url) =>
        (values[name] ?? ["x"]).map((value) => {
          const text = encodeURIComponent(value);
          if (where === "path") return url.replace(`{${name}}`, text);
          return `${url}${url.includes("?") ? "&" : "?"}${name}=${text}`;
        }),
      );
    }
    for (const url of urls) {
      const response = await pool.pool.request(url);
      for (const said of itemsOf(await response.text())) {
        lines.push(`GET ${url} ${response.status} ${said}`);
      }
    }
  }
  assert(lines.length > 40, "routes were asked");
  return lines;
}

/** A list as one text for each of its items, so that what is said of one is not taken for another's. */
function itemsOf(text: string): string[] {
  try {
    const [list, ...rest] = Object.values(JSON.parse(text) as object);
    if (Array.isArray(list) && rest.length === 0 && list.length > 0) {
      return list.map((item) => JSON.stringify(item));
    }
  } catch {
    // Not JSON: a page or a file.
  }
  return [text];
}

async function everyKey(url: string): Promise<string[]> {
  const redis = new Redis(url);
  try {
    const keys = (await redis.keys("*")).sort();
    return await Promise.all(
      keys.map(async (key) => `${key} ${(await redis.dumpBuffer(key))?.toString("latin1")}`),
    );
  } finally {
    redis.disconnect();
  }
}
