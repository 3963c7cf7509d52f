/**
 * What the pool says in English, by its stable codes, in another language. `{model}` and other names are
 * known to the door; `{1}`, `{2}` … stand for what the English sentence quotes or counts, in its order.
 */
export interface PoolSentences {
  /** By code of an error, a notice or a lost attempt. */
  readonly byCode: Readonly<Record<string, string>>;
  /** By id of a check: its title, and what it says when it passed or did not run. */
  readonly checks: Readonly<Record<string, { readonly title: string; readonly detail: string }>>;
  /** Words within a lineage line and what a licence asks for. */
  readonly phrases: Readonly<Record<string, string>>;
  /** Verbs of a lineage's relations: `quantised` → `quantisiert`. */
  readonly verbs: Readonly<Record<string, string>>;
  /** Steps of verifying; `{receipt}` and `{job}` are filled in. */
  readonly howToVerify: readonly string[];
}
