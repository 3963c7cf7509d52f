/** An exact rational number, in lowest terms, denominator above zero. */
export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

/** What a fraction looks like in a table: a whole number, or `"779/2"`. */
export type ExactNumber = number | string;

export const ONE: Fraction = { n: 1n, d: 1n };

/** n/d in lowest terms. `d` is not zero. */
export function fraction(n: bigint, d: bigint): Fraction {
  const divisor = gcd(n < 0n ? -n : n, d < 0n ? -d : d) * (d < 0n ? -1n : 1n);
  return { n: n / divisor, d: d / divisor };
}

export function plus(a: Fraction, b: Fraction): Fraction {
  return fraction(a.n * b.d + b.n * a.d, a.d * b.d);
}

export function minus(a: Fraction, b: Fraction): Fraction {
  return fraction(a.n * b.d - b.n * a.d, a.d * b.d);
}

export function times(a: Fraction, b: Fraction): Fraction {
  return fraction(a.n * b.n, a.d * b.d);
}

/** a/b; `b` is not zero. */
export function over(a: Fraction, b: Fraction): Fraction {
  return fraction(a.n * b.d, a.d * b.n);
}

/** Below zero, zero or above zero, as a is less than, equal to or more than b. */
export function compareFractions(a: Fraction, b: Fraction): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** For tables: never a rounded number. */
export function exactNumber({ n, d }: Fraction): ExactNumber {
  if (d !== 1n) return `${n}/${d}`;
  return exactInteger(n);
}

/** A whole number for tables; text where JSON readers would round it. */
export function exactInteger(n: bigint): ExactNumber {
  const small = Number(n);
  return Number.isSafeInteger(small) ? small : n.toString();
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
