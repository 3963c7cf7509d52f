/** A room event as the door works with it: already decrypted, nothing of it trusted. */
export interface RoomEvent {
  readonly id: string;
  readonly room: string;
  readonly sender: string;
  readonly type: string;
  /** Null for what is no state. */
  readonly stateKey: string | null;
  /** Of a redaction always with `redacts`, which stood beside the content before room version 11. */
  readonly content: Readonly<Record<string, unknown>>;
  /** True when the keys to read it are missing. */
  readonly unreadable: boolean;
}

/** How an event stands to others; malformed parts count as absent. */
export interface Relation {
  /** Root of the thread it is in. */
  readonly thread: string | null;
  /** The event it answers; not the one that clients without threads are given instead. */
  readonly replyTo: string | null;
  /** The event it replaces. */
  readonly replaces: string | null;
}

/** A message that somebody wrote. */
export interface TextMessage {
  readonly body: string;
  readonly relation: Relation;
  /** Users it names (`m.mentions`); null where the client does not say. */
  readonly mentions: readonly string[] | null;
}

/** A sign put below an event. */
export interface Reaction {
  readonly target: string;
  readonly key: string;
}

/** Longest body that is read, characters; the pool refuses long before. */
const LONGEST = 200_000;

/** Reads a text message; null for notices, pictures, edits' carriers without text, and what has no shape. */
export function textIn({ type, content }: RoomEvent): TextMessage | null {
  if (type !== "m.room.message" || content.msgtype !== "m.text") return null;
  if (typeof content.body !== "string") return null;
  const relation = relationIn(content);
  const body = relation.replyTo === null ? content.body : withoutFallback(content.body);
  return { body: body.slice(0, LONGEST), relation, mentions: mentionsIn(content) };
}

/** Reads a reaction; null when it is none. Variation selectors do not tell signs apart. */
export function reactionIn({
  type,
  content,
}: Pick<RoomEvent, "type" | "content">): Reaction | null {
  const about = record(content["m.relates_to"]);
  if (type !== "m.reaction" || about?.rel_type !== "m.annotation") return null;
  const { event_id: target, key } = about;
  if (!isEventId(target) || typeof key !== "string") return null;
  return { target, key: key.replaceAll("\ufe0f", "").slice(0, 64) };
}

/** The event that a redaction takes away; null when it is none. */
export function redactionIn({ type, content }: RoomEvent): string | null {
  return type === "m.room.redaction" && isEventId(content.redacts) ? content.redacts : null;
}

export function relationIn(content: RoomEvent["content"]): Relation {
  const about = record(content["m.relates_to"]) ?? {};
  const id = isEventId(about.event_id) ? about.event_id : null;
  const reply = record(about["m.in_reply_to"])?.event_id;
  const inThread = about.rel_type === "m.thread" && id !== null;
  const isFallback = inThread && about.is_falling_back === true;
  return {
    thread: inThread ? id : null,
    replyTo: isEventId(reply) && !isFallback ? reply : null,
    replaces: about.rel_type === "m.replace" ? id : null,
  };
}

/** A plain object, or null. */
export function record(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Event ids are opaque but for their first letter and length. */
export function isEventId(value: unknown): value is string {
  return typeof value === "string" && value.startsWith("$") && value.length <= 255;
}

function mentionsIn(content: RoomEvent["content"]): string[] | null {
  const mentions = record(content["m.mentions"]);
  if (!mentions) return null;
  const users = mentions.user_ids;
  return Array.isArray(users) ? users.filter((user) => typeof user === "string") : [];
}

/** Older clients quote what they answer in lines that start with `>`, then an empty line. */
function withoutFallback(body: string): string {
  const quote = /^> <.*\n(?:>.*\n)*\n/.exec(body);
  return quote ? body.slice(quote[0].length) : body;
}
