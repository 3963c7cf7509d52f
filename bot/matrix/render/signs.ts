import type { Action, BallotPaper, Menu, View } from "../../views/view.ts";
import { filled, type Words } from "../../words/catalogue.ts";

/** What can be done below a message: by its sign, by typing its command, or by either. */
interface Offer {
  readonly id: string;
  readonly sign: string | null;
  readonly label: string;
  readonly command: string | null;
}

export interface Signs {
  /** What a sign below the message does: action id by sign. */
  readonly signs: Readonly<Record<string, string>>;
  /** The line that says so; null where nothing can be done. */
  readonly line: string | null;
}

const NUMBERS = ["1⃣", "2⃣", "3⃣", "4⃣", "5⃣", "6⃣", "7⃣", "8⃣", "9⃣"];

/** Signs of what is done with an answer, by the command's name, which is what one types instead. */
const ANSWER_SIGNS: Readonly<Record<string, string>> = {
  where: "🔎",
  stop: "⏹",
  again: "🔁",
  save: "💾",
  report: "🚩",
};

/**
 * Signs of what is done with a proposal, and what one types instead. None is a number: those are the options of
 * a ballot, and stay below a card when its vote is over.
 */
const PROPOSAL_SIGNS: Readonly<Record<string, readonly [sign: string, command: string]>> = {
  back: ["🙌", "!proposal {n} back"],
  hold: ["✋", "!proposal {n} hold"],
  mine: ["🧾", "!proposal {n}"],
  vote: ["🗳", "!vote {n}"],
  change: ["🗳", "!vote {n}"],
  unvote: ["↩", "!vote {n} withdraw"],
  count: ["💾", "!save {n}"],
};

/** The actions of an answer or of what tells of one. */
export function answerSigns(actions: readonly Action[]): Signs {
  return told(actions.flatMap(offersOf));
}

/**
 * What can be done with any other view. `alone`: only one member reads it; where everybody does, a sealed vote is
 * not answered by signs that everybody sees.
 */
export function signsOf(view: View, words: Words, alone: boolean): Signs {
  if (view.kind !== "card") return answerSigns("actions" in view ? view.actions : []);
  const { ballot, menus = [] } = view;
  if (!ballot) return told([...view.actions.flatMap(offersOf), ...menus.flatMap(listOffers)]);
  const others = view.actions.filter(({ id }) => !isBallot(id)).flatMap(offersOf);
  return told([...ballotOffers(ballot, words, alone), ...others]);
}

const OTHER_SIGNS = { second: "🤝", handled: "✅" } as const;

const KNOWN: ReadonlySet<string> = new Set([
  ...[...NUMBERS, ...Object.values(ANSWER_SIGNS), ...Object.values(OTHER_SIGNS)],
  ...Object.values(PROPOSAL_SIGNS).map(([sign]) => sign),
]);

/** False for a sign that stands for nothing below any message of ours: people put many of those. */
export function isSign(key: string): boolean {
  return KNOWN.has(key);
}

/** Signs that are letters unless one says that the picture is meant. */
const PLAIN_BY_DEFAULT = /[⏹🗳↩](?!\ufe0f)|\d(?=\u20e3)/gu;

/** A sign as people see and send it, with the selector for its picture (client-server API, event annotations). */
export function pictured(sign: string): string {
  return sign.replace(PLAIN_BY_DEFAULT, "$&\ufe0f");
}

/** Signs to vote with that stand below this view already, so that a voter only touches them. */
export function chipsOf(signs: Signs["signs"]): string[] {
  return Object.entries(signs)
    .filter(([, id]) => id.startsWith("ballot:") || /^gov:\d+:vote/.test(id))
    .map(([sign]) => sign);
}

/** True for actions of a card that cast a ballot; the door has its own for these. */
function isBallot(id: string): boolean {
  return /^gov:\d+:(?:yes|no|abstain|vote)\b/.test(id);
}

function ballotOffers(ballot: BallotPaper, words: Words, alone: boolean): Offer[] {
  const { number, revision, kind, sealed, options } = ballot;
  if (sealed && !alone) {
    const id = `gov:${number}:vote.${revision}`;
    return [{ id, sign: "🗳", label: words.matrix_vote_alone, command: `!vote ${number}` }];
  }
  const choice = (at: number, value: string, label: string, command: string | null): Offer => ({
    id: `ballot:${number}.${revision}:${kind}:${value}`,
    ...{ sign: NUMBERS[at] ?? null, label, command },
  });
  if (kind === "yes-no") {
    return [
      choice(0, "yes", words.button_yes, `!vote ${number} yes`),
      choice(1, "no", words.button_no, `!vote ${number} no`),
      choice(2, "abstain", words.button_abstain, `!vote ${number} abstain`),
    ];
  }
  const [a = "A", b = a] = options.map(({ id }) => id);
  const typed = (choice: string): Offer => ({
    ...{ id: "", sign: null, label: words.button_vote, command: `!vote ${number} ${choice}` },
  });
  if (kind === "approval" || kind === "ranking") {
    const hint = kind === "approval" ? words.matrix_as_many : words.matrix_in_order;
    const offers = options
      .slice(0, NUMBERS.length)
      .map(({ id }, at) => choice(at, id, at === 0 ? `${id} (${hint})` : id, null));
    return [...offers, typed(kind === "approval" ? `${a},${b}` : `${b}>${a}`)];
  }
  return [typed(kind === "scores" ? `${a}=3 ${b}=1` : `${a}=2 ${b}=-1`)];
}

/** One of a list of proposals is opened by its number; other lists say themselves what to type. */
function listOffers({ id, label, choices }: Menu): Offer[] {
  const [first] = choices;
  if (id !== "gov:open" || first === undefined) return [];
  return [{ id: "", sign: null, label, command: `!proposal ${first.value}` }];
}

function offersOf({ id, label }: Action): Offer[] {
  const [command = "", first = "", second = ""] = id.split(":");
  const offer = (sign: string | null, typed: string | null) => [
    { id, sign, label, command: typed },
  ];
  if (Object.hasOwn(ANSWER_SIGNS, command)) {
    return offer(ANSWER_SIGNS[command] as string, `!${command}`);
  }
  if (command === "gov") {
    const known = PROPOSAL_SIGNS[second.split(".")[0] ?? ""];
    return known ? offer(known[0], filled(known[1], { n: first })) : [];
  }
  if (command === "second") return offer(OTHER_SIGNS.second, `!emergency second ${first}`);
  if (command === "handled") return offer(OTHER_SIGNS.handled, null);
  // Holding a node back needs a reason, which is typed.
  if (command === "node")
    return offer(null, `!pool nodes ${id.slice("node:".length).replace(":", " ")} …`);
  return [];
}

/** The first of several equal signs is kept; the others are numbers. */
function told(offers: readonly Offer[]): Signs {
  const signs: Record<string, string> = {};
  const parts: string[] = [];
  const numbers = NUMBERS.filter((number) => !offers.some(({ sign }) => sign === number)).values();
  for (const { id, sign: wanted, label, command } of offers) {
    const sign = wanted !== null && wanted in signs ? (numbers.next().value ?? null) : wanted;
    if (sign !== null) signs[sign] = id;
    const part = [
      sign === null ? null : pictured(sign),
      label,
      command === null ? null : `\`${command}\``,
    ];
    parts.push(part.filter((each) => each !== null).join(" "));
  }
  return { signs, line: parts.length > 0 ? parts.join(" · ") : null };
}
