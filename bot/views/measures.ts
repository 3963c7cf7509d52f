/** Numbers as people read them. English, the same on every machine. */

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** `1 answer`, `1,204 answers`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${whole.format(count)} ${count === 1 ? one : many}`;
}

/** Decimal units, as download pages use: `98.4 MB`. */
export function bytesInWords(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${tenths.format(value)} ${units[unit]}`;
}

/** `under a second`, `12 s`, `2 min`, `1 h 5 min`; rounded up, because a wait told too short is a broken promise. */
export function durationInWords(ms: number): string {
  if (ms < 1000) return "under a second";
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
}

/** `812 tokens/s`, `3.4 tokens/s`; null where it was not measured. */
export function speedInWords(tokensPerSecond: number | null): string | null {
  if (tokensPerSecond === null || tokensPerSecond <= 0) return null;
  const format = tokensPerSecond < 10 ? tenths : whole;
  return `${format.format(tokensPerSecond)} tokens/s`;
}

/** Thousandths as a decimal fraction without trailing zeros: 700 → `0.7`. */
export function thousandths(value: number): string {
  return String(value / 1000);
}

/** `2026-03-01 14:05:09 UTC` */
export function momentInWords(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

/** First digits of a digest, enough to compare by eye. */
export function shortDigest(sha256: string): string {
  return `${sha256.slice(0, 12)}…`;
}
