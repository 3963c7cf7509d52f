import type { Choice } from "../../../protocol/wire/governance.ts";
import type { MemberData } from "../../../protocol/wire/members.ts";
import type { Database } from "../../storage/open.ts";
import { choiceWords } from "../ballots/roll-call.ts";

type Kept = MemberData["governance"];

/** Rows of one kind in one export; who has more gets the newest. */
const AT_MOST = 1_000;

/**
 * Everything governance keeps about a person, over all their accounts: standing, seats, ballots, backings, reasons,
 * proposals, words given and had, links. What a sealed ballot says is not in it, while the vote runs and after it:
 * whoever can have it shown can be made to show it, and a route that opened ballots one by one would open all.
 */
export async function governanceData(
  db: Database,
  person: string,
  accounts: readonly string[],
): Promise<Kept> {
  return {
    ...(await standing(db, person)),
    ...(await links(db, accounts)),
    vouches: await vouches(db, person),
    agents: await agents(db, person),
    ...(await proposals(db, person, accounts)),
    backings: await backings(db, person),
    seats: await seats(db, person),
    ballots: await ballots(db, person, accounts),
    emergencies: await emergencies(db, person),
  };
}

async function standing(db: Database, person: string): Promise<Pick<Kept, "member" | "steward">> {
  const member = await db
    .selectFrom("member")
    .select(["since", "votes_from as votesFrom", "how"])
    .where("person_id", "=", person)
    .executeTakeFirst();
  const steward = await db
    .selectFrom("steward")
    .select(["since", "how"])
    .where("person_id", "=", person)
    .executeTakeFirst();
  return { member: member ?? null, steward: steward ?? null };
}

async function links(
  db: Database,
  accounts: readonly string[],
): Promise<Pick<Kept, "links" | "linkCodes" | "reminders">> {
  const linked = await db
    .selectFrom("account")
    .select(["account", "first_seen_at as firstSeenAt", "linked_at as linkedAt"])
    .where("account", "in", accounts)
    .orderBy("first_seen_at")
    .orderBy("account")
    .execute();
  const codes = await db
    .selectFrom("link_code")
    .select(["account", "created_at as madeAt", "used_at as usedAt", "used_by as usedBy"])
    .where((where) =>
      where.or([where("account", "in", accounts), where("used_by", "in", accounts)]),
    )
    .orderBy("created_at", "desc")
    .limit(AT_MOST)
    .execute();
  const reminder = await db
    .selectFrom("reminder")
    .select("account")
    .where("account", "in", accounts)
    .executeTakeFirst();
  return { links: linked, linkCodes: codes, reminders: reminder?.account ?? null };
}

async function vouches(db: Database, person: string): Promise<Kept["vouches"]> {
  const rows = await db
    .selectFrom("vouch")
    .select(["person_id", "by_person", "at"])
    .where((where) => where.or([where("person_id", "=", person), where("by_person", "=", person)]))
    .orderBy("at", "desc")
    .limit(AT_MOST)
    .execute();
  // Who the other person is, is theirs to tell.
  return rows.map(({ by_person, at }) => ({ given: by_person === person, at }));
}

function agents(db: Database, person: string): Promise<Kept["agents"]> {
  return db
    .selectFrom("agent")
    .select(["name", "purpose", "account", "declared_at as declaredAt"])
    .where("controller", "=", person)
    .orderBy("declared_at", "desc")
    .limit(AT_MOST)
    .execute();
}

async function proposals(
  db: Database,
  person: string,
  accounts: readonly string[],
): Promise<Pick<Kept, "proposals" | "options">> {
  const made = await db
    .selectFrom("proposal")
    .select(["number", "title", "reason", "kind", "revision", "created_at as at"])
    .where("proposer", "=", person)
    .orderBy("number", "desc")
    .limit(AT_MOST)
    .execute();
  const options = await db
    .selectFrom("proposal_option as o")
    .innerJoin("proposal as p", "p.id", "o.proposal_id")
    .select(["p.number as proposal", "o.id as option", "o.title", "o.added_at as at"])
    .where("o.added_by", "in", accounts)
    .orderBy("p.number", "desc")
    .orderBy("o.id")
    .limit(AT_MOST)
    .execute();
  return { proposals: made, options };
}

function backings(db: Database, person: string): Promise<Kept["backings"]> {
  return db
    .selectFrom("backing as b")
    .innerJoin("proposal as p", "p.id", "b.proposal_id")
    .select(["p.number as proposal", "b.kind", "b.account", "b.reason", "b.at"])
    .where("b.person_id", "=", person)
    .orderBy("p.number", "desc")
    .orderBy("b.kind")
    .limit(AT_MOST)
    .execute();
}

async function seats(db: Database, person: string): Promise<Kept["seats"]> {
  const rows = await db
    .selectFrom("roll as r")
    .innerJoin("proposal as p", "p.id", "r.proposal_id")
    .select(["p.number as proposal", "r.house", "r.weight as weightMillionths"])
    .where("r.person_id", "=", person)
    .where("r.agent", "=", false)
    .orderBy("p.number", "desc")
    .limit(AT_MOST)
    .execute();
  return rows.map((row) => ({ ...row, weightMillionths: Number(row.weightMillionths) }));
}

async function ballots(
  db: Database,
  person: string,
  accounts: readonly string[],
): Promise<Kept["ballots"]> {
  const rows = await db
    .selectFrom("ballot as b")
    .innerJoin("proposal as p", "p.id", "b.proposal_id")
    .select([
      ...(["p.number as proposal", "p.title", "p.sealed", "b.stage", "b.account"] as const),
      ...(["b.receipt", "b.state", "b.cast_at as at", "b.content"] as const),
    ])
    .where("b.person_id", "=", person)
    .orderBy("p.number", "desc")
    .orderBy("b.stage")
    .limit(AT_MOST)
    .execute();
  // An account that was linked after a vote had closed keeps its line in that roll call.
  const named = await db
    .selectFrom("poll_name as n")
    .innerJoin("proposal as p", "p.id", "n.proposal_id")
    .select(["p.number as proposal", "p.title", "n.stage", "n.account", "n.choice", "n.reason"])
    .where("n.account", "in", accounts)
    .orderBy("p.number", "desc")
    .limit(AT_MOST)
    .execute();
  return {
    cast: rows.map(({ content, ...row }) => ({ ...row, ...(row.sealed ? SEALED : open(content)) })),
    named,
  };
}

const SEALED = { choice: null, reason: null };

function open(content: Uint8Array): { readonly choice: string; readonly reason: string | null } {
  const text = Buffer.from(content).toString("utf8");
  const { choice, reason } = JSON.parse(text) as { choice: Choice; reason: string | null };
  return { choice: choiceWords(choice), reason };
}

async function emergencies(db: Database, person: string): Promise<Kept["emergencies"]> {
  const rows = await db
    .selectFrom("emergency")
    .select(["subject", "subject_id", "subject_name", "reason", "state", "proposed_at as at"])
    .where((where) =>
      where.or([
        where("first_steward", "=", person),
        where("second_steward", "=", person),
        where.and([where("subject", "=", "member"), where("subject_id", "=", person)]),
      ]),
    )
    .orderBy("proposed_at", "desc")
    .limit(AT_MOST)
    .execute();
  return rows.map(({ subject, subject_id, subject_name: about, ...row }) => ({
    ...{ subject, about, ...row },
    asSteward: !(subject === "member" && subject_id === person),
  }));
}
