import type { PoolClient } from "../pool/client.ts";
import { PoolError } from "../pool/errors.ts";

/** A choice as Discord shows it below a half-typed option. */
export interface ModelChoice {
  readonly name: string;
  readonly value: string;
}

const FRESH_MS = 30_000;
/** Discord waits three seconds for choices. */
const PATIENCE_MS = 2000;
const MOST = 25;

/** The pool's models for autocomplete, kept for half a minute; an empty list when the pool does not answer. */
export function modelChoices(pool: PoolClient, now: () => number = Date.now) {
  let known: { readonly atMs: number; readonly choices: ModelChoice[] } | null = null;

  async function fetched(): Promise<ModelChoice[]> {
    const { models } = await pool.models();
    const choices = models.map(({ sha256, name, lineage, nodesOnline }) => {
      const line = lineage.line.startsWith(name) ? lineage.line : `${name} · ${lineage.line}`;
      const shown = nodesOnline > 0 ? line : `${line} · no node online`;
      return { name: shown.slice(0, 100).toWellFormed(), value: sha256 };
    });
    known = { atMs: now(), choices };
    return choices;
  }

  return async (typed: string): Promise<ModelChoice[]> => {
    const stale = known === null || now() - known.atMs > FRESH_MS;
    const waiting = stale
      ? fetched().catch((error: unknown) => {
          if (error instanceof PoolError) return known?.choices ?? [];
          throw error;
        })
      : known?.choices;
    const late = new Promise<ModelChoice[]>((done) => {
      setTimeout(() => done(known?.choices ?? []), PATIENCE_MS).unref();
    });
    const choices = await Promise.race([waiting ?? [], late]);
    const wanted = typed.trim().toLowerCase();
    return choices
      .filter(({ name, value }) => name.toLowerCase().includes(wanted) || value.startsWith(wanted))
      .slice(0, MOST);
  };
}
