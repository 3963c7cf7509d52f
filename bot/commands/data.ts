import type { MemberData } from "../../protocol/wire/members.ts";
import { dataCard, eraseCard, erasedCard, type KeptData } from "../views/community/data.ts";
import { errorNotice } from "../views/notice.ts";
import { filled } from "../words/catalogue.ts";
import { type Command, privately, wordsOf } from "./command.ts";
import { nameIn } from "./names.ts";

/** Shows a member what is kept of them, hands it out as a file, and has it erased once they said so twice. */
export const data: Command = {
  name: "data",
  summary: "What is kept of you: see it, save it, have it erased",
  options: [
    {
      name: "act",
      summary: "save or erase; empty: shows what is kept",
      type: "first",
      required: false,
      choices: [
        { value: "save", word: "data_save_word" },
        { value: "erase", word: "data_erase_word" },
      ],
    },
    {
      name: "sure",
      summary: "yes, to erase for good",
      type: "text",
      required: false,
      choices: [{ value: "yes", word: "button_yes" }],
    },
  ],
  async run(context, values) {
    const { pool, member, files = false } = context;
    const words = wordsOf(context);
    const command = nameIn(words, data);
    const copies = context.keepsMessages ? words.data_room : words.data_copies;
    const is = (typed: string | undefined, meant: string, word: string) =>
      [meant, word.toLowerCase()].includes(typed?.trim().toLowerCase() ?? "");
    const { act = "" } = values;
    if (is(act, "erase", words.data_erase_word)) {
      const sure = is(values.sure, "yes", words.button_yes);
      if (!sure) return privately(eraseCard(command, copies, words));
      const erased = await pool.eraseMember(member);
      return { ...privately(erasedCard(erased, copies, words)), erased: true };
    }
    const save = is(act, "save", words.data_save_word);
    if (act !== "" && !save) {
      return privately(errorNotice("unknown_act", filled(words.data_act_unknown, { command })));
    }
    const kept = await pool.memberData(member);
    const card = dataCard(countsOf(kept), command, copies, words);
    if (!save || !files) return privately(card);
    const bytes = new TextEncoder().encode(`${JSON.stringify(kept, null, 2)}\n`);
    const file = { name: "my-data.json", type: "application/json", bytes };
    return { ...privately(card), file };
  },
};

/** What a button of these cards stands for; null when the id is another's. */
export function dataPressed(id: string) {
  const [, act, sure] = /^data:(save|erase)(?::(yes))?$/.exec(id) ?? [];
  return act === undefined ? null : { command: data, values: { act, sure } };
}

function countsOf({ questions, reports, governance, complete }: MemberData): KeptData {
  const erased = questions.filter(({ erasedAt }) => erasedAt !== null).length;
  const { proposals, ballots } = governance;
  return {
    ...{ questions: questions.length - erased, erased, complete, reports: reports.length },
    ...{ proposals: proposals.length, ballots: ballots.cast.length },
  };
}
