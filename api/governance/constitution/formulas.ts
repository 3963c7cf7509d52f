import { approvalQuorum } from "../../../protocol/counting/quorum.ts";

/** The constitution's K: the smallest k with 4·k² ≥ n, at least 1 and at most 5. */
export function backersNeeded(members: number): number {
  for (let k = 1; k < 5; k++) if (4 * k * k >= members) return k;
  return 5;
}

/**
 * A number of people as the constitution writes it: a number, `K` or `2*K`; other words need one. Never more than
 * there are: nothing becomes impossible because somebody left.
 */
export function peopleNeeded(written: number | string, members: number): number {
  if (typeof written === "number") return Math.min(written, Math.max(1, members));
  if (written === "K") return backersNeeded(members);
  return written === "2*K" ? Math.min(2 * backersNeeded(members), Math.max(1, members)) : 1;
}

/** Ballots for an option that a house of this size asks for. */
export function quorumOf(seats: number): number {
  return Number(approvalQuorum(seats));
}
