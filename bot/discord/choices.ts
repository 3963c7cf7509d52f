import type { PoolClient } from "../pool/client.ts";
import { PoolError } from "../pool/errors.ts";
import { sanitiseLine } from "../views/text/sanitise.ts";
import { LANGUAGES, type Words } from "../words/catalogue.ts";

/** A choice as Discord shows it below a half-typed option. */
export interface Choice {
  /** At most 100 characters. */
  readonly name: string;
  readonly value: string;
}

/** An option that somebody is typing in. */
export interface HalfTyped {
  /** With its subcommand: `pool nodes`. */
  readonly command: string;
  readonly option: string;
  readonly typed: string;
  /** The setting that a value is for. */
  readonly setting: string | null;
  readonly words: Words;
}

/** What a half-typed option offers; nothing when the pool does not answer in time. */
export type Choices = (asked: HalfTyped) => Promise<Choice[]>;

/** Discord waits three seconds for choices. */
const PATIENCE_MS = 2000;
const MOST = 25;

type Source = "models" | "kinds" | "proposals" | "nodes" | "values";

/** Options by name, then by command and name. */
const SOURCES: Readonly<Record<string, Source>> = {
  model: "models",
  "propose kind": "kinds",
  "proposal number": "proposals",
  "vote number": "proposals",
  "pool nodes node": "nodes",
  "pool settings value": "values",
};

/** Where the choices of an option come from; null for one that is typed without help. */
export function choicesOf(command: string, option: string): Source | null {
  return SOURCES[`${command} ${option}`] ?? SOURCES[option] ?? null;
}

/** The pool's models, nodes, kinds of proposals, open proposals and values of settings, kept for a while. */
export function poolChoices(pool: PoolClient, now: () => number = Date.now): Choices {
  const known = new Map<string, Sources>();
  // What the pool says itself it says in the reader's language.
  const sourcesIn = ({ locale }: Words): Sources => {
    const sources = known.get(locale) ?? sourcesOf(pool.speaking(locale), now);
    known.set(locale, sources);
    return sources;
  };
  const offered = (source: Source, { setting, words }: HalfTyped): Promise<Choice[]> => {
    if (source !== "values") return sourcesIn(words)[source]();
    return setting === "default_model"
      ? sourcesIn(words).models()
      : Promise.resolve(values(setting, words));
  };
  return async (asked) => {
    const source = choicesOf(asked.command, asked.option);
    if (source === null) return [];
    const wanted = asked.typed.trim().toLowerCase();
    return (await offered(source, asked))
      .filter(({ name, value }) => name.toLowerCase().includes(wanted) || value.startsWith(wanted))
      .slice(0, MOST);
  };
}

type Sources = Readonly<Record<Exclude<Source, "values">, () => Promise<Choice[]>>>;

function sourcesOf(pool: PoolClient, now: () => number): Sources {
  return {
    models: kept(() => models(pool), 30_000, now),
    nodes: kept(() => nodes(pool), 2000, now),
    kinds: kept(() => kinds(pool), 30_000, now),
    // A proposal that was just made is looked for at once.
    proposals: kept(() => proposals(pool), 2000, now),
  };
}

async function models(pool: PoolClient): Promise<Choice[]> {
  return (await pool.models()).models.map(({ sha256, name, lineage, nodesOnline }) => {
    const line = lineage.line.startsWith(name) ? lineage.line : `${name} · ${lineage.line}`;
    return choice(nodesOnline > 0 ? line : `${line} · no node online`, sha256);
  });
}

/** A reason may follow the name. */
async function nodes(pool: PoolClient): Promise<Choice[]> {
  return (await pool.pool()).nodes.map(({ name }) => choice(name, name));
}

/** Settings that take one of a few values. */
function values(setting: string | null, words: Words): Choice[] {
  const unset = choice(words.set_default, "default");
  switch (setting) {
    case "privacy":
      return [...PRIVACY.map((one) => choice(words[`value_${one}`], one)), unset];
    case "language":
      return [
        ...LANGUAGES.map((tag) => {
          return choice(new Intl.DisplayNames(tag, { type: "language" }).of(tag) ?? tag, tag);
        }),
        unset,
      ];
    default:
      return setting === null ? [] : [unset];
  }
}

const PRIVACY = ["own", "trusted", "open"] as const;

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
