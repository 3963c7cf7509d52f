import { isEventId, type RoomEvent, record } from "./events.ts";

/**
 * Events of polls. Clients speak the unstable names (MSC3381); the stable ones are read too. Answers of the
 * stable form need extensible events, which no room version has, so the unstable form is what we send.
 */
const START = ["org.matrix.msc3381.poll.start", "m.poll.start"];
const RESPONSE = ["org.matrix.msc3381.poll.response", "m.poll.response"];
const END = ["org.matrix.msc3381.poll.end", "m.poll.end"];
export const POLL_TYPES: readonly string[] = [...START, ...RESPONSE, ...END];
const TEXT = "org.matrix.msc1767.text";

/** The specification's limit on answers; what is beyond is left out, as clients do. */
export const MOST_ANSWERS = 20;

export interface PollAnswer {
  readonly id: string;
  readonly text: string;
}

/** A poll as its start event tells it. */
export interface PollStart {
  readonly question: string;
  readonly answers: PollAnswer[];
  /** How many answers one voter may choose, at least 1. */
  readonly maxSelections: number;
  /** Votes are shown while the poll is open. */
  readonly disclosed: boolean;
}

/** What a voter chose, before it is held against the poll. */
export interface PollResponse {
  readonly poll: string;
  readonly chosen: readonly string[];
}

/** Reads a poll; null when it has no shape. */
export function pollStartIn({ type, content }: RoomEvent): PollStart | null {
  if (!START.includes(type)) return null;
  const poll = record(content["org.matrix.msc3381.poll.start"]) ?? record(content["m.poll"]);
  const question = textOf(record(poll?.question));
  const answers = (Array.isArray(poll?.answers) ? poll.answers : []).slice(0, MOST_ANSWERS);
  const read = answers.map(record).map((answer) => {
    const id = answer?.id ?? answer?.["m.id"];
    const text = textOf(answer);
    return typeof id === "string" && id !== "" && text !== null ? { id, text } : null;
  });
  // Clients drop the whole poll when one answer has no shape; so do we, or we would count another poll.
  if (question === null || read.length === 0 || read.includes(null)) return null;
  const max = poll?.max_selections;
  return {
    question,
    answers: read as PollAnswer[],
    maxSelections: typeof max === "number" && Number.isInteger(max) && max >= 1 ? max : 1,
    disclosed: typeof poll?.kind === "string" && /(^|\.)disclosed$/.test(poll.kind),
  };
}

/** Reads a vote; null when it has no shape. An empty choice takes an earlier vote back. */
export function pollResponseIn({ type, content }: RoomEvent): PollResponse | null {
  if (!RESPONSE.includes(type)) return null;
  const poll = referenceIn(content);
  const chosen =
    record(content["org.matrix.msc3381.poll.response"])?.answers ?? content["m.selections"];
  if (poll === null || !Array.isArray(chosen)) return null;
  return { poll, chosen: chosen.filter((one) => typeof one === "string").slice(0, 100) };
}

/** The poll that an event closes; null when it closes none. */
export function pollEndIn({ type, content }: RoomEvent): string | null {
  return END.includes(type) ? referenceIn(content) : null;
}

/** Content of a new poll; `fallback` is what clients without polls show. */
export function pollStartContent(start: PollStart, fallback: string): object {
  return {
    "org.matrix.msc3381.poll.start": {
      kind: `org.matrix.msc3381.poll.${start.disclosed ? "disclosed" : "undisclosed"}`,
      max_selections: start.maxSelections,
      question: { [TEXT]: start.question, body: start.question, msgtype: "m.text" },
      answers: start.answers.map(({ id, text }) => ({ id, [TEXT]: text })),
    },
    [TEXT]: fallback,
    body: fallback,
    "m.mentions": {},
  };
}

/** Content that closes a poll; `result` is what clients without polls show. */
export function pollEndContent(poll: string, result: string): object {
  return {
    "org.matrix.msc3381.poll.end": {},
    [TEXT]: result,
    body: result,
    "m.mentions": {},
    "m.relates_to": { rel_type: "m.reference", event_id: poll },
  };
}

export const POLL_START = START[0] as string;
export const POLL_END = END[0] as string;

function referenceIn(content: RoomEvent["content"]): string | null {
  const about = record(content["m.relates_to"]);
  return about?.rel_type === "m.reference" && isEventId(about.event_id) ? about.event_id : null;
}

function textOf(part: Record<string, unknown> | null): string | null {
  const stable = Array.isArray(part?.["m.text"]) ? record(part["m.text"][0])?.body : undefined;
  const text = part?.[TEXT] ?? stable ?? part?.body;
  return typeof text === "string" ? text.slice(0, 2000) : null;
}
