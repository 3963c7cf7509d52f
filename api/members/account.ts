import { sql } from "kysely";
import type { Member } from "../../protocol/wire/members.ts";
import type { ApiContext } from "../context.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import type { PolicyBook } from "../policy/book.ts";
import type { Place } from "../policy/scope.ts";
import { personOf } from "./person.ts";
import { quotaRule, quotaView, type Used, usedToday } from "./quota.ts";

const DAY_MS = 86_400_000;

/** GET /v1/members/:account: accounts, what is left of the day's questions, machines and what they earned. */
export async function memberView(
  parts: { ctx: ApiContext; policies: PolicyBook; directory: NodeDirectory },
  account: string,
  place: Place,
): Promise<Member> {
  const { ctx, policies, directory } = parts;
  const { db } = ctx;
  const now = ctx.clock();
  const person = await personOf(db, account, now);
  const rule = quotaRule(await policies.in(place));
  const [used] = await usedToday(db, [{ person, community: rule.community }], now);
  const accounts = await db
    .selectFrom("account")
    .select(["account", "first_seen_at", "linked_at"])
    .where("person_id", "=", person)
    .orderBy("first_seen_at")
    .orderBy("account")
    .execute();
  const { rows: nodes } = await sql<{
    key_id: string;
    name: string;
    answers: number;
    credits: number;
    day_answers: number;
    day_credits: number;
  }>`
    select n.key_id, n.name, count(c.job_id) as answers, coalesce(sum(c.amount), 0)::bigint as credits,
      count(c.job_id) filter (where c.created_at > ${now - DAY_MS}::bigint) as day_answers,
      coalesce(sum(c.amount) filter (where c.created_at > ${now - DAY_MS}::bigint), 0)::bigint as day_credits
    from node_owner o join node n on n.key_id = o.node_key left join credit c on c.node_key = o.node_key
    where o.person_id = ${person}::uuid group by n.key_id, n.name order by n.name`.execute(db);
  const online = new Set(directory.online().map((node) => node.keyId));
  return {
    person,
    accounts: accounts.map((each) => ({
      account: each.account,
      firstSeenAt: each.first_seen_at,
      linkedAt: each.linked_at,
    })),
    quota: quotaView(rule, used as Used, now),
    nodes: nodes.map((node) => ({
      keyId: node.key_id,
      name: node.name,
      online: online.has(node.key_id),
      answers: node.answers,
      credits: node.credits,
      lastDay: { answers: node.day_answers, credits: node.day_credits },
    })),
    credits: nodes.reduce((sum, node) => sum + node.credits, 0),
  };
}
