import { sql } from "kysely";
import type { Records } from "../../../api/storage/open.ts";

/** How much a pool has decided. */
export interface Years {
  readonly persons: number;
  readonly proposals: number;
  /** Of all proposals, the newest so many are not closed. */
  readonly open: number;
  /** Each with a seat, a ballot and its entry in the log, in every proposal. */
  readonly voters: number;
  readonly events: number;
}

/** The busiest member: a seat and a ballot in every proposal. */
export const BUSIEST = "discord:p1";

/**
 * Fills the records of a pool with what years of decisions leave behind: people, closed proposals with their options,
 * rolls, ballots, logs, results and effects, and all news of them. Made in the database; nothing of it was counted.
 */
export async function fillYears({ db }: Pick<Records, "db">, years: Years): Promise<void> {
  const { persons, proposals, open, voters, events } = years;
  const terms = {
    ...{ rulesDigest: "0".repeat(64), ratio: [1, 1], agentShareMax: [1, 3], consent: null },
    houses: [{ house: "members", size: voters, quorum: 3 }],
    ...{ talkMs: 3_600_000, voteMs: 259_200_000, lockMs: 86_400_000, ratifyMs: 259_200_000 },
    ...{ noEditMs: 86_400_000, editExtendsMs: 172_800_000, talkMaxMs: 5_400_000 },
    ...{
      sponsorMs: 1_209_600_000,
      sponsors: 5,
      optionBackers: 5,
      holders: 10,
      holdMs: 432_000_000,
    },
    lateSwing: { window: [1, 10], extendMs: 86_400_000, times: 2 },
    ...{ retryMs: 2_592_000_000, highestScore: 5, credits: 100, tieCommitment: "0".repeat(64) },
  };
  const id = (kind: string, n: string) => sql.raw(`md5('${kind} ' || ${n})::uuid`);
  const fill = async (...parts: ReturnType<typeof sql>[]) => {
    for (const part of parts) await part.execute(db);
  };
  await fill(
    sql`insert into person (id, created_at) select ${id("person", "i")}, 0 from generate_series(1, ${persons}::integer) i`,
    sql`insert into account (account, person_id, first_seen_at)
      select 'discord:p' || i, ${id("person", "i")}, 0 from generate_series(1, ${persons}::integer) i`,
    sql`insert into member (person_id, since, votes_from, how)
      select ${id("person", "i")}, 0, 0, 'vouched' from generate_series(1, ${persons}::integer) i`,
    sql`insert into vouch (person_id, by_person, at)
      select ${id("person", "i")}, ${id("person", "1 + i % 1000")}, 0 from generate_series(2, ${persons}::integer) i`,
    sql`insert into reminder (person_id, account)
      select ${id("person", "i")}, 'discord:p' || i from generate_series(1, ${persons}::integer, 10) i`,
    sql`insert into proposal (id, number, community, room, request_key, kind, type, title, reason, proposer,
        proposer_account, revision, binding, method, ballot_kind, sealed, rules_version, terms, created_at, talk_until,
        vote_until, extensions, closed_at, chosen, outcome, roll_salt, tie_secret, told)
      select ${id("proposal", "n")}, n, 'c' || n % 20, 'r', n::text, 'quota', 'quota.set', 'Questions a day: ' || n,
        repeat('because ', 20), ${id("person", "1 + n % 1000")}, 'discord:p' || 1 + n % 1000, 1, true, 'majority', 'yes-no', true, 1,
        ${JSON.stringify(terms)}::jsonb, pool_now() - 172800000, pool_now() - 169200000, pool_now() + 90000000 + n, 0,
        case when n <= ${proposals - open} then pool_now() end, case when n <= ${proposals - open} then 'A' end,
        case when n <= ${proposals - open} then case when n % 3 = 0 then 'rejected' else 'passed' end end,
        'salt', 'secret', case when n <= ${proposals - open} then 'closed' else 'voting 1' end
      from generate_series(1, ${proposals}::integer) n`,
    sql`insert into proposal_option (proposal_id, id, title, action, changes, expected, added_by, added_at)
      select ${id("proposal", "n")}, letter, 'Questions a day: ' || n,
        case letter when 'A' then jsonb_build_object('kind', 'quota', 'scope', 'pool', 'perDay', n) end, '[]', 'null',
        'discord:p' || 1 + n % 1000, 0
      from generate_series(1, ${proposals}::integer) n, unnest(array['A', 'Z']) letter`,
    sql`insert into proposal_place (proposal_id, community, room, message, card_due)
      select ${id("proposal", "n")}, 'c' || n % 20, 'r', null, case when n > ${proposals - open} then pool_now() end
      from generate_series(1, ${proposals}::integer) n`,
    sql`insert into backing (proposal_id, person_id, kind, account, reason, at)
      select ${id("proposal", "n")}, ${id("person", "1 + (n + k) % 5000")}, 'sponsor', 'discord:p' || 1 + (n + k) % 5000, null, 0
      from generate_series(1, ${proposals}::integer) n, generate_series(1, 4) k`,
    sql`insert into roll (proposal_id, house, seat, person_id, weight, agent, controller)
      select ${id("proposal", "n")}, 'members', p, p, 1000000, false, p
      from generate_series(1, ${proposals}::integer) n, generate_series(1, ${voters}::integer) v,
        lateral (select ${id("person", `case v when 1 then 1 else 1 + (n * 7 + v) % ${persons} end`)} as p) as person
      on conflict do nothing`,
    sql`insert into ballot (proposal_id, person_id, stage, account, revision, content, opening, voter, receipt, seq, cast_at, state)
      select proposal_id, person_id, 'vote', 'x', 1, '', '', md5(person_id::text), md5(proposal_id::text || person_id),
        row_number() over (partition by proposal_id), 0, 'counts' from roll`,
    sql`insert into ballot_log (proposal_id, seq, at, entry, hash, receipt, event_id)
      select proposal_id, seq, 0, jsonb_build_object('kind', 'cast', 'voter', voter)::text, md5(receipt), receipt, receipt from ballot`,
    sql`insert into poll_result (proposal_id, content, export, created_at)
      select id, '{}', repeat('{"row":"ballot"}', 300), 0 from proposal where closed_at is not null`,
    sql`insert into effect (proposal_id, action, expected, inverse, state, due_at, done_at, words)
      select id, '{"kind":"quota","scope":"pool","perDay":1}', 'null', 'null',
        case when number > ${proposals - open - 20} then 'waiting' else 'done' end, pool_now() + 9000000, 0, '"Done."'
      from proposal where outcome = 'passed'`,
    sql`insert into governance_event (id, key, at, type, proposal, words, places, tell, data)
      select i, case i when 1 then 'founding-over' else 'event ' || i end, 0, 'vote-opened', 1 + i % ${proposals}, jsonb_build_object('say', 'event_withdrawn', 'with', jsonb_build_object('number', i::text)),
        jsonb_build_array(jsonb_build_object('community', 'c' || i % 20, 'room', 'r')),
        case i % 10 when 0 then array['discord:p' || i % ${persons}] else array[]::text[] end, '{}'
      from generate_series(1, ${events}::integer) i`,
    sql`insert into emergency (id, subject, subject_id, subject_name, reason, community, room, state, first_steward, first_account, proposed_at)
      select ${id("act", "i")}, 'node', 'node ' || i, 'node', 'noise', 'c', 'r', 'lapsed', ${id("person", "1")}, 'discord:p1', 0
      from generate_series(1, ${Math.floor(proposals / 2)}::integer) i`,
    sql`insert into link_code (hash, person_id, account, created_at, expires_at)
      select md5(i::text), ${id("person", "i")}, 'discord:p' || i, 0, 0 from generate_series(1, ${Math.floor(persons / 4)}::integer) i`,
    sql`analyze`,
  );
}
