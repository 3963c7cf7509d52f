import { sql, type Transaction } from "kysely";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import type { LinkCode, LinkOutcome, MergedBallot } from "../../protocol/wire/governance.ts";
import type { ApiContext } from "../context.ts";
import { receiptCode } from "../governance/ballots/log.ts";
import { sentences } from "../governance/constitution/words.ts";
import { governanceFailures } from "../governance/failures.ts";
import { controllerOf } from "../governance/people/membership.ts";
import { mergeVoters } from "../governance/people/merge.ts";
import { databaseNow } from "../governance/time.ts";
import { each, type Said, say } from "../governance/words/say.ts";
import type { Unspoken } from "../governance/words/speak.ts";
import type { Tables } from "../storage/tables.ts";
import { accountsOf, personOf } from "./person.ts";

const CODE_MS = 10 * 60_000;
const TRIES = 5;
const TRY_MS = 3_600_000;

/** A one-time code for the person behind an account. It is shown once; only its digest is kept. */
export function makeLinkCode(
  { db, random }: Pick<ApiContext, "db" | "random">,
  account: string,
): Promise<Unspoken<LinkCode>> {
  return db.transaction().execute(async (trx) => {
    const now = await databaseNow(trx);
    if ((await controllerOf(trx, account)) !== null) throw governanceFailures.linkAgent();
    const person = await personOf(trx, account, now);
    const code = receiptCode(random(10));
    // The newest code is the one that counts; of anybody's that nobody used in time nothing stays.
    await trx
      .deleteFrom("link_code")
      .where("used_at", "is", null)
      .where((where) => where.or([where("account", "=", account), where("expires_at", "<=", now)]))
      .execute();
    await trx
      .insertInto("link_code")
      .values({
        ...{ hash: sha256Hex(code), person_id: person, account },
        ...{ created_at: now, expires_at: now + CODE_MS },
      })
      .execute();
    return {
      code,
      expiresAt: now + CODE_MS,
      words: say("link_code", { code, minutes: CODE_MS / 60_000 }),
    };
  });
}

/** Makes two persons one. Throws `code_wrong`, `code_tries`, `code_own`, `link_agent`. */
export async function redeemLinkCode(
  { db }: Pick<ApiContext, "db">,
  account: string,
  code: string,
): Promise<Unspoken<LinkOutcome>> {
  const outcome = await db.transaction().execute(async (trx) => {
    const now = await databaseNow(trx);
    await sql`select pg_advisory_xact_lock(hashtextextended(${`link ${account}`}, 0))`.execute(trx);
    await requireTries(trx, account, now);
    if ((await controllerOf(trx, account)) !== null) throw governanceFailures.linkAgent();
    const found = await trx
      .updateTable("link_code")
      .set({ used_at: now, used_by: account })
      .where("hash", "=", sha256Hex(code.trim().toLowerCase()))
      .where("used_at", "is", null)
      .where("expires_at", ">", now)
      .returning(["account"])
      .executeTakeFirst();
    if (found === undefined) {
      // Kept although the code is refused: guessing must not be free.
      await trx.insertInto("link_try").values({ account, at: now }).execute();
      return null;
    }
    // Looked up anew: the person may have been merged since the code was made.
    const keep = await personOf(trx, found.account, now);
    const gone = await personOf(trx, account, now);
    if (keep === gone) throw governanceFailures.codeOwn();
    const mergedBallots = await mergeVoters(trx, keep, gone, now);
    await trx
      .updateTable("account")
      .set({ person_id: keep, linked_at: now })
      .where("person_id", "=", gone)
      .execute();
    await trx
      .updateTable("node_owner")
      .set({ person_id: keep })
      .where("person_id", "=", gone)
      .execute();
    const accounts = await accountsOf(trx, keep);
    return {
      accounts,
      mergedBallots,
      words: sentences(
        say("linked", { accounts: accounts.length }),
        ...(mergedBallots.length === 0 ? [] : [laterCounts(mergedBallots)]),
      ),
    };
  });
  if (outcome === null) throw governanceFailures.codeWrong();
  return outcome;
}

/**
 * An account stands alone again, as a new person. Membership, seats and ballots stay with the other accounts, so
 * nobody gains a ballot by parting.
 */
export function unlinkAccount(
  { db }: Pick<ApiContext, "db">,
  actor: string,
  account: string,
): Promise<Unspoken<LinkOutcome>> {
  return db.transaction().execute(async (trx) => {
    const now = await databaseNow(trx);
    const person = await personOf(trx, actor, now);
    const accounts = await accountsOf(trx, person);
    if (accounts.length < 2 || !accounts.includes(account)) throw governanceFailures.onlyAccount();
    await sql`
      with fresh as (insert into person (id, created_at) values (gen_random_uuid(), ${now}::bigint) returning id)
      update account set person_id = fresh.id, linked_at = null from fresh
      where account.account = ${account}`.execute(trx);
    const left = accounts.filter((one) => one !== account);
    return {
      accounts: left,
      mergedBallots: [],
      words: say("unlinked", { account, accounts: each(left, "and") }),
    };
  });
}

function laterCounts(merged: readonly MergedBallot[]): Said {
  const proposals = merged.map(({ proposal }) => say("named_proposal", { number: `${proposal}` }));
  return say("linked_ballots", { proposals: each(proposals, "comma") });
}

async function requireTries(trx: Transaction<Tables>, account: string, now: number): Promise<void> {
  await trx
    .deleteFrom("link_try")
    .where("at", "<=", now - TRY_MS)
    .execute();
  const { count } = await trx
    .selectFrom("link_try")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("account", "=", account)
    .executeTakeFirstOrThrow();
  if (Number(count) >= TRIES) throw governanceFailures.codeTries();
}
