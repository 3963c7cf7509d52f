import type { ModelBook, NamedModel } from "../../pool/model-book.ts";

/** The pool's models as they are when somebody proposes. */
export interface KnownModels {
  all(): Promise<readonly NamedModel[]>;
  /** What a person meant by a digest, id or name; null when it means nothing here. */
  resolve(wanted: string): Promise<NamedModel | null>;
}

/**
 * Looks models up before a transaction begins: inside one the book's own reads would wait for it where the database
 * has a single connection (PGlite), and it for them. `wanted`: the names that will be asked for.
 */
export async function knownModels(
  book: ModelBook,
  wanted: readonly (string | undefined)[],
): Promise<KnownModels> {
  const all = await book.all();
  const found = new Map<string, NamedModel | null>();
  for (const name of wanted) {
    if (name !== undefined) found.set(name.trim(), await book.resolve(name.trim()));
  }
  return {
    all: async () => all,
    resolve: async (name) => found.get(name.trim()) ?? null,
  };
}
