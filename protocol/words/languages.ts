/** Languages that the pool and its doors speak, as `language` policies name them. */
export const LANGUAGES = ["en", "de", "es", "fr", "pt"] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * The language that serves somebody, from an `Accept-Language` header (RFC 9110 §12.5.4): the first one we speak, the
 * most wanted first, by main language (`fr-CA`, `pt-PT`). English where there is none, and for whatever is no header.
 */
export function languageAccepted(header: string | undefined): Language {
  const wanted = (header ?? "")
    .slice(0, 200)
    .split(",")
    .map((part) => {
      const [tag = "", ...more] = part.split(";").map((each) => each.trim().toLowerCase());
      const weight = more.find((each) => /^q=(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(each));
      return {
        main: tag.split(/[-_]/)[0],
        weight: weight === undefined ? 1 : Number(weight.slice(2)),
      };
    })
    .filter(({ weight }) => weight > 0)
    // Stable: of two that are wanted as much, the one named first.
    .sort((a, b) => b.weight - a.weight);
  const known = wanted.flatMap(({ main }) => LANGUAGES.filter((language) => language === main));
  return known[0] ?? "en";
}
