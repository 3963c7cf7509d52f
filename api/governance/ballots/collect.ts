import { sql } from "kysely";
import type { SigningKey } from "../../../protocol/keys.ts";
import type { HouseName, Stage } from "../../../protocol/verify/poll-rows.ts";
import type { Choice } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import type { ProposalRow } from "../proposals/state.ts";
import { type BallotContent, unseal } from "./seal.ts";

/** A ballot that counts, in one house: somebody with a seat in both has two of these. */
export interface Collected {
  readonly person: string;
  readonly account: string;
  readonly stage: Stage;
  readonly house: HouseName;
  readonly choice: Choice;
  readonly reason: string | null;
  readonly weight: number;
  readonly agent: boolean;
  readonly opening: string;
  readonly voter: string;
}

/**
 * Opens the ballots that count. Of a sealed poll only the close may do that, and the late look that says nothing:
 * callers are few, and a test names them.
 */
export async function collectBallots(
  db: Database,
  row: ProposalRow,
  key: SigningKey,
): Promise<Collected[]> {
  // Two seats of one person in one house, after a link, are one ballot: the heavier one counts.
  const { rows } = await sql<Omit<Collected, "choice" | "reason"> & { content: Uint8Array }>`
    select distinct on (b.stage, r.house, b.person_id) b.person_id as person, b.account, b.stage, r.house,
      b.content, r.weight, r.agent, b.opening, b.voter
    from ballot b join roll r on r.proposal_id = b.proposal_id and r.person_id = b.person_id
    where b.proposal_id = ${row.id}::uuid and b.state = 'counts' and b.revision = ${row.revision}
      and (b.stage = 'vote' or r.house = 'producers')
    order by b.stage, r.house, b.person_id, r.weight desc, r.seat`.execute(db);
  const context = { poll: row.id, revision: row.revision, rulesDigest: row.terms.rulesDigest };
  return rows.map(({ content, ...ballot }) => ({
    ...ballot,
    weight: Number(ballot.weight),
    ...(row.sealed ? unseal(key, context, content) : openContent(content)),
  }));
}

/** How many people with a seat in each house have a ballot that counts: how many, never what. */
export async function turnout(
  db: Database,
  row: ProposalRow,
  stage: Stage,
): Promise<Record<HouseName, number>> {
  const { rows } = await sql<{ house: HouseName; n: number }>`
    select r.house, count(distinct b.person_id)::integer as n
    from ballot b join roll r on r.proposal_id = b.proposal_id and r.person_id = b.person_id
    where b.proposal_id = ${row.id}::uuid and b.state = 'counts' and b.revision = ${row.revision}
      and b.stage = ${stage}
    group by r.house`.execute(db);
  const of = (house: HouseName) => rows.find((each) => each.house === house)?.n ?? 0;
  return { members: of("members"), producers: of("producers") };
}

function openContent(content: Uint8Array): BallotContent {
  return JSON.parse(Buffer.from(content).toString("utf8")) as BallotContent;
}
