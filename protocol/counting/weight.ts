/** Millionths of one vote. */
const ONE_VOTE = 1_000_000n;

/**
 * 1 + log10(max(1, credits)) in millionths, rounded down: exact. Digits of the logarithm come out one by one by
 * raising to the tenth power between a lower and an upper bound; where the bounds disagree it starts again with
 * twice the digits. Terminates: log10 of a whole number is either whole or irrational.
 */
export function producerWeight(credits: bigint): bigint {
  const n = credits < 1n ? 1n : credits;
  const whole = BigInt(n.toString().length - 1);
  if (n === 10n ** whole) return ONE_VOTE * (1n + whole);
  for (let precision = 40; ; precision *= 2) {
    const digits = logDigits(n, whole, BigInt(precision));
    if (digits !== null) return ONE_VOTE * (1n + whole) + digits;
  }
}

function logDigits(n: bigint, whole: bigint, precision: bigint): bigint | null {
  const one = 10n ** precision;
  // 1 ≤ x < 10 in units of 10^-precision.
  let low = (n * one) / 10n ** whole;
  let high = low + 1n;
  let digits = 0n;
  for (let place = 0; place < 6; place++) {
    low = low ** 10n / one ** 9n;
    high = high ** 10n / one ** 9n + 1n;
    const digit = BigInt(low.toString().length) - precision - 1n;
    if (BigInt(high.toString().length) - precision - 1n !== digit) return null;
    digits = digits * 10n + digit;
    low /= 10n ** digit;
    high = high / 10n ** digit + 1n;
  }
  return digits;
}

/**
 * Caps weights so that nobody holds more than a/b of the capped whole, and nobody less than one vote: in a house
 * too small for that every seat is one vote. Returns weights in the order given.
 */
export function capWeights(
  weights: readonly bigint[],
  [a, b]: readonly [a: bigint, b: bigint],
): bigint[] {
  const sorted = [...weights].sort((x, y) => (x < y ? 1 : x > y ? -1 : 0));
  let rest = sorted.reduce((sum, weight) => sum + weight, 0n);
  // With the k greatest at the cap c: c = a/b × (k·c + rest).
  for (let k = 0n; k < BigInt(sorted.length); k++) {
    const next = sorted[Number(k)] as bigint;
    const room = b - k * a;
    if (room <= 0n) break;
    const cap = (a * rest) / room;
    if (next <= cap) {
      const most = k === 0n ? next : cap;
      return weights.map((weight) => (weight < most ? weight : most));
    }
    rest -= next;
  }
  return weights.map(() => ONE_VOTE);
}
