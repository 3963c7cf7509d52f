import type { Transaction } from "kysely";
import { defaultConstitution, rulesetDigest } from "../../../config/constitution.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import { databaseNow } from "../time.ts";
import { type Constitution, parseConstitution } from "./schema.ts";

/** A version of the rules. */
export interface Rules {
  readonly version: number;
  readonly digest: string;
  readonly adoptedAt: number;
  readonly proposalId: string | null;
  readonly constitution: Constitution;
}

/** Adopts the default rules where the pool has none yet. Safe when replicas start together. */
export async function adoptAtFounding(db: Database): Promise<void> {
  const constitution = parseConstitution(defaultConstitution());
  await db
    .insertInto("constitution")
    .values({
      version: constitution.version,
      content: canonicalBytes(constitution).toString("utf8"),
      digest: rulesetDigest(constitution),
      adopted_at: await databaseNow(db),
      proposal_id: null,
    })
    .onConflict((conflict) => conflict.column("version").doNothing())
    .execute();
}

/** The rules in force. */
export async function currentRules(db: Database): Promise<Rules> {
  const row = await db
    .selectFrom("constitution")
    .selectAll()
    .orderBy("version", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
  return readRules(row);
}

/** One version; null where there is none. */
export async function rulesOfVersion(db: Database, version: number): Promise<Rules | null> {
  const row = await db
    .selectFrom("constitution")
    .selectAll()
    .where("version", "=", version)
    .executeTakeFirst();
  return row === undefined ? null : readRules(row);
}

/** Puts an amended constitution in force; its version is one above the present one, or it is stale. */
export async function adopt(
  trx: Transaction<Tables>,
  constitution: Constitution,
  proposalId: string,
  now: number,
): Promise<void> {
  await trx
    .insertInto("constitution")
    .values({
      version: constitution.version,
      content: canonicalBytes(constitution).toString("utf8"),
      digest: rulesetDigest(constitution),
      adopted_at: now,
      proposal_id: proposalId,
    })
    .execute();
}

function readRules(row: {
  version: number;
  digest: string;
  adopted_at: number;
  proposal_id: string | null;
  content: string;
}): Rules {
  return {
    version: row.version,
    digest: row.digest,
    adoptedAt: row.adopted_at,
    proposalId: row.proposal_id,
    constitution: parseConstitution(JSON.parse(row.content)),
  };
}
