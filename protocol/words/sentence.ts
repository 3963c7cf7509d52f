/**
 * A sentence with a number in it, one form for each plural category that a language has for whole numbers
 * (CLDR; `many` is Spanish, French and Portuguese for full millions). `{n}` stands for the number.
 */
export interface Plural {
  readonly one: string;
  readonly many?: string;
  readonly other: string;
}

/** A sentence with its `{name}`s filled in. */
export function filled(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? (values[name] as string) : whole,
  );
}

/** The form of a sentence that a whole number asks for in a locale. */
export function formFor(locale: string, plural: Plural, count: number): string {
  const form = pluralRules(locale).select(count);
  return form === "one" || form === "many" ? (plural[form] ?? plural.other) : plural.other;
}

/** A number as people write it: `1,204`, `1.204`; at most `digits` decimals. */
export function numberText(locale: string, value: number, digits = 0): string {
  return numberFormat(locale, digits).format(value);
}

/** A moment to the minute: `31 January 2027 at 18:00 UTC`, `31. Januar 2027 um 18:00 UTC`. */
export function momentText(locale: string, atMs: number): string {
  const format = remembered(
    `moment ${locale}`,
    () =>
      new Intl.DateTimeFormat(calendar(locale), {
        ...{ day: "numeric", month: "long", year: "numeric" },
        ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" },
      }),
  );
  return `${format.format(atMs)} UTC`;
}

/** The day of a moment, in UTC: `31 January 2027`. */
export function dayText(locale: string, atMs: number): string {
  const format = remembered(
    `day ${locale}`,
    () => new Intl.DateTimeFormat(calendar(locale), { dateStyle: "long", timeZone: "UTC" }),
  );
  return format.format(atMs);
}

/** Days before months, as everywhere but in one country. */
function calendar(locale: string): string {
  return locale === "en" ? "en-GB" : locale;
}

const kept = new Map<string, unknown>();

/** Formatters cost far more to make than to use. */
export function remembered<T>(key: string, make: () => T): T {
  if (!kept.has(key)) kept.set(key, make());
  return kept.get(key) as T;
}

function pluralRules(locale: string): Intl.PluralRules {
  return remembered(`plural ${locale}`, () => new Intl.PluralRules(locale));
}

function numberFormat(locale: string, digits: number): Intl.NumberFormat {
  return remembered(
    `number ${locale} ${digits}`,
    () => new Intl.NumberFormat(locale, { maximumFractionDigits: digits, useGrouping: true }),
  );
}
