import { type Kysely, sql } from "kysely";

/**
 * Ways into what years of decisions leave behind, for questions that would otherwise read all of it: whose words and
 * whose backing, what one person voted on last, which acts are not over, whether the same was rejected before.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);
  await run("create index vouch_by on vouch (by_person, at)");
  await run("create index agent_controller on agent (controller)");
  await run("create index backing_person on backing (person_id)");
  await run("create index proposal_proposer on proposal (proposer, number)");
  await run("create index proposal_option_action on proposal_option using hash (action)");
  await run("create index proposal_option_added on proposal_option (added_by)");
  await run("create index ballot_lately on ballot (person_id, cast_at)");
  await run("drop index ballot_person");
  await run("create index link_code_account on link_code (account)");
  await run("create index emergency_subject on emergency (subject, subject_id)");
  await run(`
    create index emergency_unfinished on emergency (state)
    where state in ('awaiting-second', 'in-force')`);
  // No door is asked any more for cards of what was decided long ago.
  await run(`
    update proposal_place place set card_due = null from proposal p
    where p.id = place.proposal_id and p.closed_at is not null and place.card_due is not null`);
}
