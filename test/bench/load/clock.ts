/** Milliseconds since the epoch with three decimals, on one clock for all processes of this machine. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/** The same as fourteen to seventeen characters of a text. */
export function stamp(): string {
  return now().toFixed(3);
}
