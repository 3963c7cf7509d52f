import type { Transaction } from "kysely";
import type { Action, ActionKind, ActionOf, FormField } from "../../../protocol/wire/governance.ts";
import type { Database } from "../../storage/open.ts";
import type { Tables } from "../../storage/tables.ts";
import type { Rules } from "../constitution/book.ts";
import { governanceFailures } from "../failures.ts";
import { type Said, say, type Text } from "../words/say.ts";
import { inEnglish, type Unspoken } from "../words/speak.ts";
import type { KnownModels } from "./known-models.ts";

/** What a kind may look at while a proposal is written. */
export interface KindContext {
  readonly db: Database;
  readonly book: KnownModels;
  readonly rules: Rules;
  /** Where it is proposed: forms that name no place mean this one. */
  readonly community: string;
  readonly room: string;
}

/** One thing that would change, in plain words. */
export interface Change {
  readonly what: Text;
  readonly now: Text;
  readonly becomes: Text;
}

/** A field of a form, its label and help in no language yet. */
export type Field = Unspoken<FormField>;

/** An action that was written, and what it would change. */
export interface Drafted<A extends Action = Action> {
  readonly action: A;
  readonly title: Text;
  readonly changes: readonly Change[];
  /** What would be changed, as it is now: the effect is stale when it is another by then. */
  readonly expected: unknown;
}

/** What an action stands on when it takes effect. */
export interface EffectContext {
  readonly trx: Transaction<Tables>;
  readonly now: number;
  readonly proposalId: string;
  readonly number: number;
}

/** What was changed meanwhile; the effect does nothing. */
export class Stale extends Error {
  override name = "Stale";
  readonly said: Said;

  constructor(said: Said) {
    super(inEnglish(said));
    this.said = said;
  }
}

/**
 * A kind of proposal: its form, what it would change, and how it takes effect and is undone. `apply` and `undo`
 * run inside a transaction and throw Stale where what they change is not what they expect.
 */
export interface Kind<K extends ActionKind = ActionKind> {
  readonly kind: K;
  readonly fields: readonly Field[];
  /** Entries of the constitution that `type` can name, and polls of moderators. */
  readonly types: readonly string[];
  /** Entry of the constitution that governs this action; null: the usual one, for lists. */
  type(action: ActionOf<K> | null, context: KindContext | null): string;
  /** Reads a form. Throws ApiFailure `field_invalid`, `nothing_changes`, `invariant`. */
  draft(
    values: Readonly<Record<string, string>>,
    context: KindContext,
  ): Promise<Drafted<ActionOf<K>>>;
  /** Does it; returns what undoes it. Absent: there is nothing to do. */
  readonly apply?: (
    action: ActionOf<K>,
    expected: unknown,
    context: EffectContext,
  ) => Promise<unknown>;
  readonly undo?: (action: ActionOf<K>, inverse: unknown, context: EffectContext) => Promise<void>;
}

/** A field of a form; short ones are required unless said otherwise. */
export function field(
  name: string,
  label: Said,
  type: FormField["type"],
  more: Partial<Field> = {},
): Field {
  return { name, label, type, help: "", required: true, maxLength: 300, ...more };
}

/** The trimmed value of a field. Throws where a required one is missing or one is too long. */
export function fieldValue(
  fields: readonly Field[],
  values: Readonly<Record<string, string>>,
  name: string,
): string {
  const known = fields.find((each) => each.name === name) as Field;
  const value = (Object.hasOwn(values, name) ? (values[name] as string) : "").trim();
  if (value === "" && known.required) {
    throw governanceFailures.field(known.label, say("why_missing"));
  }
  if (value.length > known.maxLength) {
    throw governanceFailures.field(
      known.label,
      say("why_too_long", { chars: value.length, most: known.maxLength }),
    );
  }
  return value;
}
