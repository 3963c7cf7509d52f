import type { Action } from "../../../protocol/wire/governance.ts";
import type { PolicyKey } from "../../../protocol/wire/policy.ts";
import { ApiFailure } from "../../errors.ts";
import { effectivePolicy } from "../../policy/effective.ts";
import { placeOf } from "../../policy/scope.ts";
import { setPolicy } from "../../policy/set.ts";
import type { Database } from "../../storage/open.ts";
import { governanceFailures } from "../failures.ts";
import { say } from "../words/say.ts";
import { type Drafted, type EffectContext, type KindContext, Stale } from "./kind.ts";
import { settingName, settingWords } from "./setting-words.ts";

/** Characters of a text that a title quotes. */
const MOST_OF_TITLE = 120;

/** One setting in one place, and the value to stand there. */
export interface Setting {
  readonly scope: string;
  readonly key: PolicyKey;
  readonly value: unknown;
}

/** What a row was: null where the wider place's value held. */
interface SettingBefore extends Omit<Setting, "value"> {
  readonly before: { readonly value: unknown } | null;
  readonly set: unknown;
}

/** A draft that sets one setting. Throws `nothing_changes`. */
export async function draftSetting<A extends Action>(
  action: A,
  { scope, key, value }: Setting,
  { db, book }: Pick<KindContext, "db" | "book">,
): Promise<Drafted<A>> {
  const present = await presentValue(db, scope, key);
  const models = new Map((await book.all()).map((model) => [model.sha256, model.name]));
  const words = (value: unknown, most?: number) =>
    settingWords(key, value, (sha256) => models.get(sha256) ?? sha256.slice(0, 12), most);
  const name = settingName(key, scope);
  if (JSON.stringify(present) === JSON.stringify(value)) {
    throw governanceFailures.nothingChanges(
      say("same_setting", { setting: name, value: words(present) }),
    );
  }
  return {
    action,
    title: say("title_setting", { setting: name, value: words(value, MOST_OF_TITLE) }),
    changes: [{ what: name, now: words(present), becomes: words(value) }],
    expected: present,
  };
}

/** The value that holds in a place now. */
export async function presentValue(db: Database, scope: string, key: PolicyKey): Promise<unknown> {
  return (await effectivePolicy(db, placeOf(scope))).values[key];
}

/** Sets it, with what was there as the inverse. Throws Stale. */
export async function applySetting(
  { scope, key, value }: Setting,
  expected: unknown,
  { trx, now, number }: EffectContext,
): Promise<SettingBefore> {
  const row = await trx
    .selectFrom("policy")
    .select("value")
    .where("scope", "=", scope)
    .where("key", "=", key)
    .executeTakeFirst();
  await orStale(() =>
    setPolicy(trx, { scope, key, value, expected, by: { kind: "vote", proposal: number }, now }),
  );
  return { scope, key, before: row === undefined ? null : { value: row.value }, set: value };
}

/** Puts back what was there. Throws Stale where it was changed again. */
export async function undoSetting(inverse: unknown, context: EffectContext): Promise<void> {
  const { scope, key, before, set } = inverse as SettingBefore;
  const { trx, now, number } = context;
  await orStale(() =>
    setPolicy(trx, {
      ...{ scope, key, now, expected: set },
      value: before === null ? undefined : before.value,
      by: { kind: "vote", proposal: number },
    }),
  );
}

async function orStale(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof ApiFailure) throw new Stale(say("stale_setting"));
    throw error;
  }
}
