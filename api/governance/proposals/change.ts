import type { Transaction } from "kysely";
import { POLL_METHODS } from "../../../protocol/counting/poll.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import type { Actor } from "../../../protocol/wire/policy.ts";
import { personOf } from "../../members/person.ts";
import type { Tables } from "../../storage/tables.ts";
import { append } from "../ballots/log.ts";
import { ERASED_ACCOUNT } from "../ballots/roll-call.ts";
import { type Rules, rulesOfVersion } from "../constitution/book.ts";
import { tell } from "../events/tell.ts";
import { governanceFailures } from "../failures.ts";
import { type KnownModels, knownModels } from "../kinds/known-models.ts";
import { kindOf } from "../kinds/table.ts";
import type { GovernanceParts } from "../parts.ts";
import { requireMember } from "../people/membership.ts";
import { type Said, say } from "../words/say.ts";
import { inEnglish } from "../words/speak.ts";
import { looksLike, written, writtenFields } from "../written.ts";
import { nextLetter, optionRow, readMethod, severalMethod } from "./create.ts";
import { DEFAULT_OPTION, type Locked, lockProposal, optionsOf, stateNow } from "./load.ts";
import { closePlaces, placesOf } from "./places.ts";
import { stateWords } from "./state.ts";
import { titleColumns } from "./title.ts";

type Fields = Readonly<Record<string, string>>;

/**
 * Another way to settle the same thing, while talk is open. Where the rules ask for several backers, the option
 * stands once so many members have sent the same one; returns whether it stands.
 */
export async function addOption(
  parts: GovernanceParts,
  number: number,
  actor: Actor,
  typed: Fields,
): Promise<boolean> {
  const fields = writtenFields(typed);
  const book = await knownModels(parts.book, [fields.model]);
  return parts.ctx.db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    const { row, now } = locked;
    requireState(locked, ["seeking-sponsors", "talk"], say("what_option"));
    const person = await requireMember(trx, actor, parts.rights.poolModerators, "option", now);
    const options = await optionsOf(trx, row.id);
    const draft = await draftFor(trx, book, locked, fields);
    const title =
      row.kind === "question" ? (fields.option ?? fields.question ?? "").trim() : draft.title;
    if (looksLike(inEnglish(title)) === "") {
      throw governanceFailures.field(say("field_option"), say("why_missing"));
    }
    const same = options.find((option) =>
      row.kind === "question"
        ? looksLike(option.title) === looksLike(inEnglish(title))
        : JSON.stringify(option.action) === JSON.stringify(draft.action),
    );
    if (same !== undefined) {
      throw governanceFailures.nothingChanges(say("same_option", { option: same.id }));
    }
    // The same option in the same words, by so many people, stands.
    const asked = canonicalBytes({ action: draft.action, title: inEnglish(title) }).toString(
      "utf8",
    );
    await trx
      .insertInto("backing")
      .values({
        ...{ proposal_id: row.id, person_id: person, kind: "option", account: actor.account },
        ...{ reason: asked, at: now },
      })
      .onConflict((conflict) =>
        conflict
          .columns(["proposal_id", "person_id", "kind"])
          .doUpdateSet({ reason: asked, at: now, account: actor.account }),
      )
      .execute();
    const { count } = await trx
      .selectFrom("backing")
      .select((select) => select.fn.countAll<number>().as("count"))
      .where("proposal_id", "=", row.id)
      .where("kind", "=", "option")
      .where("reason", "=", asked)
      .executeTakeFirstOrThrow();
    if (Number(count) < row.terms.optionBackers) return false;

    const id = nextLetter(options.map((option) => option.id));
    await trx
      .insertInto("proposal_option")
      .values(optionRow(row.id, id, { ...draft, title }, actor.account, now))
      .execute();
    if (row.method === "majority") {
      const rules = (await rulesOfVersion(trx, row.rules_version)) as Rules;
      const method = readMethod(severalMethod(rules, row.type), true);
      await trx
        .updateTable("proposal")
        .set({ method, ballot_kind: POLL_METHODS[method] })
        .where("id", "=", row.id)
        .execute();
    }
    await tell(trx, {
      key: `option:${row.id}:${id}`,
      type: "option-added",
      proposal: number,
      words: say("event_option", { number: `${number}`, option: id, title }),
      places: await placesOf(trx, row),
      data: { option: id, title: inEnglish(title) },
    });
    return true;
  });
}

/**
 * A new revision: the proposer's own option is written anew, ballots on the old text are void and their voters are
 * told, and there is time to talk again. Not in the last day of a vote, and only once while one runs.
 */
export async function edit(
  parts: GovernanceParts,
  number: number,
  actor: Actor,
  typed: Fields,
  reason: string | undefined,
): Promise<void> {
  const fields = writtenFields(typed);
  const book = await knownModels(parts.book, [fields.model]);
  return parts.ctx.db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    const { row, now } = locked;
    await requireProposer(trx, locked, actor);
    requireState(locked, ["seeking-sponsors", "talk", "voting"], say("what_edit"));
    const { terms } = row;
    const voting = row.talk_until !== null && now >= row.talk_until;
    if (row.vote_until !== null && now >= noEditAfter(locked)) {
      throw governanceFailures.wrongState(say("what_edit_late"), say("state_closing"));
    }
    if (voting && (await editedInVote(trx, row.id))) {
      throw governanceFailures.wrongState(say("what_edit_twice"), say("state_voting"));
    }
    const draft = await draftFor(trx, book, locked, fields);
    const revision = row.revision + 1;
    const old = await optionsOf(trx, row.id);
    await trx
      .insertInto("proposal_revision")
      .values({
        proposal_id: row.id,
        revision: row.revision,
        content: JSON.stringify({ title: row.title, reason: row.reason, options: old, voting }),
        at: now,
      })
      .execute();
    const {
      id: _id,
      proposal_id: _proposal,
      ...content
    } = optionRow(row.id, "A", draft, row.proposer_account, now);
    if (row.kind !== "question" || old.filter(({ id }) => id !== DEFAULT_OPTION).length === 1) {
      await trx
        .updateTable("proposal_option")
        .set(content)
        .where("proposal_id", "=", row.id)
        .where("id", "=", "A")
        .execute();
    }
    const voters = await trx
      .updateTable("ballot")
      .set({ state: "void" })
      .where("proposal_id", "=", row.id)
      .where("state", "=", "counts")
      .returning("account")
      .execute();
    const step = { kind: "void", stage: "vote", revision, voter: null, ballot: null } as const;
    await append(trx, row.id, { ...step, receipt: null, eventId: null }, now);
    const talkUntil = row.talk_until === null ? null : talkAfterEdit(locked);
    await trx
      .updateTable("proposal")
      .set({
        revision,
        ...titleColumns(draft.title),
        reason: reason === undefined ? row.reason : written(reason),
        talk_until: talkUntil,
        vote_until: talkUntil === null ? null : talkUntil + terms.voteMs,
        extensions: 0,
      })
      .where("id", "=", row.id)
      .execute();
    await tell(trx, {
      key: `edited:${row.id}:${revision}`,
      type: "edited",
      proposal: number,
      words: say(voters.length === 0 ? "event_edited" : "event_edited_voted", {
        number: `${number}`,
        revision: `${revision}`,
        title: draft.title,
      }),
      places: await placesOf(trx, row),
      tell: voters.map(({ account }) => account).filter((account) => account !== ERASED_ACCOUNT),
      data: { revision, voided: voters.length },
    });
  });
}

/** Takes a proposal back, until the vote. */
export function withdraw(parts: GovernanceParts, number: number, actor: Actor): Promise<void> {
  return parts.ctx.db.transaction().execute(async (trx) => {
    const locked = await lockProposal(trx, number);
    const { row, now } = locked;
    await requireProposer(trx, locked, actor);
    if (row.withdrawn_at !== null) return;
    requireState(locked, ["seeking-sponsors", "talk"], say("what_withdraw"));
    await trx
      .updateTable("proposal")
      .set({ withdrawn_at: now, closed_at: now, outcome: "withdrawn", told: "withdrawn" })
      .where("id", "=", row.id)
      .execute();
    await closePlaces(trx, row.id);
    await tell(trx, {
      key: `withdrawn:${row.id}`,
      type: "withdrawn",
      proposal: number,
      words: say("event_withdrawn", { number: `${number}` }),
      places: await placesOf(trx, row),
    });
  });
}

/** The last moment for an edit: a day before the vote closes, or the end of talk where the vote is shorter. */
export function noEditAfter({ row, now }: Pick<Locked, "row" | "now">): number {
  if (row.vote_until === null) return now + 1;
  return Math.max(row.vote_until - row.terms.noEditMs, row.talk_until ?? 0);
}

/** At least the edit's extra time, at most the longest talk the rules allow; never shorter than it was. */
function talkAfterEdit({ row, now }: Locked): number {
  const began = (row.talk_until as number) - row.terms.talkMs;
  const longest = Math.max(began + row.terms.talkMaxMs, row.talk_until as number);
  return Math.max(now, row.talk_until as number, Math.min(now + row.terms.editExtendsMs, longest));
}

async function draftFor(
  trx: Transaction<Tables>,
  book: KnownModels,
  { row }: Locked,
  fields: Fields,
) {
  const rules = (await rulesOfVersion(trx, row.rules_version)) as Rules;
  const kind = kindOf(row.kind as Parameters<typeof kindOf>[0]);
  const { community, room } = row;
  const values =
    row.kind === "question" ? { ...fields, question: fields.question ?? row.title } : fields;
  return kind.draft(values, { db: trx, book, rules, community, room });
}

async function editedInVote(trx: Transaction<Tables>, proposalId: string): Promise<boolean> {
  const rows = await trx
    .selectFrom("proposal_revision")
    .select("content")
    .where("proposal_id", "=", proposalId)
    .execute();
  return rows.some(({ content }) => (content as { voting?: boolean }).voting === true);
}

async function requireProposer(
  trx: Transaction<Tables>,
  { row, now }: Locked,
  actor: Actor,
): Promise<void> {
  if ((await personOf(trx, actor.account, now)) !== row.proposer) {
    throw governanceFailures.notProposer();
  }
}

export function requireState(
  locked: Locked,
  allowed: readonly ReturnType<typeof stateNow>[],
  what: Said,
): void {
  const state = stateNow(locked);
  if (!allowed.includes(state)) throw governanceFailures.wrongState(what, stateWords(state));
}
