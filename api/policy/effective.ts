import type { Selectable } from "kysely";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import {
  fitsPolicy,
  POLICY_KEYS,
  type PolicyEntry,
  type PolicyKey,
  type PolicyValues,
  policyKeys,
} from "../../protocol/wire/policy.ts";
import type { Database } from "../storage/open.ts";
import { type Place, placeOf, scopesOf } from "./scope.ts";
import type { PolicyTable } from "./tables.ts";

export type PolicyRow = Selectable<PolicyTable>;

/** Every setting as it holds in one place. */
export interface EffectivePolicy {
  readonly values: PolicyValues;
  /** The same with where each value comes from, in the order of POLICY_KEYS. */
  readonly entries: readonly PolicyEntry[];
  /** SHA-256 of `system_prompt`; null where there is none. */
  readonly systemPromptSha256: string | null;
  /** Scope that `quota_per_day` was set in: there the questions are counted. */
  readonly quotaScope: string | null;
}

/** Reads the settings that hold in a place: room, else community, else pool, else the default. */
export async function effectivePolicy(db: Database, place: Place): Promise<EffectivePolicy> {
  const scopes = scopesOf(place);
  const rows = await db.selectFrom("policy").selectAll().where("scope", "in", scopes).execute();
  return resolvePolicy(scopes, rows);
}

/** Pure core of effectivePolicy: `scopes` nearest first, `rows` of any of them. */
export function resolvePolicy(
  scopes: readonly string[],
  rows: readonly PolicyRow[],
): EffectivePolicy {
  const values: Record<string, unknown> = {};
  const entries: PolicyEntry[] = [];
  for (const key of policyKeys) {
    const holding = holdingRow(scopes, rows, key);
    const value = holding === null ? POLICY_KEYS[key].fallback : holding.value;
    values[key] = value;
    entries.push({
      key,
      value,
      level: holding === null ? "default" : placeOf(holding.scope).level,
      setBy: holding?.set_by ?? null,
      setAt: holding?.set_at ?? null,
      open: votedRow(rows, key) === null,
    });
  }
  const prompt = values.system_prompt as string | null;
  return {
    values: values as PolicyValues,
    entries,
    systemPromptSha256: prompt === null ? null : sha256Hex(prompt),
    quotaScope: holdingRow(scopes, rows, "quota_per_day")?.scope ?? null,
  };
}

/** The row whose value holds; one that no longer fits its schema counts as not set. */
function holdingRow(
  scopes: readonly string[],
  rows: readonly PolicyRow[],
  key: PolicyKey,
): PolicyRow | null {
  for (const scope of scopes) {
    const row = rows.find((each) => each.scope === scope && each.key === key);
    if (row !== undefined && fitsPolicy(key, row.value)) return row;
  }
  return null;
}

/** The row of this setting, here or in a wider place, that members have voted; null when there is none. */
export function votedRow(rows: readonly PolicyRow[], key: PolicyKey): PolicyRow | null {
  return rows.find((row) => row.key === key && row.set_by.kind === "vote") ?? null;
}
