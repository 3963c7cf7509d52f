import type { APIMessage, APIUser } from "discord-api-types/v10";
import type { Interaction } from "../../support/discord/interactions.ts";
import type { DiscordRoom } from "./room.ts";

/** What members do with cards, and what comes of it. */
export function acts(room: () => DiscordRoom) {
  return {
    /** The next message this user sees that was not there before. */
    async answerTo(
      user: APIUser,
      act: () => unknown,
      channel = room().channel,
    ): Promise<APIMessage> {
      const { discord, seenBy } = room();
      const known = new Set(seenBy(user, channel).map(({ id }) => id));
      act();
      return discord.until(() => seenBy(user, channel).find(({ id }) => !known.has(id)));
    },
    /** The form that an interaction opens. */
    formOf(interaction: Interaction): Promise<Record<string, unknown>> {
      return room().discord.until(() =>
        interaction.answered?.type === 9 ? interaction.answered.data : undefined,
      );
    },
  };
}
