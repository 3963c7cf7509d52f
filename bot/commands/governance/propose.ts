import { withAccounts } from "../../governance/account-names.ts";
import { kindCard, kindsCard } from "../../views/governance/kinds.ts";
import { errorNotice } from "../../views/notice.ts";
import { filled } from "../../words/catalogue.ts";
import { actorOf, type Command, namesOf, privately, wordsOf } from "../command.ts";
import { published } from "./card.ts";
import { readFields } from "./fields.ts";
import { placeOf } from "./place.ts";

/** Puts a change to the members; without a kind it lists what can be proposed. */
export const propose: Command = {
  name: "propose",
  summary: "Propose a change; without a kind: what can be proposed",
  options: [
    { name: "kind", summary: "What to change", type: "first", required: false },
    { name: "fields", summary: "What the kind asks for", type: "text", required: false },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const { kinds } = await context.pool.kinds();
    const asked = values.kind?.trim().toLowerCase() ?? "";
    const kind = kinds.find((one) => one.kind === asked);
    if (kind === undefined) return privately(kindsCard(kinds, words));
    const read = readFields(kind, values.fields ?? "", words);
    if (typeof read === "string") return privately(errorNotice("field_unknown", read));
    const missing = kind.fields.filter(({ name, required }) => required && !read.fields[name]);
    if (missing.length > 0) {
      const told = filled(words.gov_need_field, {
        kind: kind.kind,
        fields: missing.map(({ name, label }) => `${name} (${label})`).join(", "),
        example: missing.map(({ name }) => `${name}=…`).join(" "),
      });
      return privately(kindCard(kind, told, words));
    }
    const proposal = await context.pool.propose({
      actor: actorOf(context),
      requestKey: context.requestKey,
      place: placeOf(context),
      kind: kind.kind,
      fields: withAccounts(read.fields, namesOf(context)),
      ...(read.reason === "" ? {} : { reason: read.reason }),
    });
    return published(context, proposal);
  },
};
