import type { AgentView } from "../../../protocol/wire/governance.ts";
import type { Actor } from "../../../protocol/wire/policy.ts";
import { personOf } from "../../members/person.ts";
import type { Database } from "../../storage/open.ts";
import { governanceFailures } from "../failures.ts";
import type { GovernanceParts } from "../parts.ts";
import { databaseNow } from "../time.ts";
import { written } from "../written.ts";
import { isMember, requireMember } from "./membership.ts";

/** Declares an agent under its controller. Throws `not_member`, `agent_taken`. */
export function declareAgent(
  { ctx, rights }: GovernanceParts,
  agent: { actor: Actor; name: string; purpose: string; account: string },
): Promise<AgentView> {
  return ctx.db.transaction().execute(async (trx) => {
    const now = await databaseNow(trx);
    const { poolModerators } = rights;
    const controller = await requireMember(trx, agent.actor, poolModerators, "declare", now);
    const person = await personOf(trx, agent.account, now);
    if (person === controller || (await isMember(trx, person)))
      throw governanceFailures.agentTaken();
    const row = {
      account: agent.account,
      person_id: person,
      name: written(agent.name),
      purpose: written(agent.purpose),
      controller,
      controller_account: agent.actor.account,
      declared_at: now,
    };
    const made = await trx
      .insertInto("agent")
      .values(row)
      .onConflict((conflict) => conflict.column("account").doNothing())
      .returning("account")
      .executeTakeFirst();
    if (made === undefined) throw governanceFailures.agentTaken();
    return view(row);
  });
}

/** Every declared agent. */
export async function agents(db: Database): Promise<AgentView[]> {
  const rows = await db
    .selectFrom("agent")
    .selectAll()
    .orderBy("declared_at")
    .limit(1000)
    .execute();
  return rows.map(view);
}

function view(row: {
  name: string;
  purpose: string;
  account: string;
  controller_account: string;
  declared_at: number;
}): AgentView {
  const { name, purpose, account, controller_account: controller, declared_at } = row;
  return { name, purpose, account, controller, declaredAt: declared_at };
}
