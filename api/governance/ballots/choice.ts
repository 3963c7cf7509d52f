import type { BallotKind, Choice, ChoiceInput } from "../../../protocol/wire/governance.ts";
import { LANGUAGES } from "../../../protocol/words/languages.ts";
import { governanceFailures } from "../failures.ts";
import { each, type Said, say } from "../words/say.ts";
import { spoken } from "../words/speak.ts";

/** What a ballot may say in one proposal. */
export interface BallotForm {
  readonly kind: BallotKind;
  /** A ranking without equal places. */
  readonly strict: boolean;
  readonly options: readonly string[];
  readonly highestScore: number;
  readonly credits: number;
}

/** Reads a ballot in parts or as typed. Throws ApiFailure `choice_invalid` with what to write instead. */
export function readChoice(input: ChoiceInput, form: BallotForm): Choice {
  const choice = "text" in input ? typed(input.text, form) : input;
  const wrong = () => governanceFailures.choice(howToVote(form));
  switch (form.kind) {
    case "yes-no":
      if (!("answer" in choice)) throw wrong();
      return { answer: choice.answer };
    case "approval":
      if (!("approve" in choice)) throw wrong();
      checkOptions(choice.approve, form);
      return { approve: [...choice.approve].sort() };
    case "ranking": {
      if (!("rank" in choice)) throw wrong();
      checkOptions(choice.rank.flat(), form);
      const rank = choice.rank.map((ids) => [...ids].sort()).filter((ids) => ids.length > 0);
      const shared = rank.find((ids) => ids.length > 1);
      if (rank.length === 0 || (form.strict && shared !== undefined)) throw wrong();
      return { rank };
    }
    case "scores":
    case "votes": {
      if (!("scores" in choice)) throw wrong();
      const scores = Object.entries(choice.scores).sort(([a], [b]) => (a < b ? -1 : 1));
      checkOptions(
        scores.map(([id]) => id),
        form,
      );
      if (scores.length === 0) throw wrong();
      checkScores(scores, form);
      return { scores: Object.fromEntries(scores) };
    }
  }
}

/** One sentence with an example of this very proposal. */
export function howToVote({ kind, strict, options, highestScore, credits }: BallotForm): Said {
  const [a = "A", b = a, c] = options;
  switch (kind) {
    case "yes-no":
      return say("write_yes-no");
    case "approval":
      return say("write_approval", { example: `${a},${b}` });
    case "ranking": {
      // No ballot names an option twice, so that no example may.
      if (c === undefined) {
        const example = [...new Set([b, a])].join(">");
        return say(strict ? "write_ranking_strict" : "write_ranking", { example });
      }
      return strict
        ? say("write_ranking_strict", { example: `${a}>${c}>${b}` })
        : say("write_ranking", { example: `${a}>${c}=${b}` });
    }
    case "scores":
      return say("write_scores", {
        highest: highestScore,
        example: `${a}=${highestScore} ${b}=1`,
      });
    case "votes":
      return say("write_votes", { example: `${a}=3 ${b}=-1`, credits });
  }
}

// What cards tell people to write in their own language counts too.
const YES = new Set(["yes", "y", "for", "aye", "+1", "👍", "✅", ...inEveryLanguage("side_yes")]);
const NO = new Set(["no", "n", "against", "nay", "-1", "👎", "❌", ...inEveryLanguage("side_no")]);
const ABSTAIN = new Set(["abstention", "0", ...inEveryLanguage("side_abstain")]);

function inEveryLanguage(side: "side_yes" | "side_no" | "side_abstain"): string[] {
  return LANGUAGES.map((language) => spoken(language, say(side)).toLowerCase());
}

function typed(text: string, { kind }: BallotForm): ChoiceInput {
  const plain = text.trim().toLowerCase();
  const upper = text.trim().toUpperCase();
  switch (kind) {
    case "yes-no":
      if (YES.has(plain)) return { answer: "yes" };
      if (NO.has(plain)) return { answer: "no" };
      if (ABSTAIN.has(plain)) return { answer: "abstain" };
      break;
    case "approval":
      if (/^[A-Z]([\s,]+[A-Z])*$/.test(upper)) return { approve: upper.split(/[\s,]+/) };
      break;
    case "ranking": {
      const dense = upper.replace(/\s+/g, "");
      if (/^[A-Z]([>=][A-Z])*$/.test(dense)) {
        return { rank: dense.split(">").map((rank) => rank.split("=")) };
      }
      break;
    }
    case "scores":
    case "votes": {
      const pairs = [...upper.matchAll(/([A-Z])\s*[=:]\s*([+-]?\d{1,3})/g)];
      const rest = upper.replace(/([A-Z])\s*[=:]\s*([+-]?\d{1,3})/g, "").replace(/[\s,;]+/g, "");
      const ids = pairs.map(([, id]) => id as string);
      if (pairs.length > 0 && rest === "" && new Set(ids).size === ids.length) {
        return { scores: Object.fromEntries(pairs.map(([, id, score]) => [id, Number(score)])) };
      }
    }
  }
  // What is not understood has none of the wanted parts, and is refused with an example.
  return { text };
}

function checkOptions(ids: readonly string[], { options }: BallotForm): void {
  const unknown = ids.find((id) => !options.includes(id));
  if (unknown !== undefined) {
    throw governanceFailures.choice(
      say("choice_no_option", { option: unknown, known: each(options, "comma") }),
    );
  }
  const twice = ids.find((id, at) => ids.indexOf(id) !== at);
  if (twice !== undefined) throw governanceFailures.choice(say("choice_twice", { option: twice }));
}

function checkScores(scores: readonly (readonly [string, number])[], form: BallotForm): void {
  if (form.kind === "scores") {
    const outside = scores.find(([, score]) => score < 0 || score > form.highestScore);
    if (outside !== undefined) {
      throw governanceFailures.choice(
        say("choice_score", {
          option: outside[0],
          score: outside[1],
          highest: form.highestScore,
        }),
      );
    }
    return;
  }
  const cost = scores.reduce((sum, [, votes]) => sum + votes * votes, 0);
  if (cost > form.credits) {
    throw governanceFailures.choice(say("choice_credits", { cost, credits: form.credits }));
  }
}
