import { approval } from "./approval.ts";
import type { Election } from "./ballot-file.ts";
import { borda } from "./borda.ts";
import { condorcetWinner, smithSet } from "./condorcet.ts";
import { copeland } from "./copeland.ts";
import { dropBelowDefault } from "./default-option.ts";
import { irv } from "./irv.ts";
import { majorityJudgment } from "./majority-judgment.ts";
import { type Pairwise, pairwise } from "./pairwise.ts";
import { type Profile, rankedProfile, scoredProfile } from "./profile.ts";
import { quadratic } from "./quadratic.ts";
import { rankedPairs } from "./ranked-pairs.ts";
import { schulze } from "./schulze.ts";
import { score } from "./score.ts";
import { star } from "./star.ts";
import { stv } from "./stv.ts";
import { stvScottish } from "./stv-scottish.ts";
import type { TieRule } from "./ties.ts";

/** What a count needs beside the election. */
export interface CountSettings {
  readonly ties: TieRule | null;
  readonly seats: number;
}

/** A method counts this election, or says in a sentence that it cannot. */
export class CannotCount extends Error {
  override name = "CannotCount";
}

type Count = (election: Election, settings: CountSettings) => object;

/** Every method by the name that `count --method` takes. Each throws CannotCount where the ballots do not fit. */
export const METHODS: ReadonlyMap<string, Count> = new Map<string, Count>([
  ["majority", byDuels((_, __, table) => ({ passed: passedIn(table) }), { needsDefault: true })],
  ["approval", approvalOf],
  ["score", byScores((p, _, { ties }) => score(p, ties))],
  ["star", byScores((p, { highestScore }, { ties }) => star(p, highestScore, ties))],
  ["majority-judgment", byScores((p, e, { ties }) => majorityJudgment(p, e.highestScore, ties))],
  ["quadratic", quadraticOf],
  ["irv", byRankings((p, { ties }) => irv(p, ties))],
  ["irv-waiting", byRankings((p, { ties }) => irv(p, ties, "wait"))],
  ["stv", byRankings((p, { ties, seats }) => stv(p, seats, ties))],
  ["stv-scottish", byRankings((p, { ties, seats }) => stvScottish(p, seats, ties))],
  ["borda", byRankings((p, { ties }) => borda(pairwise(p), p.total, ties))],
  ["copeland", byDuels((duels, { ties }) => copeland(duels, ties))],
  ["schulze", byDuels((duels, { ties }) => schulze(duels, ties))],
  ["ranked-pairs", byDuels((duels, { ties }) => rankedPairs(duels, ties))],
]);

function rankingsOf({ input, options }: Election): Profile {
  if (input.kind !== "rankings") throw new CannotCount(`It needs rankings, not ${input.kind}.`);
  return rankedProfile(options, input.ballots);
}

function byRankings(count: (profile: Profile, settings: CountSettings) => object): Count {
  return (election, settings) => {
    const profile = rankingsOf(election);
    return withVoids(profile, count(profile, settings));
  };
}

function byScores(
  count: (profile: Profile, election: Election, settings: CountSettings) => object,
): Count {
  return (election, settings) => {
    const { input, options, highestScore } = election;
    if (input.kind !== "scores") throw new CannotCount(`It needs scores, not ${input.kind}.`);
    const profile = scoredProfile(options, input.ballots, { least: 0, most: highestScore });
    return withVoids(profile, count(profile, election, settings));
  };
}

function approvalOf({ input, options, quorum }: Election, { ties }: CountSettings): object {
  if (input.kind !== "approvals") throw new CannotCount(`It needs approvals, not ${input.kind}.`);
  const profile = scoredProfile(options, input.ballots, { least: 1, most: 1 });
  return withVoids(profile, approval(profile, quorum, ties));
}

function quadraticOf({ input, options, credits }: Election, { ties }: CountSettings): object {
  if (input.kind !== "scores") throw new CannotCount(`It needs votes, not ${input.kind}.`);
  const most = Math.floor(Math.sqrt(credits));
  const profile = scoredProfile(options, input.ballots, { least: -most, most, credits });
  return withVoids(profile, quadratic(profile, ties));
}

type Gate = ReturnType<typeof dropBelowDefault>["table"];

/** Methods that need the duels only; where the election has a default option, it sorts out the others first. */
function byDuels(
  count: (duels: Pairwise, settings: CountSettings, table: Gate) => object,
  { needsDefault = false } = {},
): Count {
  return (election, settings) => {
    const { input, standard } = election;
    const profile = input.kind === "duels" ? null : rankingsOf(election);
    const duels = input.kind === "duels" ? input.duels : pairwise(profile as Profile);
    if (standard === null && needsDefault) {
      throw new CannotCount(
        `It needs "default" in the file: the option that the others must beat.`,
      );
    }
    const gate = standard === null ? null : dropBelowDefault(duels, standard);
    const kept = gate?.kept ?? duels;
    return withVoids(profile, {
      ...count(kept, settings, gate?.table ?? []),
      ...(gate && { default: standard?.option, kept: kept.options, againstDefault: gate.table }),
      condorcetWinner: condorcetWinner(kept),
      smithSet: smithSet(kept),
    });
  };
}

function passedIn(table: Gate): string[] {
  return table.filter(({ passes }) => passes).map(({ option }) => option);
}

function withVoids(profile: Profile | null, result: object): object {
  if (profile === null) return result;
  const own = "voids" in result ? (result.voids as readonly object[]) : [];
  return { ballots: profile.total, ...result, voids: [...profile.voids, ...own] };
}
