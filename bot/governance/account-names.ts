import type { Names } from "../commands/command.ts";

/** Accounts as the pool writes them within a sentence; a dot or comma behind one is the sentence's. */
const ACCOUNT = /\b(?:discord:\d{15,21}|matrix:@[^\s,;()]*[^\s,;().])/g;

/** A sentence of the pool with people by the names that this door knows them by. */
export function withNames(text: string, names: Pick<Names, "nameOf">): string {
  return text.replace(ACCOUNT, (id) => names.nameOf("account", id));
}

/** What was typed for a kind's form, with whom it means by the id that the pool knows: a mention, a name or an id. */
export function withAccounts(
  fields: Readonly<Record<string, string>>,
  names: Pick<Names, "idOf">,
): Readonly<Record<string, string>> {
  const { member } = fields;
  if (member === undefined) return fields;
  return { ...fields, member: names.idOf("account", member.trim()) ?? member };
}
