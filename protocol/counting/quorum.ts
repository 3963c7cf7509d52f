/**
 * Debian's 3Q, Q = half the square root of the members (constitution A.5.3 and 4.2.7): the least whole number
 * of ballots that reaches it, which is the smallest q with 4·q² ≥ 9·members.
 */
export function squareRootQuorum(members: number): bigint {
  return smallest((q) => 4n * q * q >= 9n * BigInt(members), members);
}

/**
 * Approvals needed in a body of this size by the default constitution: min(⌈2N/3⌉, max(3, square-root
 * quorum)). In a small body two thirds are enough, in any body three are needed where there are three.
 */
export function approvalQuorum(members: number): bigint {
  const twoThirds = (2n * BigInt(members) + 2n) / 3n;
  const root = squareRootQuorum(members);
  const floor = root > 3n ? root : 3n;
  return twoThirds < floor ? twoThirds : floor;
}

/** The smallest whole number in 0 … 2·limit + 2 that holds; `holds` never becomes false again. */
function smallest(holds: (q: bigint) => boolean, limit: number): bigint {
  let low = 0n;
  let high = 2n * BigInt(limit) + 2n;
  while (low < high) {
    const middle = (low + high) / 2n;
    if (holds(middle)) high = middle;
    else low = middle + 1n;
  }
  return low;
}
