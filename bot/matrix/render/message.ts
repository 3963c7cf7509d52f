/** Part of our content that says what a message shows, so that signs below it work for ever. */
export const SHOWN_FIELD = "org.substrate.shown";
/** MSC4357: the message is still being written. Unstable name; the last edit does not carry it. */
export const LIVE_FIELD = "org.matrix.msc4357.live";

/** One message of ours before it becomes an event. */
export interface ShownMessage {
  /** A view's kind; for readers of SHOWN_FIELD. */
  readonly kind: string;
  /** Job of the answer it shows or tells of. */
  readonly jobId: string | null;
  /** Number of the proposal whose card it is; absent: none. */
  readonly proposal?: number;
  readonly final: boolean;
  /** Markdown for clients without HTML. */
  readonly body: string;
  /** Sanitised. */
  readonly html: string;
  /** What a sign below it does: action id by sign. */
  readonly signs: Readonly<Record<string, string>>;
}

/** Where a message stands: in the thread of a question, as a reply to it, or on its own. */
export interface Standing {
  readonly thread: string | null;
  readonly replyTo: string | null;
}

/** An event holds 65,536 bytes with all that the server adds; encrypting makes a third more of ours. */
export const MOST_CONTENT_BYTES = 44_000;

/** Content of a new message. */
export function newContent(message: ShownMessage, standing: Standing): object {
  return { ...contentOf(message), ...relationOf(standing) };
}

/** Content that replaces an earlier message of ours; the relation to its thread stays with the original. */
export function editContent(message: ShownMessage, id: string): object {
  const shown = contentOf(message);
  return {
    msgtype: "m.notice",
    // For clients without edits: a running text in short, the last one whole.
    body: `* ${message.final ? message.body : shortened(message.body)}`,
    "m.mentions": {},
    "m.new_content": shown,
    ...(message.final ? {} : { [LIVE_FIELD]: {} }),
    "m.relates_to": { rel_type: "m.replace", event_id: id },
  };
}

/** True when both forms of the message fit in an event. */
export function fits(message: ShownMessage): boolean {
  const edit = JSON.stringify(editContent({ ...message, final: true }, "$".padEnd(60)));
  return Buffer.byteLength(edit) <= MOST_CONTENT_BYTES;
}

function contentOf(message: ShownMessage): object {
  const { kind, jobId, proposal, final, signs } = message;
  return {
    // A notice: other bots leave it alone (client-server API, m.notice).
    msgtype: "m.notice",
    body: message.body === "" ? "…" : message.body,
    format: "org.matrix.custom.html",
    formatted_body: message.html === "" ? "…" : message.html,
    // Names nobody, whatever the text says.
    "m.mentions": {},
    [SHOWN_FIELD]: {
      ...{ kind, final, signs },
      ...(jobId ? { job: jobId } : {}),
      ...(proposal ? { proposal } : {}),
    },
    ...(final ? {} : { [LIVE_FIELD]: {} }),
  };
}

/** The part of a content that says where it stands. */
export function relationOf({ thread, replyTo }: Standing): object {
  if (thread !== null) {
    return {
      "m.relates_to": {
        rel_type: "m.thread",
        event_id: thread,
        // Clients without threads show it as a reply (client-server API, threading fallback).
        is_falling_back: true,
        "m.in_reply_to": { event_id: replyTo ?? thread },
      },
    };
  }
  return replyTo === null ? {} : { "m.relates_to": { "m.in_reply_to": { event_id: replyTo } } };
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 199).toWellFormed()}…`;
}

/** Text that stood where our own small print stands is pushed off the mark with a space nobody sees. */
export function withoutOurMarks(text: string): string {
  return text.replace(/^(?=(?:⏳|ℹ️?|—|🔎|⏹|🔁|💾|🚩|\d\u20e3))/gmu, "\u200b");
}
