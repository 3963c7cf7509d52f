import { sql, type Transaction } from "kysely";
import type { Actor } from "../../../protocol/wire/policy.ts";
import { personOf } from "../../members/person.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import type { Rules } from "../constitution/book.ts";
import { tell } from "../events/tell.ts";
import { type AgentAct, governanceFailures } from "../failures.ts";
import { DAY_MS } from "../time.ts";
import { say } from "../words/say.ts";
import { foundingOver } from "./founding.ts";

export async function isMember(db: Database, person: string): Promise<boolean> {
  const row = await db
    .selectFrom("member")
    .select("person_id")
    .where("person_id", "=", person)
    .executeTakeFirst();
  return row !== undefined;
}

export async function isSteward(db: Database, person: string): Promise<boolean> {
  const row = await db
    .selectFrom("steward")
    .select("person_id")
    .where("person_id", "=", person)
    .executeTakeFirst();
  return row !== undefined;
}

/** The controller of a declared agent; null for a person's account. */
export async function controllerOf(db: Database, account: string): Promise<string | null> {
  const row = await db
    .selectFrom("agent")
    .select("controller")
    .where("account", "=", account)
    .executeTakeFirst();
  return row?.controller ?? null;
}

/**
 * The operator's own moderators are the first members and stewards. Where none are named, the first moderator
 * who acts founds the pool. Safe to repeat; does nothing once there are members.
 */
export async function foundBy(
  trx: Transaction<Tables>,
  founders: readonly string[],
  actor: Actor | null,
  now: number,
): Promise<void> {
  const any = await trx.selectFrom("member").select("person_id").limit(1).executeTakeFirst();
  if (any !== undefined && actor !== null) return;
  // The operator's list is how the pool began: once the members have decided about stewards, they alone do.
  const voted = await sql`
    select 1 from effect where action ->> 'kind' in ('steward.elect', 'steward.recall') and done_at is not null
      and state <> 'stale' limit 1`.execute(trx);
  const accounts =
    founders.length > 0 ? founders : actor?.moderator === true ? [actor.account] : [];
  for (const account of accounts) {
    const person = await personOf(trx, account, now);
    await admit(trx, person, now, now, "founder");
    if (voted.rows.length > 0) continue;
    await trx
      .insertInto("steward")
      .values({ person_id: person, since: now, how: "founder" })
      .onConflict((conflict) => conflict.column("person_id").doNothing())
      .execute();
  }
}

/** The person of an actor who is a member and no agent. Throws `not_member`, `agent_may_not`. */
export async function requireMember(
  trx: Transaction<Tables>,
  actor: Actor,
  founders: readonly string[],
  act: AgentAct,
  now: number,
): Promise<string> {
  await foundBy(trx, founders, actor, now);
  if ((await controllerOf(trx, actor.account)) !== null) {
    throw governanceFailures.agentMayNot(act);
  }
  const person = await personOf(trx, actor.account, now);
  if (!(await isMember(trx, person))) throw governanceFailures.notMember();
  return person;
}

export interface Vouched {
  readonly vouches: number;
  readonly needed: number;
  readonly member: boolean;
}

/**
 * A member's word for an account. In the founding period a steward's, or a member's who moderates, is enough.
 * Throws `not_member`, `vouch_refused`.
 */
export async function vouch(
  trx: Transaction<Tables>,
  rules: Rules,
  actor: Actor,
  account: string,
  founders: readonly string[],
  now: number,
): Promise<Vouched> {
  const by = await requireMember(trx, actor, founders, "vouch", now);
  if ((await controllerOf(trx, account)) !== null) {
    throw governanceFailures.vouch(say("vouch_agent"));
  }
  const person = await personOf(trx, account, now);
  if (person === by) throw governanceFailures.vouch(say("vouch_self"));
  if (await isMember(trx, person)) {
    throw governanceFailures.vouch(say("vouch_already"));
  }
  const { admit: needs, standingDays } = rules.constitution.bodies.members;
  const over = await foundingOver(trx, rules, now);
  const alone = !over && (actor.moderator || (await isSteward(trx, by)));
  if (!alone) await mayVouch(trx, by, needs, now);
  await trx
    .insertInto("vouch")
    .values({ person_id: person, by_person: by, at: now })
    .onConflict((conflict) => conflict.columns(["person_id", "by_person"]).doNothing())
    .execute();
  const { count } = await trx
    .selectFrom("vouch")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("person_id", "=", person)
    .executeTakeFirstOrThrow();
  const vouches = Number(count);
  const needed = alone ? 1 : needs.vouches;
  const member = vouches >= needed;
  if (member) {
    const votesFrom = alone ? now : now + standingDays * DAY_MS;
    await admit(trx, person, now, votesFrom, alone ? "admitted" : "vouched");
    await tell(trx, {
      key: `member-admitted:${person}`,
      type: "member-admitted",
      words: alone
        ? say("event_admitted_founding")
        : say("event_admitted", { day: { day: votesFrom } }),
      tell: [account],
      data: { provisional: alone },
    });
  }
  return { vouches, needed, member };
}

async function mayVouch(
  trx: Transaction<Tables>,
  by: string,
  needs: Rules["constitution"]["bodies"]["members"]["admit"],
  now: number,
): Promise<void> {
  const self = await trx
    .selectFrom("member")
    .select(["since", "how"])
    .where("person_id", "=", by)
    .executeTakeFirstOrThrow();
  // Those of the founding period began together: without them nobody could vouch for a month.
  if (self.how === "vouched" && now - self.since < needs.voucherDays * DAY_MS) {
    throw governanceFailures.vouch(say("vouch_new", { time: { hours: 24 * needs.voucherDays } }));
  }
  const { count } = await trx
    .selectFrom("vouch")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("by_person", "=", by)
    .where("at", ">", now - needs.windowDays * DAY_MS)
    .executeTakeFirstOrThrow();
  if (Number(count) >= needs.perVoucher) {
    throw governanceFailures.vouch(
      say("vouch_spent", {
        times: say("count_times", { n: needs.perVoucher }),
        time: { hours: 24 * needs.windowDays },
      }),
    );
  }
}

async function admit(
  trx: Transaction<Tables>,
  person: string,
  since: number,
  votesFrom: number,
  how: "founder" | "admitted" | "vouched",
): Promise<void> {
  await trx
    .insertInto("member")
    .values({ person_id: person, since, votes_from: votesFrom, how })
    .onConflict((conflict) => conflict.column("person_id").doNothing())
    .execute();
}

/** Accounts of people, by person: one each, the first one. */
export async function accountOf(db: Database, person: string): Promise<string> {
  const row = await db
    .selectFrom("account")
    .select("account")
    .where("person_id", "=", person)
    .orderBy("first_seen_at")
    .limit(1)
    .executeTakeFirst();
  return row?.account ?? "somebody";
}
