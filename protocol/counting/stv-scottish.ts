import type { Profile, VoidBallot } from "./profile.ts";
import { strictBallots } from "./strict-ballots.ts";
import { breakTie, type Tie, type TieRule } from "./ties.ts";

/** Transfer values have five decimals, the rest is dropped (rule 48(3)). */
const UNIT = 100_000n;

export interface ScottishStage {
  /** What was done in this stage, in words. */
  readonly action: string;
  /** Votes after it, with five decimals. */
  readonly votes: Readonly<Record<string, string>>;
  readonly nonTransferable: string;
  readonly elected: readonly string[];
  readonly excluded: readonly string[];
}

export interface ScottishResult {
  /** In the order of their election. */
  readonly winners: readonly string[];
  readonly ties: readonly Tie[];
  readonly quota: number;
  readonly stages: readonly ScottishStage[];
  readonly voids: readonly VoidBallot[];
}

interface Paper {
  readonly weight: bigint;
  readonly ranking: readonly number[];
  /** Value of each when its holder received it, in UNITs. */
  value: bigint;
  /** Who holds it; null once it is not transferable. */
  holder: number | null;
}

/**
 * Single transferable vote by the Scottish Local Government Elections Order 2007 (SSI 2007/42), Schedule 1, rules 45
 * to 52: weighted inclusive Gregory transfers. Rule numbers stand beside the steps. A tie goes by the latest earlier
 * stage at which the tied had unequal votes, then by lot. Blank papers are rejected (rule 43).
 */
export function stvScottish(profile: Profile, seats: number, rule: TieRule | null): ScottishResult {
  const { options } = profile;
  const valid = strictBallots(profile);
  const papers: Paper[] = valid.ballots
    .filter(({ ranking }) => ranking.length > 0)
    .map(({ weight, ranking }) => ({
      weight: BigInt(weight),
      ranking,
      value: UNIT,
      holder: ranking[0] as number,
    }));
  const total = papers.reduce((sum, { weight }) => sum + weight, 0n);
  const quota = total / BigInt(seats + 1) + 1n; // 46
  const bar = quota * UNIT;
  const continuing = new Set(options.keys());
  const surplus = new Set<number>();
  const elected: number[] = [];
  const ties: Tie[] = [];
  const stages: ScottishStage[] = [];
  const votes: bigint[] = options.map(() => 0n);
  const history: bigint[][] = [];
  for (const { holder, weight } of papers) (votes[holder as number] as bigint) += weight * UNIT;
  let lost = 0n;

  const names = (indexes: Iterable<number>) => [...indexes].map((i) => options[i] as string);
  const held = (option: number) => votes[option] as bigint;
  const vacancies = () => seats - elected.length;

  /** Closes a stage: 47 elects whoever has the quota, 52 fills the last places. */
  function close(action: string, excluded: readonly number[]): void {
    const reached = [...continuing].filter((i) => held(i) >= bar);
    reached.sort((a, b) => (held(a) === held(b) ? a - b : held(a) < held(b) ? 1 : -1));
    const now = reached.slice(0, vacancies());
    for (const option of now) {
      elected.push(option);
      continuing.delete(option);
      if (held(option) > bar) surplus.add(option);
    }
    if (vacancies() > 0 && continuing.size <= vacancies()) {
      for (const option of [...continuing]) {
        now.push(option);
        elected.push(option);
        continuing.delete(option);
      }
    }
    history.push([...votes]);
    stages.push({
      action,
      votes: Object.fromEntries(options.map((option, i) => [option, decimal(held(i))])),
      nonTransferable: decimal(lost),
      elected: names(now),
      excluded: names(excluded),
    });
  }

  /** The one of these that comes first by votes; the tied ones by earlier stages, then by lot (49, 51). */
  function pick(from: readonly number[], side: "highest" | "lowest", place: string): number | null {
    const extreme = (group: readonly number[], at: readonly bigint[]) => {
      const values = group.map((i) => at[i] as bigint);
      const wanted = values.reduce((a, b) => ((side === "highest" ? b > a : b < a) ? b : a));
      return group.filter((i) => at[i] === wanted);
    };
    let tied = extreme(from, votes);
    for (const earlier of history.toReversed()) tied = extreme(tied, earlier);
    if (tied.length === 1) return tied[0] as number;
    const tie = breakTie(place, names(tied), rule, side === "highest" ? "first" : "last");
    ties.push(tie);
    return tie.chosen === null ? null : options.indexOf(tie.chosen);
  }

  /** Moves an option's papers on to their next continuing preference, each at a new value. */
  function passOn(from: number, newValue: (value: bigint) => bigint): void {
    for (const paper of papers) {
      if (paper.holder !== from) continue;
      const next = paper.ranking.find((i) => continuing.has(i));
      if (next === undefined) {
        paper.holder = null;
        continue;
      }
      paper.holder = next;
      paper.value = newValue(paper.value);
      (votes[next] as bigint) += paper.weight * paper.value;
    }
    lost = total * UNIT - votes.reduce((sum, n) => sum + n, 0n);
  }

  close("first preferences", []);
  while (vacancies() > 0 && continuing.size > 0) {
    if (surplus.size > 0) {
      const from = pick([...surplus], "highest", `surplus in stage ${stages.length + 1}`);
      if (from === null) break;
      surplus.delete(from);
      const before = held(from);
      votes[from] = bar;
      passOn(from, (value) => ((before - bar) * value) / before); // 48(3)
      close(`surplus of ${options[from]}`, []);
    } else {
      const out = pick([...continuing], "lowest", `exclusion in stage ${stages.length + 1}`);
      if (out === null) break;
      continuing.delete(out);
      votes[out] = 0n;
      passOn(out, (value) => value); // 50(4)
      close(`exclusion of ${options[out]}`, [out]);
    }
  }
  return {
    winners: names(elected),
    ties,
    quota: Number(quota),
    stages,
    voids: valid.voids,
  };
}

function decimal(value: bigint): string {
  const digits = value.toString().padStart(6, "0");
  return `${digits.slice(0, -5)}.${digits.slice(-5)}`;
}
