import { memberCard } from "../views/community/member.ts";
import { type Command, namesOf, privately, wordsOf } from "./command.ts";

/** What the member has asked and has left, how it is earned, linked accounts and own machines. */
export const me: Command = {
  name: "me",
  summary: "What you have asked and have left today, your accounts and machines",
  options: [],
  async run(context) {
    const { pool, member, community, room, parentRoom } = context;
    const told = await pool.member(member, { community, room: parentRoom ?? room });
    return privately(memberCard(told, wordsOf(context), namesOf(context)));
  },
};
