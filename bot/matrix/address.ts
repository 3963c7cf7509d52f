import type { TextMessage } from "./events.ts";

/** Who the bot is in a room, and what the message stands below. */
export interface Circumstances {
  readonly botId: string;
  /** The bot's name in this room. */
  readonly displayName: string;
  /** The room is a conversation of this member and the bot. */
  readonly direct: boolean;
  /** The message answers one of ours, or is in a thread that began with a question to us. */
  readonly continues: boolean;
}

/** A line meant for us. `sure`: nobody else can be meant, so that a slip is worth an answer. */
export interface Addressed {
  readonly line: string;
  readonly sure: boolean;
}

/**
 * What a message asks of us, or null when it is none of our business. Ours is what starts with `!`, mentions
 * us, answers us, stands in a thread of ours, or is said in private. `!pool ask …` becomes `!ask …`.
 */
export function addressed(message: TextMessage, here: Circumstances): Addressed | null {
  const { body, mentions } = message;
  const said = withoutMention(body, here);
  const mentioned = mentions?.includes(here.botId) ?? said !== null;
  const line = (said ?? body).trim();
  if (mentioned || here.direct || here.continues) return { line, sure: true };
  if (!/^!\p{L}/u.test(line)) return null;
  return { line, sure: /^!pool(\s|$)/i.test(line) };
}

/** The text without our name at its start, as clients write it; null where it does not start so. */
function withoutMention(body: string, { botId, displayName }: Circumstances): string | null {
  const localpart = botId.slice(1).split(":")[0] ?? "";
  const names = [
    `[${displayName}](https://matrix.to/#/${botId})`,
    `[${displayName}](https://matrix.to/#/${encodeURIComponent(botId)})`,
    botId,
    `@${displayName}`,
    `@${localpart}`,
    displayName,
  ];
  const text = body.trimStart();
  for (const name of names) {
    if (name.length < 2 || !text.toLowerCase().startsWith(name.toLowerCase())) continue;
    const rest = text.slice(name.length);
    // `The Substrate is nice` is about us, not to us: a bare name needs its colon or comma.
    const bare = name === displayName;
    const match = bare ? /^\s*[:,]\s*/.exec(rest) : /^(?:\s*[:,]\s*|\s+|$)/.exec(rest);
    if (match) return rest.slice(match[0].length);
  }
  return null;
}
