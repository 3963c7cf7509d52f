import { PoolError } from "../pool/errors.ts";
import { memberCard } from "../views/community/member.ts";
import { voiceSection } from "../views/governance/voice.ts";
import { type Command, namesOf, privately, wordsOf } from "./command.ts";

/** What the member has asked and has left, how it is earned, linked accounts and own machines. */
export const me: Command = {
  name: "me",
  summary: "What you have asked and have left today, your accounts and machines",
  options: [],
  async run(context) {
    const { pool, member, community, room, parentRoom } = context;
    const [told, standing] = await Promise.all([
      pool.member(member, { community, room: parentRoom ?? room }),
      pool.standing(member).catch(unlessRefused),
    ]);
    const words = wordsOf(context);
    const card = memberCard(told, words, namesOf(context));
    if (standing === null) return privately(card);
    return privately({ ...card, sections: [...card.sections, voiceSection(standing, words)] });
  },
};

/** What one has asked is told also where the pool will not say who votes. */
function unlessRefused(error: unknown): null {
  if (error instanceof PoolError) return null;
  throw error;
}
