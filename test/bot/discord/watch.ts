import type { APIMessage, APIUser } from "discord-api-types/v10";
import type { Channel } from "../../support/discord/world.ts";
import type { FakeJob } from "../fake-pool.ts";
import { buttonsOf, type DiscordRoom } from "./room.ts";

/** What tests wait for in a room: messages that somebody sees, answers, jobs the pool is asked for. */
export interface Watch {
  /** The first message this user sees that `wanted` accepts, now or later. */
  sees(
    user: APIUser,
    wanted: (message: APIMessage) => boolean,
    channel?: Channel,
  ): Promise<APIMessage>;
  /** The message that shows an answer when it is done. */
  finalAnswer(jobId: string, user?: APIUser): Promise<APIMessage>;
  /** Waits until the pool was asked for one more job. */
  nextJob(act: () => unknown): Promise<FakeJob>;
}

export function watch(room: () => DiscordRoom): Watch {
  const sees: Watch["sees"] = (user, wanted, channel = room().channel) =>
    room().discord.until(() => room().seenBy(user, channel).find(wanted));
  return {
    sees,
    finalAnswer: (jobId, user = room().asker) =>
      sees(user, (m) => buttonsOf(m).includes(`where:${jobId}`)),
    async nextJob(act) {
      const { pool } = room();
      const known = pool.jobs().length;
      const made = new Promise<void>((resolve) => {
        pool.onJob = () => resolve();
      });
      act();
      await made;
      return pool.jobs()[known] as FakeJob;
    },
  };
}

/** True for messages that show this answer, in whatever state. */
export function shows(jobId: string) {
  return (message: APIMessage) => buttonsOf(message).some((id) => id.endsWith(jobId));
}
