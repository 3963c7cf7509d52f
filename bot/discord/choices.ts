import type { PoolClient } from "../pool/client.ts";
import { PoolError } from "../pool/errors.ts";
import { sanitiseLine } from "../views/text/sanitise.ts";

/** A choice as Discord shows it below a half-typed option. */
export interface Choice {
  /** At most 100 characters. */
  readonly name: string;
  readonly value: string;
}

/** What a half-typed option of a command offers; nothing when the pool does not answer in time. */
export type Choices = (command: string, option: string, typed: string) => Promise<Choice[]>;

/** Discord waits three seconds for choices. */
const PATIENCE_MS = 2000;
const MOST = 25;

type Source = "models" | "kinds" | "proposals";

/** Options by name, then by command and name. */
const SOURCES: Readonly<Record<string, Source>> = {
  model: "models",
  "propose kind": "kinds",
  "proposal number": "proposals",
  "vote number": "proposals",
};

/** Where the choices of an option come from; null for one that is typed without help. */
export function choicesOf(command: string, option: string): Source | null {
  return SOURCES[`${command} ${option}`] ?? SOURCES[option] ?? null;
}

/** The pool's models, kinds of proposals and open proposals for autocomplete, kept for a while. */
export function poolChoices(pool: PoolClient, now: () => number = Date.now): Choices {
  const sources: Readonly<Record<Source, () => Promise<Choice[]>>> = {
    models: kept(() => models(pool), 30_000, now),
    kinds: kept(() => kinds(pool), 30_000, now),
    // A proposal that was just made is looked for at once.
    proposals: kept(() => proposals(pool), 2000, now),
  };
  return async (command, option, typed) => {
    const source = choicesOf(command, option);
    if (source === null) return [];
    const wanted = typed.trim().toLowerCase();
    return (await sources[source]())
      .filter(({ name, value }) => name.toLowerCase().includes(wanted) || value.startsWith(wanted))
      .slice(0, MOST);
  };
}

async function models(pool: PoolClient): Promise<Choice[]> {
  return (await pool.models()).models.map(({ sha256, name, lineage, nodesOnline }) => {
    const line = lineage.line.startsWith(name) ? lineage.line : `${name} · ${lineage.line}`;
    return choice(nodesOnline > 0 ? line : `${line} · no node online`, sha256);
  });
}

async function kinds(pool: PoolClient): Promise<Choice[]> {
  return (await pool.kinds()).kinds.map(({ kind, title }) => choice(`${kind} · ${title}`, kind));
}

async function proposals(pool: PoolClient): Promise<Choice[]> {
  return (await pool.proposals({ state: "open" })).proposals.map(({ number, title, stateWords }) =>
    choice(`${number} · ${stateWords} · ${title}`, String(number)),
  );
}

function choice(name: string, value: string): Choice {
  return { name: sanitiseLine(name, 100).slice(0, 100).toWellFormed(), value };
}

/** What was fetched less than `freshMs` ago; older where the pool does not answer, at first nothing. */
function kept(fetch: () => Promise<Choice[]>, freshMs: number, now: () => number) {
  let known: { readonly atMs: number; readonly choices: Choice[] } | null = null;
  async function fetched(): Promise<Choice[]> {
    try {
      const choices = await fetch();
      known = { atMs: now(), choices };
      return choices;
    } catch (error) {
      if (error instanceof PoolError) return known?.choices ?? [];
      throw error;
    }
  }
  return async (): Promise<Choice[]> => {
    if (known !== null && now() - known.atMs <= freshMs) return known.choices;
    const late = new Promise<Choice[]>((done) => {
      setTimeout(() => done(known?.choices ?? []), PATIENCE_MS).unref();
    });
    return Promise.race([fetched(), late]);
  };
}
