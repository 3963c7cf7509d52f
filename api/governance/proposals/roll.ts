import { sql, type Transaction } from "kysely";
import { capWeights, producerWeight } from "../../../protocol/counting/weight.ts";
import type { HouseName } from "../../../protocol/verify/poll-rows.ts";
import type { Tables } from "../../storage/tables.ts";
import type { Rules } from "../constitution/book.ts";
import { DAY_MS } from "../time.ts";

/** A seat in a house. */
export interface Seat {
  readonly house: HouseName;
  readonly person: string;
  /** In millionths. */
  readonly weight: bigint;
  readonly agent: boolean;
  readonly controller: string;
}

/** What a person's nodes did. */
export interface Producer {
  readonly person: string;
  /** Set for a declared agent: who answers for it. */
  readonly controller: string | null;
  readonly credits: bigint;
}

const ONE_VOTE = 1_000_000n;

/** Who may vote now: everyone with standing, by house. */
export async function electorate(
  trx: Transaction<Tables>,
  rules: Rules,
  houses: readonly HouseName[],
  now: number,
  founding: boolean,
): Promise<Seat[]> {
  const seats: Seat[] = [];
  if (houses.includes("members")) {
    const members = await trx
      .selectFrom("member")
      .select("person_id")
      .where("votes_from", "<=", now)
      .orderBy("person_id")
      .execute();
    for (const { person_id: person } of members) {
      seats.push({
        ...{ house: "members", person, weight: ONE_VOTE, agent: false, controller: person },
      });
    }
  }
  if (houses.includes("producers")) {
    const { controllerShareMax } = rules.constitution.bodies.producers;
    seats.push(...producerSeats(await producers(trx, rules, now, founding), controllerShareMax));
  }
  return seats;
}

/**
 * One seat a controller: an operator's own, with the weight of their nodes; or, for a controller without nodes, one
 * for all their agents together. An agent whose controller has a seat adds nothing.
 */
export function producerSeats(
  producers: readonly Producer[],
  shareMax: readonly [number, number],
): Seat[] {
  const own = producers.filter(({ controller }) => controller === null);
  const operators = new Set(own.map(({ person }) => person));
  const groups = new Map<string, Producer[]>();
  for (const agent of producers) {
    if (agent.controller === null || operators.has(agent.controller)) continue;
    groups.set(agent.controller, [...(groups.get(agent.controller) ?? []), agent]);
  }
  const drafts = [
    ...own.map(({ person, credits }) => ({ person, controller: person, agent: false, credits })),
    ...[...groups].map(([controller, agents]) => ({
      person: agents.map(({ person }) => person).sort()[0] as string,
      controller,
      agent: true,
      credits: agents.reduce((sum, { credits }) => sum + credits, 0n),
    })),
  ].sort((a, b) => (a.controller < b.controller ? -1 : 1));
  const [a, b] = shareMax;
  const weights = capWeights(
    drafts.map(({ credits }) => producerWeight(credits)),
    [BigInt(a), BigInt(b)],
  );
  return drafts.map(({ person, controller, agent }, i) => ({
    house: "producers",
    person,
    weight: weights[i] as bigint,
    agent,
    controller,
  }));
}

/** People and agents whose nodes did accepted work lately; barred nodes do not count. */
export async function producers(
  trx: Pick<Transaction<Tables>, "getExecutor">,
  rules: Rules,
  now: number,
  founding: boolean,
): Promise<Producer[]> {
  const { workDays, standingDays } = rules.constitution.bodies.producers;
  const since = now - workDays * DAY_MS;
  const enrolledBy = now - (founding ? 0 : standingDays * DAY_MS);
  const { rows } = await sql<{ person_id: string; controller: string | null; credits: string }>`
    select o.person_id, max(a.controller::text) as controller, sum(c.amount)::text as credits
    from node_owner o
    join node n on n.key_id = o.node_key
    join credit c on c.node_key = o.node_key
    left join (select distinct person_id, controller from agent) a on a.person_id = o.person_id
    where not exists (select 1 from node_standing s where s.node_key = o.node_key and s.scope = '*'
      and s.state = 'barred' and (s.until is null or s.until > ${now}::bigint))
    group by o.person_id
    having max(c.created_at) >= ${since}::bigint and min(n.enrolled_at) <= ${enrolledBy}::bigint
    order by o.person_id`.execute(trx);
  return rows.map(({ person_id: person, controller, credits }) => ({
    person,
    controller,
    credits: BigInt(credits),
  }));
}

/** Writes the roll of a proposal. */
export async function writeRoll(
  trx: Transaction<Tables>,
  proposalId: string,
  seats: readonly Seat[],
): Promise<void> {
  const column = <T>(of: (seat: Seat) => T) => seats.map(of);
  // One statement for any number of seats: in lists of values a hundred thousand take ten times as long.
  await sql`
    insert into roll (proposal_id, house, seat, person_id, weight, agent, controller)
    select ${proposalId}::uuid, house, person, person, weight, agent, controller
    from unnest(${column(({ house }) => house)}::text[], ${column(({ person }) => person)}::uuid[],
      ${column(({ weight }) => String(weight))}::bigint[], ${column(({ agent }) => agent)}::boolean[],
      ${column(({ controller }) => controller)}::uuid[]) as seat (house, person, weight, agent, controller)`.execute(
    trx,
  );
}
