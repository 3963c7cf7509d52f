import { sql, type Transaction } from "kysely";
import type { MergedBallot } from "../../../protocol/wire/governance.ts";
import { accountsOf } from "../../members/person.ts";
import type { Tables } from "../../storage/tables.ts";
import { append } from "../ballots/log.ts";
import { tell } from "../events/tell.ts";
import { say } from "../words/say.ts";

/**
 * Two members turned out to be one person: what `gone` held goes to `keep`. In votes that run, both seats are one
 * person's now, and of two ballots the later one counts; the log says that one was merged, and both accounts are told.
 */
export async function mergeVoters(
  trx: Transaction<Tables>,
  keep: string,
  gone: string,
  now: number,
): Promise<MergedBallot[]> {
  const { rows: open } = await sql<{ id: string; number: number; revision: number }>`
    select id, number, revision from proposal where closed_at is null and id in (
      select proposal_id from roll where person_id in (${keep}::uuid, ${gone}::uuid)
      union select proposal_id from ballot where person_id in (${keep}::uuid, ${gone}::uuid)
      union select proposal_id from backing where person_id in (${keep}::uuid, ${gone}::uuid))
    order by id for update`.execute(trx);
  const merged: MergedBallot[] = [];
  for (const proposal of open) merged.push(...(await mergeIn(trx, proposal, keep, gone, now)));
  await mergeMembership(trx, keep, gone);
  return merged;
}

async function mergeIn(
  trx: Transaction<Tables>,
  proposal: { readonly id: string; readonly number: number; readonly revision: number },
  keep: string,
  gone: string,
  now: number,
): Promise<MergedBallot[]> {
  const { id } = proposal;
  const ballots = await trx
    .selectFrom("ballot")
    .selectAll()
    .where("proposal_id", "=", id)
    .where("person_id", "in", [keep, gone])
    // A ballot that was taken back is none: the other one counts, however old.
    .orderBy(sql`(state = 'counts')`, "desc")
    .orderBy("seq", "desc")
    .execute();
  const merged: MergedBallot[] = [];
  for (const stage of ["vote", "ratify"] as const) {
    const [later, earlier] = ballots.filter((ballot) => ballot.stage === stage);
    if (later === undefined) continue;
    if (earlier !== undefined) {
      await trx
        .deleteFrom("ballot")
        .where("proposal_id", "=", id)
        .where("stage", "=", stage)
        .where("person_id", "=", earlier.person_id)
        .execute();
    }
    await trx
      .updateTable("ballot")
      .set({ person_id: keep })
      .where("proposal_id", "=", id)
      .where("stage", "=", stage)
      .where("person_id", "=", later.person_id)
      .execute();
    if (earlier?.state !== "counts" || later.state !== "counts") continue;
    await append(
      trx,
      id,
      {
        ...{ kind: "merge", stage, revision: proposal.revision, voter: earlier.voter },
        ...{ ballot: null, receipt: null, eventId: null },
      },
      now,
    );
    merged.push({ proposal: proposal.number, kept: later.receipt, dropped: earlier.receipt });
    await tell(trx, {
      key: `merged:${id}:${earlier.receipt}`,
      type: "ballots-merged",
      proposal: proposal.number,
      words: say("event_merged", {
        number: `${proposal.number}`,
        kept: later.receipt,
        dropped: earlier.receipt,
      }),
      tell: [...(await accountsOf(trx, keep)), ...(await accountsOf(trx, gone))],
      data: { kept: later.receipt, dropped: earlier.receipt },
    });
  }
  await trx
    .updateTable("roll")
    .set({ person_id: keep })
    .where("proposal_id", "=", id)
    .where("person_id", "=", gone)
    .execute();
  await sql`
    update roll set controller = ${keep}::uuid where proposal_id = ${id}::uuid and controller = ${gone}::uuid`.execute(
    trx,
  );
  await sql`
    delete from backing b where b.proposal_id = ${id}::uuid and b.person_id = ${gone}::uuid and exists (
      select 1 from backing k where k.proposal_id = b.proposal_id and k.person_id = ${keep}::uuid
        and k.kind = b.kind)`.execute(trx);
  await trx
    .updateTable("backing")
    .set({ person_id: keep })
    .where("proposal_id", "=", id)
    .where("person_id", "=", gone)
    .execute();
  await trx
    .updateTable("proposal")
    .set({ proposer: keep })
    .where("id", "=", id)
    .where("proposer", "=", gone)
    .execute();
  return merged;
}

/** One membership, with the better standing of the two; what hung on the other person goes over. */
async function mergeMembership(
  trx: Transaction<Tables>,
  keep: string,
  gone: string,
): Promise<void> {
  await sql`
    insert into member (person_id, since, votes_from, how)
    select ${keep}::uuid, since, votes_from, how from member where person_id = ${gone}::uuid
    on conflict (person_id) do update set since = least(member.since, excluded.since),
      votes_from = least(member.votes_from, excluded.votes_from)`.execute(trx);
  await trx.deleteFrom("member").where("person_id", "=", gone).execute();
  await sql`
    insert into steward (person_id, since, how)
    select ${keep}::uuid, since, how from steward where person_id = ${gone}::uuid
    on conflict do nothing`.execute(trx);
  await trx.deleteFrom("steward").where("person_id", "=", gone).execute();
  await sql`
    insert into vouch (person_id, by_person, at)
    select case when person_id = ${gone}::uuid then ${keep}::uuid else person_id end,
      case when by_person = ${gone}::uuid then ${keep}::uuid else by_person end, at
    from vouch where person_id = ${gone}::uuid or by_person = ${gone}::uuid
    on conflict do nothing`.execute(trx);
  await sql`
    delete from vouch where person_id = ${gone}::uuid or by_person = ${gone}::uuid
      or (person_id = ${keep}::uuid and by_person = ${keep}::uuid)`.execute(trx);
  await sql`
    insert into reminder (person_id, account)
    select ${keep}::uuid, account from reminder where person_id = ${gone}::uuid
    on conflict do nothing`.execute(trx);
  await trx.deleteFrom("reminder").where("person_id", "=", gone).execute();
  await trx.updateTable("agent").set({ controller: keep }).where("controller", "=", gone).execute();
  await sql`
    update suspension set subject_id = ${keep} where subject = 'member' and subject_id = ${gone}
      and not exists (select 1 from suspension s where s.subject = 'member' and s.subject_id = ${keep})`.execute(
    trx,
  );
}
