import type { Transaction } from "kysely";
import { ranksOf } from "../../../protocol/counting/house.ts";
import type { PollCount } from "../../../protocol/counting/poll.ts";
import type { LogEntry } from "../../../protocol/verify/poll-rows.ts";
import type { Choice, ProposalResult } from "../../../protocol/wire/governance.ts";
import type { ApiContext } from "../../context.ts";
import type { Tables } from "../../storage/tables.ts";
import type { Collected } from "../ballots/collect.ts";
import { inOrder, keepNames, named, nameKey, type Result } from "../ballots/roll-call.ts";
import { tell } from "../events/tell.ts";
import { DEFAULT_OPTION, type Locked, type OptionRow, pollRules } from "../proposals/load.ts";
import { closePlaces, placesOf } from "../proposals/places.ts";
import { titleOf } from "../proposals/title.ts";
import { each, say, type Text } from "../words/say.ts";
import { inEnglish } from "../words/speak.ts";
import { exportPoll } from "./export.ts";
import { pictureOf } from "./picture.ts";
import { resultWords } from "./result-words.ts";

type Kept = Pick<ApiContext, "secrets" | "random">;

interface Published {
  readonly options: readonly OptionRow[];
  readonly count: PollCount;
  readonly log: readonly { readonly entry: LogEntry; readonly hash: string }[];
  readonly head: string;
  readonly seed: string;
  readonly ballots: readonly Collected[];
}

/** Publishes a count: result, export, names, news, and what is to take effect; a sealed poll's ballots are emptied. */
export async function publish(
  trx: Transaction<Tables>,
  { secrets, random }: Kept,
  { row, now }: Pick<Locked, "row" | "now">,
  { options, count, log, head, seed, ballots }: Published,
): Promise<void> {
  const roll = await trx
    .selectFrom("roll")
    .select(["house", "person_id", "weight", "agent", "controller"])
    .where("proposal_id", "=", row.id)
    .execute();
  const winner = options.find(({ id }) => id === count.winner);
  const passed = count.outcome === "passed";
  const action = passed ? (winner?.action ?? null) : null;
  // What passed in silence waited long enough.
  const lockMs = count.houses.length === 0 ? 0 : row.terms.lockMs;
  const dueAt = action === null ? null : now + lockMs;
  const stanceOf = (choice: Choice) => {
    const side = sideOf(choice, options);
    const won = winningSides(count, options).map(inEnglish);
    const minority = count.outcome !== "answered" && !won.includes(inEnglish(side));
    return { side, minority };
  };
  const called = named(ballots, row.sealed);
  const names = await keepNames(trx, row.id, called, stanceOf, random);
  // Nobody can tell any more whose these are: they stand in the chain, without a name.
  const nameless = anonymous(ballots, called);
  const words = resultWords({ row, options, count, closedAt: now, dueAt });
  const rejected = count.outcome === "rejected" || count.outcome === "no-ballots";
  const result: Result = {
    outcome: count.outcome as ProposalResult["outcome"],
    winner: count.winner,
    ...(count.winners === undefined ? {} : { winners: [...count.winners] }),
    words,
    houses: count.houses.map((house) => ({
      ...house,
      rows: house.rows.map((each) => ({ ...each })),
    })),
    picture: pictureOf(count, options),
    reasons: inOrder(
      nameless.map(({ choice, reason }) => ({ ...stanceOf(choice), text: reason ?? "" })),
    ),
    tieSeed: count.ties.length === 0 ? null : seed,
    closedAt: now,
    retryAfter: rejected ? now + row.terms.retryMs : null,
    logHead: head,
    workingPath: `/v1/proposals/${row.number}/working`,
    exportPath: `/v1/proposals/${row.number}/export`,
  };
  const rules = pollRules(row, options);
  const reasons = nameless.map(({ choice, reason }) => ({
    ...{ side: inEnglish(sideOf(choice, options)), text: reason ?? "" },
  }));
  const text = exportPoll(
    { row, rules, closedAt: now, roll, log, ballots, reasons, count, names },
    secrets.poolKey,
  );
  await trx
    .insertInto("poll_result")
    .values({
      proposal_id: row.id,
      content: JSON.stringify(result),
      export: text,
      created_at: now,
    })
    .execute();
  if (row.sealed) {
    // From here on not even the key tells who voted how.
    await trx
      .updateTable("ballot")
      .set({ content: Buffer.alloc(0), opening: "" })
      .where("proposal_id", "=", row.id)
      .execute();
  }
  if (action !== null) {
    await trx
      .insertInto("effect")
      .values({
        proposal_id: row.id,
        action: JSON.stringify(action),
        expected: JSON.stringify(winner?.expected ?? null),
        inverse: "null",
        state: "waiting",
        due_at: dueAt as number,
        words: JSON.stringify(say("effect_waiting", { at: { at: dueAt as number } })),
      })
      .execute();
  }
  await trx
    .updateTable("proposal")
    .set({ closed_at: now, outcome: count.outcome, chosen: count.winner, told: "closed" })
    .where("id", "=", row.id)
    .execute();
  await closePlaces(trx, row.id);
  const places = await placesOf(trx, row);
  const number = `${row.number}`;
  await tell(trx, {
    key: `closed:${row.id}`,
    type: passed ? "passed" : rejected ? "rejected" : "closed",
    proposal: row.number,
    words: say("event_closed", { number, result: each(words.slice(1), "space") }),
    places,
    data: { outcome: count.outcome, winner: count.winner, dueAt },
  });
  await tell(trx, {
    key: `head:${row.id}`,
    type: "log-head",
    proposal: row.number,
    words: say("event_head", { number, entries: say("count_entries", { n: log.length }), head }),
    places,
    data: { logHead: head, entries: log.length },
  });
}

/** What somebody wanted, in words. */
function sideOf(choice: Choice, options: readonly OptionRow[]): Text {
  if ("answer" in choice) return say(`side_${choice.answer}`);
  const [first = []] = ranksOf(choice);
  const titles = options.filter(({ id }) => first.includes(id)).map(titleOf);
  if (titles.length < 2) return titles[0] ?? say("side_none");
  return say("sentences", { all: each(titles, "or") });
}

function winningSides(count: PollCount, options: readonly OptionRow[]): Text[] {
  const yesNo = options.filter(({ id }) => id !== DEFAULT_OPTION).length === 1;
  if (yesNo) return [say(count.outcome === "passed" ? "side_yes" : "side_no")];
  const won = count.winners ?? [count.winner];
  return options.filter(({ id }) => won.includes(id)).map(titleOf);
}

/** Ballots with a reason whose voters nobody names; once each, whoever has seats in both houses. */
function anonymous(ballots: readonly Collected[], called: readonly Collected[]): Collected[] {
  const seen = new Set(called.map(nameKey));
  return ballots.filter((ballot) => {
    if (ballot.reason === null || seen.has(nameKey(ballot))) return false;
    seen.add(nameKey(ballot));
    return true;
  });
}
