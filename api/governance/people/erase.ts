import { sql } from "kysely";
import type { Database } from "../../storage/open.ts";
import { ERASED_ACCOUNT } from "../ballots/roll-call.ts";

/**
 * Takes a person's accounts and words out of what governance keeps: roll calls, the reasons beside them, backings and
 * objections, closed proposals, reminders, link codes, private news. Ballots go on counting and every log stays valid:
 * it holds salted digests only. What stays under a name: acts of a steward, declared agents, proposals that run.
 */
export function eraseVoter(
  db: Database,
  person: string,
  accounts: readonly string[],
): Promise<void> {
  const named = sql`${[...accounts]}::text[]`;
  return db.transaction().execute(async (trx) => {
    await sql`
      update poll_name set account = ${ERASED_ACCOUNT}, reason = null, opening = ''
      where account = any(${named})`.execute(trx);
    // A running open ballot keeps its choice and loses its reason: its commitment covers the choice alone.
    await sql`
      update ballot b set account = ${ERASED_ACCOUNT}, content = case when p.sealed or length(b.content) = 0
        then b.content
        else convert_to(jsonb_set(convert_from(b.content, 'UTF8')::jsonb, '{reason}', 'null')::text, 'UTF8') end
      from proposal p where p.id = b.proposal_id and b.person_id = ${person}::uuid`.execute(trx);
    await sql`
      update backing set account = ${ERASED_ACCOUNT}, reason = case when reason is null then null else '' end
      where person_id = ${person}::uuid`.execute(trx);
    await sql`
      update proposal_option set added_by = ${ERASED_ACCOUNT} where added_by = any(${named})
        and proposal_id in (select id from proposal where closed_at is not null or withdrawn_at is not null)`.execute(
      trx,
    );
    await sql`
      update proposal_revision set content = content - 'reason' where proposal_id in (
        select id from proposal where proposer = ${person}::uuid
          and (closed_at is not null or withdrawn_at is not null))`.execute(trx);
    // An earlier text names whoever had added one of its options.
    await sql`
      update proposal_revision set content = jsonb_set(content, '{options}', (
        select coalesce(jsonb_agg(case when option ->> 'added_by' = any(${named})
          then option || jsonb_build_object('added_by', ${ERASED_ACCOUNT}::text) else option end), '[]')
        from jsonb_array_elements(content -> 'options') option))
      where proposal_id in (select id from proposal where closed_at is not null or withdrawn_at is not null)
        and exists (select 1 from jsonb_array_elements(content -> 'options') option
          where option ->> 'added_by' = any(${named}))`.execute(trx);
    await sql`
      update proposal set proposer_account = ${ERASED_ACCOUNT}, reason = ''
      where proposer = ${person}::uuid and (closed_at is not null or withdrawn_at is not null)`.execute(
      trx,
    );
    await sql`delete from reminder where person_id = ${person}::uuid`.execute(trx);
    await sql`delete from link_code where account = any(${named}) or used_by = any(${named})`.execute(
      trx,
    );
    await sql`delete from link_try where account = any(${named})`.execute(trx);
    await sql`
      update governance_event set tell = array(select each from unnest(tell) each where each <> all(${named}))
      where tell && ${named}`.execute(trx);
  });
}
