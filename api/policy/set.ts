import { sql, type Transaction } from "kysely";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../../protocol/receipts/jcs.ts";
import {
  fitsPolicy,
  isPolicyKey,
  POLICY_KEYS,
  type PolicyKey,
  type PolicySetter,
} from "../../protocol/wire/policy.ts";
import type { Tables } from "../storage/tables.ts";
import { resolvePolicy, votedRow } from "./effective.ts";
import { policyFailures } from "./failures.ts";
import { placeOf, scopesOf } from "./scope.ts";

/** Not to be confused with a value that is null. */
const NOT_SET = sql<string>`null`;

export interface PolicySetting {
  readonly scope: string;
  readonly key: string;
  /** The value that held in this place when the change was decided; absent: whatever it is. */
  readonly expected?: unknown;
  /** Undefined: the wider place's value shall hold again. */
  readonly value: unknown;
  readonly by: PolicySetter;
  readonly now: number;
}

/**
 * Sets one value in one place and lists the change. Two at once take turns, so that `expected` holds. Throws
 * ApiFailure: `policy_unknown_key`, `policy_level`, `policy_value`, `policy_voted` (only a vote may change what
 * a vote has set, here or in a wider place), `policy_stale`. After the commit tell PolicyBook.changed().
 */
export async function setPolicy(trx: Transaction<Tables>, setting: PolicySetting): Promise<void> {
  const { scope, by, now, value } = setting;
  const place = placeOf(scope);
  const key = knownKey(setting.key);
  if (!POLICY_KEYS[key].levels.includes(place.level)) {
    throw policyFailures.level(key, place.level);
  }
  if (value !== undefined && !fitsPolicy(key, value)) throw policyFailures.value(key);

  await lockPolicy(trx, key);
  const scopes = scopesOf(place);
  const rows = await trx
    .selectFrom("policy")
    .selectAll()
    .where("scope", "in", scopes)
    .where("key", "=", key)
    .execute();
  const here = rows.find((row) => row.scope === scope);
  const voted = votedRow(rows, key);
  // Following what was voted again is no change of it.
  const followsVote = value === undefined && here?.set_by.kind !== "vote";
  if (voted?.set_by.kind === "vote" && by.kind !== "vote" && !followsVote) {
    throw policyFailures.voted(key, voted.set_by.proposal);
  }
  if (setting.expected !== undefined) {
    const present = resolvePolicy(scopes, rows).values[key];
    if (!sameJson(present, setting.expected)) throw policyFailures.stale(key, present);
  }
  if (value === undefined ? here === undefined : here && sameAs(here, value, by)) return;

  if (value === undefined) {
    await trx.deleteFrom("policy").where("scope", "=", scope).where("key", "=", key).execute();
  } else {
    const written = { value: JSON.stringify(value), set_by: JSON.stringify(by), set_at: now };
    await trx
      .insertInto("policy")
      .values({ scope, key, revision: 1, ...written })
      .onConflict((conflict) =>
        conflict
          .columns(["scope", "key"])
          .doUpdateSet({ ...written, revision: sql`policy.revision + 1` }),
      )
      .execute();
  }
  await trx
    .insertInto("policy_change")
    .values({
      scope,
      key,
      old_value: here === undefined ? NOT_SET : JSON.stringify(here.value),
      new_value: value === undefined ? NOT_SET : JSON.stringify(value),
      set_by: JSON.stringify(by),
      set_at: now,
    })
    .execute();
  if (key === "system_prompt" && typeof value === "string") await keepPrompt(trx, value, now);
}

/** Holds a setting, in every place, until the transaction ends: whoever sets it takes turns. */
export async function lockPolicy(trx: Transaction<Tables>, key: PolicyKey): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`policy ${key}`}, 0))`.execute(trx);
}

function knownKey(key: string): PolicyKey {
  if (!isPolicyKey(key)) throw policyFailures.unknownKey(key);
  return key;
}

function sameAs(row: { value: unknown; set_by: PolicySetter }, value: unknown, by: PolicySetter) {
  return row.set_by.kind === by.kind && by.kind !== "vote" && sameJson(row.value, value);
}

function sameJson(one: unknown, other: unknown): boolean {
  return canonicalBytes(one).equals(canonicalBytes(other));
}

/** Jobs name their instructions by digest, so the text stays when the setting changes. */
async function keepPrompt(trx: Transaction<Tables>, content: string, now: number): Promise<void> {
  await trx
    .insertInto("system_prompt")
    .values({ sha256: sha256Hex(content), content, created_at: now })
    .onConflict((conflict) => conflict.column("sha256").doNothing())
    .execute();
}
