import type { Erased } from "../../../protocol/wire/members.ts";
import { counted, filled, numberIn, type Words } from "../../words/catalogue.ts";
import type { Action, CardView, Row } from "../view.ts";

/** How much the pool keeps of a person, over all their accounts. */
export interface KeptData {
  /** Questions whose words are kept. */
  readonly questions: number;
  /** Questions whose words are gone. */
  readonly erased: number;
  /** False: there are older questions than were counted. */
  readonly complete: boolean;
  readonly reports: number;
  readonly proposals: number;
  readonly ballots: number;
}

/** What is kept of a member, and what they can do about it. `copies`: what becomes of messages in the room. */
export function dataCard(kept: KeptData, command: string, copies: string, words: Words): CardView {
  const row = (term: string, n: number, more = ""): Row => ({
    term,
    detail: numberIn(words, n) + more,
    code: false,
  });
  const actions = [
    action("data:save", words.data_save),
    action("data:erase", `${words.data_erase} …`),
  ];
  return {
    kind: "card",
    id: "data",
    title: words.data_title,
    line: words.data_line,
    sections: [
      {
        id: "kept",
        title: words.data_title,
        rows: [
          row(words.data_questions, kept.questions, kept.complete ? "" : "+"),
          row(words.data_gone, kept.erased),
          row(words.data_reports, kept.reports),
          row(words.data_proposals, kept.proposals),
          row(words.data_ballots, kept.ballots),
        ],
        lines: [words.data_stays, copies],
        ordered: false,
      },
      typed(filled(words.data_type, { command }), words),
    ],
    actions,
  };
}

/** Asks once more: what is erased cannot be brought back. */
export function eraseCard(command: string, copies: string, words: Words): CardView {
  return {
    kind: "card",
    id: "data",
    title: words.data_erase_title,
    line: words.data_erase_means,
    sections: [
      {
        id: "stays",
        title: words.data_erase_title,
        rows: [],
        lines: [words.data_stays, copies],
        ordered: false,
      },
      typed(filled(words.data_erase_type, { command }), words),
    ],
    actions: [action("data:erase:yes", words.data_erase)],
  };
}

/** What is gone now. */
export function erasedCard({ questions, stopped }: Erased, copies: string, words: Words): CardView {
  const also = stopped === 0 ? [] : [counted(words, words.data_stopped, stopped)];
  return {
    kind: "card",
    id: "data",
    title: words.data_erased_title,
    line: counted(words, words.data_erased, questions),
    sections: [
      {
        id: "stays",
        title: words.data_erased_title,
        rows: [],
        lines: [...also, words.data_stays, copies],
        ordered: false,
      },
    ],
    actions: [],
  };
}

function typed(line: string, words: Words) {
  const lines = [line];
  return {
    id: "how",
    title: words.data_how,
    rows: [],
    lines,
    ordered: false,
    typing: true,
  } as const;
}

function action(id: string, label: string): Action {
  return { id, label, member: null };
}
