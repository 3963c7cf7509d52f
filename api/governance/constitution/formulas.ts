import { approvalQuorum } from "../../../protocol/counting/quorum.ts";

/** The constitution's K: the smallest k with 4·k² ≥ n, at least 1 and at most 5. */
export function backersNeeded(members: number): number {
  for (let k = 1; k < 5; k++) if (4 * k * k >= members) return k;
  return 5;
}

/**
 * A number of people as the constitution writes it: a number, `K` or `2*K`; `calendar` is K, other words need one. Never more than
 * there are: nothing becomes impossible because somebody left.
 */
export function peopleNeeded(written: number | string, members: number): number {
  if (typeof written === "number") return Math.min(written, Math.max(1, members));
  // No calendar begins anything yet: K members do.
  if (written === "K" || written === "calendar") return backersNeeded(members);
  return written === "2*K" ? Math.min(2 * backersNeeded(members), Math.max(1, members)) : 1;
}

/** Seats of stewards as the founding rules write them; an amendment may put a number there. */
export const STEWARD_SEATS = "max(3, min(7, ceil(N/25)))";

/** How many stewards there may be. */
export function stewardSeats(written: string, members: number): number {
  if (/^[0-9]{1,3}$/.test(written)) return Number(written);
  return Math.max(3, Math.min(7, Math.ceil(members / 25)));
}

/** Ballots for an option that a house of this size asks for. */
export function quorumOf(seats: number): number {
  return Number(approvalQuorum(seats));
}
