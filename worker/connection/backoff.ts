const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/**
 * Wait before connection attempt `failures` + 1, milliseconds: doubles from 250 ms to 30 s, with "equal
 * jitter" (half fixed, half random) so that a pool that comes back is not met by all its nodes at once.
 * `random`: a number in [0, 1).
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 20));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
