import { sql, type Transaction } from "kysely";
import type { MeView } from "../../../protocol/wire/governance.ts";
import { accountsOf, personOf } from "../../members/person.ts";
import type { Tables } from "../../storage/tables.ts";
import { currentRules } from "../constitution/book.ts";
import { electorate } from "../proposals/roll.ts";
import { titleOf } from "../proposals/title.ts";
import { databaseNow } from "../time.ts";
import { type Said, say } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";
import { foundingOver } from "./founding.ts";
import { isSteward } from "./membership.ts";

interface Open {
  readonly proposal: number;
  readonly title: string;
  readonly title_said: Said | null;
  readonly voteUntil: number;
}

/** What a person is in this pool, for that person alone. */
export async function meView(trx: Transaction<Tables>, account: string): Promise<Unspoken<MeView>> {
  const now = await databaseNow(trx);
  const rules = await currentRules(trx);
  const over = await foundingOver(trx, rules, now);
  const person = await personOf(trx, account, now);
  const member = await trx
    .selectFrom("member")
    .selectAll()
    .where("person_id", "=", person)
    .executeTakeFirst();
  const vouches = await trx
    .selectFrom("vouch")
    .select((select) => select.fn.countAll<number>().as("count"))
    .where("person_id", "=", person)
    .executeTakeFirstOrThrow();
  const needed = over ? rules.constitution.bodies.members.admit.vouches : 1;
  const { rows: work } = await sql<{ nodes: number; credits: number }>`
    select count(distinct o.node_key)::integer as nodes, coalesce(sum(c.amount), 0)::bigint as credits
    from node_owner o left join credit c on c.node_key = o.node_key
    where o.person_id = ${person}::uuid`.execute(trx);
  const nodes = Number(work[0]?.nodes ?? 0);
  const seats = nodes === 0 ? [] : await electorate(trx, rules, ["producers"], now, !over);
  const seat = seats.find((each) => each.person === person);
  const agents = await trx
    .selectFrom("agent")
    .select(["name", "account"])
    .where("controller", "=", person)
    .execute();
  const reminder = await trx
    .selectFrom("reminder")
    .select("account")
    .where("person_id", "=", person)
    .executeTakeFirst();
  const ballots = await trx
    .selectFrom("ballot as b")
    .innerJoin("proposal as p", "p.id", "b.proposal_id")
    .select(["p.number as proposal", "p.title", "p.title_said"])
    .select(["b.receipt", "b.cast_at as castAt", "b.state"])
    .where("b.person_id", "=", person)
    .orderBy("b.cast_at", "desc")
    .limit(50)
    .execute();
  const { rows: open } = await sql<Open>`
    select distinct p.number as proposal, p.title, p.title_said, coalesce(p.ratify_until, p.vote_until) as "voteUntil"
    from proposal p join roll r on r.proposal_id = p.id and r.person_id = ${person}::uuid
    where p.closed_at is null and p.talk_until <= pool_now() and (p.ratify_until is null or r.house = 'producers')
      and coalesce(p.ratify_until, p.vote_until) > pool_now()
      and not exists (select 1 from ballot b where b.proposal_id = p.id and b.person_id = r.person_id
        and b.state = 'counts' and b.revision = p.revision
        and b.stage = case when p.ratify_until is null then 'vote' else 'ratify' end)
    order by "voteUntil" limit 50`.execute(trx);
  const waiting = member !== undefined && member.votes_from > now;
  return {
    accounts: await accountsOf(trx, person),
    member: {
      state: member === undefined ? "guest" : waiting ? "waiting" : "member",
      since: member?.since ?? null,
      votesFrom: member?.votes_from ?? null,
      vouches: Number(vouches.count),
      vouchesNeeded: needed,
      words:
        member === undefined
          ? over
            ? say("me_guest", { members: say("count_members", { n: needed }) })
            : say("me_guest_founding")
          : waiting
            ? say("me_waiting", { day: { day: member.votes_from } })
            : say("me_member"),
    },
    producer: {
      nodes,
      credits: Number(work[0]?.credits ?? 0),
      weightMillionths: seat === undefined ? null : Number(seat.weight),
      words:
        seat !== undefined
          ? say("me_producer")
          : nodes === 0
            ? say("me_no_node")
            : say("me_too_little"),
    },
    steward: await isSteward(trx, person),
    agents,
    reminders: reminder !== undefined,
    ballots: ballots.map(({ title, title_said, ...ballot }) => ({
      ...ballot,
      title: titleOf({ title, title_said }),
    })),
    open: open.map(({ proposal, voteUntil, ...titles }) => ({
      proposal,
      title: titleOf(titles),
      voteUntil: Number(voteUntil),
    })),
  };
}
