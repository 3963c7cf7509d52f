import { irv } from "../../protocol/counting/irv.ts";
import { pairwise } from "../../protocol/counting/pairwise.ts";
import { type Profile, UNMARKED } from "../../protocol/counting/profile.ts";
import { rankedPairs } from "../../protocol/counting/ranked-pairs.ts";
import { schulze } from "../../protocol/counting/schulze.ts";
import { lotsFromSeed } from "../../protocol/counting/ties.ts";
import { random } from "../governance/counting/profiles.ts";
import { atMost, type Measure, reported } from "./measure.ts";

const BALLOTS = 1_000_000;
const OPTIONS = 10;

/**
 * Counts 1,000,000 different ballots over 10 options, of random length and order, made from a seed in the compact form
 * that the ballot reader hands over (making them is not timed). Timed is the whole count from there: the duels or the
 * order of every ballot, all rounds, all tables, ties by seed. Memory is the highest the process ever
 * held, with Node's own share and the ballots in it.
 */
export async function counting(): Promise<Measure[]> {
  const profile = manyBallots();
  const rule = lotsFromSeed("00");
  const seconds = (count: () => unknown) => {
    const start = performance.now();
    count();
    return (performance.now() - start) / 1000;
  };
  return [
    atMost(
      "count-schulze-1m",
      seconds(() => schulze(pairwise(profile), rule)),
      "s",
      2,
    ),
    atMost(
      "count-irv-1m",
      seconds(() => irv(profile, rule)),
      "s",
      2,
    ),
    reported(
      "count-ranked-pairs-1m",
      seconds(() => rankedPairs(pairwise(profile), rule)),
      "s",
    ),
    atMost("count-memory", process.resourceUsage().maxRSS / 1024, "MB", 500),
  ];
}

function manyBallots(): Profile {
  const pick = random(1);
  const options = Array.from({ length: OPTIONS }, (_, i) => `option ${i}`);
  const marks = new Int16Array(BALLOTS * OPTIONS).fill(UNMARKED);
  const order = options.map((_, i) => i);
  for (let ballot = 0; ballot < BALLOTS; ballot++) {
    const length = 1 + pick(OPTIONS);
    for (let rank = 0; rank < length; rank++) {
      const other = rank + pick(OPTIONS - rank);
      [order[rank], order[other]] = [order[other] as number, order[rank] as number];
      marks[ballot * OPTIONS + (order[rank] as number)] = rank;
    }
  }
  return {
    options,
    marks,
    weights: new Uint32Array(BALLOTS).fill(1),
    total: BALLOTS,
    voids: [],
  };
}
