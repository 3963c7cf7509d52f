/** a : b, both above zero; [1, 1] is a simple majority, [3, 1] needs three times as many for as against. */
export type Ratio = readonly [a: bigint, b: bigint];

/** What is counted: weights in any one unit (ballots, or millionths of a vote). */
export interface ForAndAgainst {
  readonly for: bigint;
  readonly against: bigint;
}

export interface Threshold {
  readonly ratio: Ratio;
  /** So much must be *for*; turnout and abstentions never count, so staying away never helps anybody. */
  readonly quorum: bigint;
}

export interface MajorityResult extends ForAndAgainst, Threshold {
  readonly quorumMet: boolean;
  readonly ratioMet: boolean;
  readonly passes: boolean;
}

export const SIMPLE_MAJORITY: Ratio = [1n, 1n];

/**
 * b × for ≥ a × against, and for > against (Debian constitution 1.6 and later, A.5.4; before, the ratio had
 * to be exceeded), and at least the quorum is for it.
 */
export function majority(count: ForAndAgainst, { ratio, quorum }: Threshold): MajorityResult {
  const [a, b] = ratio;
  const ratioMet = b * count.for >= a * count.against && count.for > count.against;
  const quorumMet = count.for >= quorum;
  return {
    for: count.for,
    against: count.against,
    ratio,
    quorum,
    quorumMet,
    ratioMet,
    passes: ratioMet && quorumMet,
  };
}
