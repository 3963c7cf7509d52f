import { withAccounts } from "../../governance/account-names.ts";
import { proposalsCard } from "../../views/governance/proposals.ts";
import { errorNotice } from "../../views/notice.ts";
import { filled } from "../../words/catalogue.ts";
import {
  actorOf,
  type Command,
  type CommandContext,
  namesOf,
  privately,
  wordsOf,
} from "../command.ts";
import { seen } from "./card.ts";
import { readFields } from "./fields.ts";
import { numberIn } from "./place.ts";

/** Lists what is open, or everything there ever was. */
export const proposals: Command = {
  name: "proposals",
  summary: "Open proposals and polls; add all for the past ones too",
  options: [{ name: "which", summary: "all, or words to look for", type: "text", required: false }],
  async run(context, values) {
    const which = values.which?.trim() ?? "";
    const asked =
      which === ""
        ? {}
        : which === "all"
          ? { state: "all" as const }
          : { state: "all" as const, text: which.slice(0, 100) };
    const found = await context.pool.proposals(asked);
    return privately(proposalsCard(found, wordsOf(context), namesOf(context)));
  },
};

/** Shows one proposal, or does something with it. */
export const proposal: Command = {
  name: "proposal",
  summary: "One proposal: what would change, who decides, when, the result",
  options: [
    { name: "number", summary: "Number of the proposal", type: "first", required: true },
    {
      name: "act",
      summary: "back, withdraw, hold, object, option, edit",
      type: "text",
      required: false,
    },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const number = numberIn(values.number);
    if (number === null) return privately(errorNotice("no_number", words.gov_need_number));
    const [, act = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*)$/.exec(values.act ?? "") ?? [];
    switch (act.toLowerCase()) {
      case "": {
        return seen(context, await context.pool.proposal(number, context.member));
      }
      case "back":
        return seen(context, await context.pool.actOn(number, "sponsors", actorOf(context)));
      case "withdraw":
        return seen(context, await context.pool.actOn(number, "withdraw", actorOf(context)));
      case "hold":
        return seen(context, await context.pool.actOn(number, "hold", actorOf(context)));
      case "object": {
        const reason = rest.trim().slice(0, 1000);
        if (reason === "") return privately(errorNotice("no_reason", words.gov_need_reason));
        return seen(context, await context.pool.objectTo(number, actorOf(context), reason));
      }
      case "option":
      case "edit":
        return written(context, number, act.toLowerCase(), rest);
      default:
        return privately(errorNotice("unknown_act", filled(words.gov_unknown_act, { act })));
    }
  },
};

async function written(context: CommandContext, number: number, act: string, typed: string) {
  const words = wordsOf(context);
  const [{ kinds }, { kind: name }] = await Promise.all([
    context.pool.kinds(),
    context.pool.proposal(number),
  ]);
  const kind = kinds.find((one) => one.kind === name) ?? {
    kind: name,
    fields: [],
    title: name,
    words: "",
    type: "",
    needs: "",
  };
  const read = readFields(kind, typed, words);
  if (typeof read === "string") return privately(errorNotice("field_unknown", read));
  const actor = actorOf(context);
  const fields = withAccounts(read.fields, namesOf(context));
  return seen(
    context,
    act === "option"
      ? await context.pool.addOption(number, actor, fields)
      : await context.pool.editProposal(
          number,
          actor,
          fields,
          read.reason === "" ? undefined : read.reason,
        ),
  );
}
