import { type APIMessage, type REST, Routes } from "discord.js";
import type { AnswerJournal } from "./journal.ts";
import { isNoAccess } from "./write/place.ts";

/** Looks up which answer a message shows. */
export interface OwnMessages {
  /** Job of the answer in a message; walks up replies of other people, at most 25. */
  jobOf(channelId: string, messageId: string): Promise<string | null>;
  /** Job shown in a message given in full. */
  jobIn(message: MessageParts): Promise<string | null>;
  /** Jobs of the answers in a channel, newest first. */
  recentJobs(channelId: string, userId: string): Promise<string[]>;
}

/** What is needed of a message to find its answer. */
interface MessageParts {
  readonly id: string;
  readonly channel_id: string;
  readonly author: { readonly id: string };
  readonly components?: unknown;
  readonly message_reference?: { readonly message_id?: string | undefined } | undefined;
}

const LONGEST_WALK = 25;
const BUTTON = /^(?:where|again|stop|export|thread|show|report):([0-9a-f-]{36})$/;

export function ownMessages(rest: REST, botId: string, journal: AnswerJournal): OwnMessages {
  async function read(channelId: string, messageId: string): Promise<APIMessage | null> {
    try {
      return (await rest.get(Routes.channelMessage(channelId, messageId))) as APIMessage;
    } catch (error) {
      const code = (error as { code?: unknown }).code;
      if (code === 10008 || isNoAccess(error)) return null;
      throw error;
    }
  }

  async function list(channelId: string, query: string): Promise<APIMessage[]> {
    try {
      const params = new URLSearchParams(query);
      return (await rest.get(Routes.channelMessages(channelId), { query: params })) as APIMessage[];
    } catch (error) {
      if (isNoAccess(error)) return [];
      throw error;
    }
  }

  async function jobIn(message: MessageParts): Promise<string | null> {
    const known = journal.find(message.id)?.jobId;
    if (known) return known;
    if (message.author.id !== botId) return null;
    const shown = jobInButtons(message.components);
    if (shown) return shown;
    // Only the last message of a long answer carries buttons: it follows within a few messages.
    const next = await list(message.channel_id, `after=${message.id}&limit=5`);
    const later = next.filter(({ author }) => author.id === botId).reverse();
    for (const one of later) {
      const job = jobInButtons(one.components);
      if (job) return job;
    }
    return null;
  }

  return {
    jobIn,
    async jobOf(channelId, messageId) {
      let at: string | undefined = messageId;
      for (let step = 0; at !== undefined && step < LONGEST_WALK; step++) {
        const known = journal.find(at)?.jobId;
        if (known) return known;
        const message = await read(channelId, at);
        if (!message) return null;
        const job = await jobIn(message);
        if (job) return job;
        at = message.message_reference?.message_id;
      }
      return null;
    },
    async recentJobs(channelId, userId) {
      const known = journal.recentJobs(channelId, userId);
      if (known.length > 0) return known;
      const messages = await list(channelId, "limit=50");
      const jobs = messages
        .filter(({ author }) => author.id === botId)
        .map(({ components }) => jobInButtons(components))
        .filter((job) => job !== null);
      return [...new Set(jobs)];
    },
  };
}

/** Job that the buttons below an answer name. */
function jobInButtons(components: unknown): string | null {
  if (!Array.isArray(components)) return null;
  for (const part of components as { custom_id?: string; components?: unknown }[]) {
    const found = BUTTON.exec(part.custom_id ?? "")?.[1] ?? jobInButtons(part.components);
    if (found) return found;
  }
  return null;
}
