import type { RulesView } from "../../../protocol/wire/governance.ts";
import type { Names } from "../../commands/command.ts";
import { withNames } from "../../governance/account-names.ts";
import { filled, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView } from "../view.ts";

/** The constitution in plain words: its sections, what no vote can change, the digest receipts name. */
export function rulesCard(rules: RulesView, words: Words, names: Pick<Names, "nameOf">): CardView {
  const section = (id: string, title: string, lines: readonly string[]) => ({
    id,
    title: sanitiseLine(title, 120),
    rows: [],
    lines: lines.map((line) => sanitiseLine(withNames(line, names), 600)),
    ordered: false,
  });
  return {
    kind: "card",
    id: "rules",
    title: filled(words.gov_rules_title, { version: String(rules.version) }),
    line: rules.founding.over ? null : sanitiseLine(rules.founding.words, 400),
    sections: [
      ...rules.sections.map(({ title, lines }, at) => section(`rules-${at}`, title, lines)),
      section(
        "invariants",
        words.gov_invariants,
        rules.invariants.map((each) => each.words),
      ),
      {
        id: "digest",
        title: words.gov_rules_digest,
        rows: [{ term: words.gov_rules_digest, detail: rules.digest, code: true }],
        lines: [],
        ordered: false,
      },
    ],
    actions: [],
  };
}
