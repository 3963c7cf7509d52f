import { policyKeys } from "../../../protocol/wire/policy.ts";
import type { Language } from "../../../protocol/words/languages.ts";
import { communityScope, POOL_SCOPE, roomScope } from "../../policy/scope.ts";
import type { ModelBook } from "../../pool/model-book.ts";
import type { Database } from "../../storage/open.ts";
import { currentRules } from "../constitution/book.ts";
import { everyRule, ruleName } from "../constitution/lint.ts";
import { titleOf } from "../proposals/title.ts";
import { say } from "../words/say.ts";
import { spokenAll, type Unspoken } from "../words/speak.ts";
import { clipped } from "../written.ts";

const AT_MOST = 25;

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What a form can offer for a field, for autocomplete: those that contain the text typed so far. */
export async function choices(
  { db, book }: { readonly db: Database; readonly book: ModelBook },
  query: {
    readonly type: string;
    readonly text?: string;
    readonly community?: string;
    readonly room?: string;
    readonly of?: string;
  },
  language: Language,
): Promise<Choice[]> {
  const wanted = (query.text ?? "").trim().toLowerCase();
  const offered = spokenAll<Choice[]>(language, await candidates(db, book, query));
  const found = offered.filter(
    ({ value, label }) =>
      label.toLowerCase().includes(wanted) || value.toLowerCase().includes(wanted),
  );
  // Platforms take labels of at most 100 characters.
  return found.slice(0, AT_MOST).map(({ value, label }) => ({ value, label: clipped(label, 100) }));
}

async function candidates(
  db: Database,
  book: ModelBook,
  { type, community, room, of }: Parameters<typeof choices>[1],
): Promise<Unspoken<Choice[]>> {
  switch (type) {
    case "model":
      return (await book.all()).map(({ sha256, name }) => ({
        value: sha256,
        label: `${name} (${sha256.slice(0, 8)})`,
      }));
    case "node": {
      const rows = await db.selectFrom("node").select(["key_id", "name"]).orderBy("name").execute();
      return rows.map(({ key_id, name }) => ({
        value: key_id,
        label: `${name} (${key_id.slice(7, 15)})`,
      }));
    }
    case "setting":
      return policyKeys.map((key) => ({ value: key, label: say(`setting_${key}`) }));
    case "scope":
      return [
        ...(room === undefined || community === undefined
          ? []
          : [{ value: roomScope(community, room), label: say("choice_room") }]),
        ...(community === undefined
          ? []
          : [{ value: communityScope(community), label: say("choice_community") }]),
        { value: POOL_SCOPE, label: say("choice_pool") },
      ];
    case "rule": {
      const rules = await currentRules(db);
      return everyRule(rules.constitution).map(([path, value]) => ({
        value: path,
        label: say("choice_rule", { rule: ruleName(path), value: JSON.stringify(value) }),
      }));
    }
    case "value": {
      const rules = await currentRules(db);
      const rule = everyRule(rules.constitution).find(([path]) => path === of);
      return rule === undefined
        ? []
        : [
            {
              value: JSON.stringify(rule[1]),
              label: say("choice_now", { value: JSON.stringify(rule[1]) }),
            },
          ];
    }
    case "proposal": {
      const rows = await db
        .selectFrom("proposal")
        .select(["number", "title", "title_said"])
        .orderBy("number", "desc")
        .limit(200)
        .execute();
      return rows.map((row) => ({
        value: String(row.number),
        label: say("choice_proposal", { number: `${row.number}`, title: titleOf(row) }),
      }));
    }
    default:
      return [];
  }
}
