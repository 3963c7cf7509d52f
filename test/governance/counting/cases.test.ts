// Small published elections and traps: ../ballots, files 07, 09 and 10.
import assert from "node:assert/strict";
import { test } from "node:test";
import { approval } from "../../../protocol/counting/approval.ts";
import type { Election } from "../../../protocol/counting/ballot-file.ts";
import { condorcetWinner, smithSet } from "../../../protocol/counting/condorcet.ts";
import { dropBelowDefault } from "../../../protocol/counting/default-option.ts";
import { irv } from "../../../protocol/counting/irv.ts";
import { duelTable, pairwise } from "../../../protocol/counting/pairwise.ts";
import { type Profile, scoredProfile } from "../../../protocol/counting/profile.ts";
import { rankedPairs } from "../../../protocol/counting/ranked-pairs.ts";
import { schulze } from "../../../protocol/counting/schulze.ts";
import { score } from "../../../protocol/counting/score.ts";
import { star } from "../../../protocol/counting/star.ts";
import { lotsFromSeed } from "../../../protocol/counting/ties.ts";
import { asSets, ballotFile, ranked, type Table } from "./ballot-files.ts";

interface TieCase {
  id: string;
  condorcet_winner: string | null;
  smith_set: string[];
  schulze_winning_votes: string[][];
  ranked_pairs_possible_winners: string[];
  irv_possible_winners: string[];
  forbidden_irv_winner?: string;
  ranked_pairs_margins?: string[];
  wrong_if_second_key_missing?: string[];
}

interface StarCase {
  id: string;
  score_totals?: Record<string, number>;
  score_winner?: string;
  star_finalists?: string[];
  star_runoff?: Record<string, number>;
  star_winner?: string | string[];
  approval_counts?: Record<string, number>;
  approval_winner?: string;
}

interface DebianCase {
  kept: string[];
  winner: string[];
  full_order?: string[];
}

const seeds = Array.from({ length: 30 }, (_, i) => lotsFromSeed(i.toString(16).padStart(2, "0")));

const ties = ballotFile<{ cases: TieCase[] }>("09");
for (const [place, election] of ties.elections.entries()) {
  const says = ties.says.cases[place] as TieCase;
  const profile = ranked(election);
  const duels = pairwise(profile);

  test(`${says.id}: Condorcet winner, Smith set, Schulze, ranked pairs`, () => {
    assert.equal(condorcetWinner(duels), says.condorcet_winner);
    assert.deepEqual(smithSet(duels), says.smith_set.toSorted());
    assert.deepEqual(asSets(schulze(duels, null).ranking), asSets(says.schulze_winning_votes));
    assert.deepEqual(
      rankedPairs(duels, null).possibleWinners,
      says.ranked_pairs_possible_winners.toSorted(),
    );
    if (says.ranked_pairs_margins) {
      const margins = rankedPairs(
        duels,
        null,
        (a, b) => a.winning - a.opposing - (b.winning - b.opposing),
      );
      assert.deepEqual(margins.possibleWinners, says.ranked_pairs_margins);
    }
    if (says.wrong_if_second_key_missing) {
      const oneKey = schulze(duels, null, (a, b) => a.winning - b.winning);
      assert.deepEqual(oneKey.possibleWinners, says.wrong_if_second_key_missing);
    }
  });

  test(`${says.id}: instant runoff elects only who can win, under every seed`, () => {
    assert.deepEqual(
      irv(profile, null, "wait").possibleWinners,
      says.irv_possible_winners.toSorted(),
    );
    // Six of its ballots begin with a shared rank; where that exhausts them, B holds 9 of the other 14.
    const wanted =
      says.id === "rp-winning-vs-margins" ? ["B"] : says.irv_possible_winners.toSorted();
    assert.deepEqual(irv(profile, null).possibleWinners, wanted);
    const elected = new Set(seeds.flatMap((rule) => irv(profile, rule).winners));
    assert.deepEqual([...elected].sort(), wanted);
    assert.ok(!elected.has(says.forbidden_irv_winner ?? ""));
  });

  test(`${says.id}: with a seed, Schulze and ranked pairs elect one of the possible winners`, () => {
    for (const rule of seeds) {
      for (const result of [schulze(duels, rule), rankedPairs(duels, rule)]) {
        assert.equal(result.winners.length, 1);
        assert.ok(result.possibleWinners.includes(result.winners[0] as string));
        assert.equal(result.ties.length > 0, result.possibleWinners.length > 1);
      }
    }
  });
}

test("all-blank-and-one: A wins among five blank ballots, and any quorum above 1 fails", () => {
  const election = ties.elections.find(({ id }) => id === "all-blank-and-one") as Election;
  const gate = (quorum: bigint) =>
    dropBelowDefault(pairwise(ranked(election)), { option: "B", quorum, ratios: new Map() });
  assert.deepEqual(schulze(gate(1n).kept, null).winners, ["A"]);
  assert.deepEqual(schulze(gate(2n).kept, null).winners, ["B"]);
});

const debian = ballotFile<{ cases: DebianCase[]; pairwise: Table }>("07");
for (const [place, election] of debian.elections.entries()) {
  const says = debian.says.cases[place] as DebianCase;
  test(`Debian GR 2008/003, case ${place + 1}: kept ${says.kept}, winner ${says.winner}`, () => {
    if (election.input.kind !== "duels" || !election.standard) throw new Error("not the file");
    assert.deepEqual(duelTable(election.input.duels), debian.says.pairwise);
    const { kept } = dropBelowDefault(election.input.duels, election.standard);
    assert.deepEqual(kept.options, says.kept);
    const result = schulze(kept, null);
    assert.deepEqual(result.winners, says.winner);
    if (says.full_order) assert.deepEqual(result.ranking.flat(), says.full_order);
  });
}

const stars = ballotFile<{ cases: StarCase[] }>("10");
for (const [place, election] of stars.elections.entries()) {
  const says = stars.says.cases[place] as StarCase;
  const profile = scored(election);
  if (says.approval_counts) {
    test(`${says.id}: approvals`, () => {
      const result = approval(profile, 50, null);
      assert.deepEqual(result.approvals, says.approval_counts);
      assert.deepEqual(result.winners, [says.approval_winner]);
      assert.deepEqual(approval(profile, 51, null).winners, [], "50 approvals miss a quorum of 51");
    });
    continue;
  }
  test(`${says.id}: stars, finalists and runoff`, () => {
    const total = score(profile, null);
    assert.deepEqual(total.totals, says.score_totals);
    if (says.score_winner) assert.deepEqual(total.winners, [says.score_winner]);
    const result = star(profile, 5, null);
    if (says.star_finalists) assert.deepEqual(result.finalists, says.star_finalists);
    assert.deepEqual(result.runoff, says.star_runoff);
    assert.deepEqual(result.possibleWinners, [says.star_winner].flat());
    assert.deepEqual(result.winners, Array.isArray(says.star_winner) ? [] : [says.star_winner]);
  });
}

test("star-full-tie: a seed breaks it, and another seed breaks it the other way", () => {
  const election = stars.elections.find(({ id }) => id === "star-full-tie") as Election;
  const elected = new Set(seeds.flatMap((rule) => star(scored(election), 5, rule).winners));
  assert.deepEqual([...elected].sort(), ["Alice", "Bob"]);
});

function scored({ options, input }: Election): Profile {
  if (input.kind !== "scores" && input.kind !== "approvals") throw new Error("not scored");
  return scoredProfile(options, input.ballots, { least: 0, most: 5 });
}
