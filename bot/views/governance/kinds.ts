import type { KindView } from "../../../protocol/wire/governance.ts";
import type { Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView, Row } from "../view.ts";

/** Everything that can be proposed, each with what it needs. */
export function kindsCard(kinds: readonly KindView[], words: Words): CardView {
  const rows = kinds.map(
    (kind): Row => ({
      term: kind.kind,
      detail: sanitiseLine(`${kind.title}: ${kind.words} ${kind.needs}`, 400),
      code: false,
    }),
  );
  return {
    kind: "card",
    id: "kinds",
    title: words.gov_kinds_title,
    line: words.gov_kinds_how,
    sections: [{ id: "kinds", title: words.gov_kinds_title, rows, lines: [], ordered: false }],
    actions: [],
    menus: [
      {
        id: "propose:kind",
        label: words.gov_kinds_title,
        choices: kinds.map((kind) => ({
          value: kind.kind,
          label: sanitiseLine(kind.title, 100),
          hint: sanitiseLine(kind.words, 100),
        })),
      },
    ],
  };
}

/** One kind and the values it asks for; `told` says what is missing. */
export function kindCard(kind: KindView, told: string, words: Words): CardView {
  const rows = kind.fields.map(
    ({ name, label, help }): Row => ({
      term: name,
      detail: sanitiseLine(help === "" ? label : `${label}. ${help}`, 400),
      code: false,
    }),
  );
  return {
    kind: "card",
    id: `kind:${kind.kind}`,
    title: sanitiseLine(kind.title, 100),
    line: sanitiseLine(told, 500),
    sections: [
      {
        id: "fields",
        title: sanitiseLine(kind.words, 200),
        rows,
        lines: [sanitiseLine(kind.needs, 400), words.gov_kinds_how],
        ordered: false,
      },
    ],
    actions: [],
  };
}
