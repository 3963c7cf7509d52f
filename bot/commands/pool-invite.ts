import { inviteCard } from "../views/community/invite.ts";
import { errorNotice } from "../views/notice.ts";
import type { Words } from "../words/catalogue.ts";
import { actorOf, type Command, namesOf, privately, wordsOf } from "./command.ts";

const TRUST = ["own", "trusted", "open"] as const;

/** Makes the one command with which a volunteer's machine joins; shown to the moderator alone, once. */
export const poolInvite: Command = {
  name: "pool invite",
  summary: "For moderators: the one command that brings a volunteer's machine in",
  options: [
    { name: "owner", summary: "Member whose machine it is", type: "word", required: false },
    {
      name: "trust",
      summary: "own, trusted or open",
      type: "first",
      required: false,
      choices: TRUST.map((trust) => ({ value: trust, word: `trust_${trust}` as const })),
    },
    { name: "note", summary: "For the list", type: "text", required: false },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const names = namesOf(context);
    const typed = values.trust?.toLowerCase() ?? "";
    const trust = trustMeant(typed, words);
    if (typed !== "" && !trust) {
      return privately(errorNotice("bad_trust", words.invite_bad_trust));
    }
    const owner = values.owner ? names.idOf("account", values.owner) : context.member;
    const { account, moderator, roles } = actorOf(context);
    const made = await context.pool.invite({
      actor: { account, moderator, roles },
      community: context.community,
      trust: trust ?? "open",
      ...(owner === null ? {} : { owner }),
      ...(values.note?.trim() ? { note: values.note.trim().slice(0, 200) } : {}),
    });
    return privately(inviteCard(made, words, names));
  },
};

/** The trust that one typed word means: its English name, or a word of what the language calls it. */
export function trustMeant(typed: string, words: Words): (typeof TRUST)[number] | undefined {
  const called = (trust: (typeof TRUST)[number]) =>
    words[`trust_${trust}`].toLowerCase().split(" ");
  return TRUST.find((one) => one === typed) ?? TRUST.find((one) => called(one).includes(typed));
}
