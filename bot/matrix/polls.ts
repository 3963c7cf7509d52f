import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { sanitiseLine } from "../views/text/sanitise.ts";
import { type RoomEvent, redactionIn } from "./events.ts";
import {
  MOST_ANSWERS,
  POLL_END,
  POLL_START,
  type PollStart,
  pollEndContent,
  pollEndIn,
  pollResponseIn,
  pollStartContent,
  pollStartIn,
} from "./poll-events.ts";
import { relationOf, type Standing } from "./render/message.ts";
import type { Writer } from "./write/writer.ts";

const strings = Type.Array(Type.String());
const PollLine = Type.Object({
  kind: Type.Literal("poll"),
  /** The proposal it is a ballot paper of; null for any other poll. */
  number: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  /** The proposal's revision when it was handed out. */
  revision: Type.Optional(Type.Integer({ minimum: 1 })),
  room: Type.String(),
  event: Type.String(),
  sender: Type.String(),
  question: Type.String(),
  answers: Type.Array(Type.Object({ id: Type.String(), text: Type.String() })),
  maxSelections: Type.Integer({ minimum: 1 }),
  disclosed: Type.Boolean(),
});
const VoteLine = Type.Object({
  kind: Type.Literal("vote"),
  poll: Type.String(),
  voter: Type.String(),
  /** Ids of answers; empty takes the vote back. */
  chosen: strings,
  /** Arrival here, epoch milliseconds by our clock; the homeserver's is never asked. */
  at: Type.Integer(),
  event: Type.String(),
});
const EndLine = Type.Object({
  kind: Type.Literal("end"),
  poll: Type.String(),
  at: Type.Integer(),
});
const Line = Type.Union([PollLine, VoteLine, EndLine]);
export type Poll = Type.Static<typeof PollLine>;
export type PollVote = Type.Static<typeof VoteLine>;
const parseLine = jsonParser(Line, "poll line");

export interface PollsOptions {
  readonly botId: string;
  readonly writer: Pick<Writer, "postContent">;
  /** JSON lines of polls, votes in their order of arrival, and ends. */
  readonly file: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** True for who may close a poll that is not their own. */
  readonly mayModerate: (room: string, user: string) => boolean;
  readonly signal: AbortSignal;
}

interface Kept {
  readonly poll: Poll;
  readonly votes: PollVote[];
  endedAt: number | null;
}

/** An answer to a ballot paper of ours. */
export interface PaperAnswer {
  readonly poll: Poll & { readonly number: number };
  /** Id of the answer; null takes an earlier one back. */
  readonly chosen: string | null;
}

/**
 * Polls in rooms: sends them, reads votes of every client, and keeps them in the order they came in here. Ballot
 * papers are polls too, in a conversation with one member; what is chosen there is the pool's to keep, and is not
 * written here.
 *
 *   open     start sent or read   vote → open (kept) · redacted vote → open (taken back) · end → ended
 *   ended    by us, by its sender, or by a moderator of the room   vote → ended (not kept)
 */
export class MatrixPolls {
  readonly #options: PollsOptions;
  readonly #polls = new Map<string, Kept>();

  constructor(options: PollsOptions) {
    this.#options = options;
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 });
    for (const line of readLines(options.file)) this.#apply(line);
  }

  /** Sends a poll. `key`: the same key is the same poll. `about`: the proposal it is a ballot paper of. */
  async start(
    room: string,
    wanted: PollStart,
    {
      key,
      standing,
      about,
    }: {
      readonly key: string;
      readonly standing?: Standing;
      readonly about?: { readonly number: number; readonly revision: number };
    },
  ): Promise<Poll> {
    const { writer, botId, signal } = this.#options;
    if (wanted.answers.length < 1 || wanted.answers.length > MOST_ANSWERS) {
      throw new RangeError(`a poll has 1 to ${MOST_ANSWERS} answers`);
    }
    const answers = wanted.answers.map(({ id, text }) => ({ id, text: sanitiseLine(text, 300) }));
    const start = { ...wanted, question: sanitiseLine(wanted.question, 1000), answers };
    const content = async () => ({
      ...pollStartContent(start, fallbackOf(start, about?.number ?? null)),
      ...(standing ? relationOf(standing) : {}),
    });
    const event = await writer.postContent(room, POLL_START, content, `poll.${key}`, signal);
    const known = this.#polls.get(event);
    if (known) return known.poll;
    const { maxSelections, disclosed, question } = start;
    const poll: Poll = {
      ...{ kind: "poll", room, event, sender: botId, question, answers, maxSelections, disclosed },
      number: about?.number ?? null,
      ...(about ? { revision: about.revision } : {}),
    };
    this.#write(poll);
    return poll;
  }

  /** Closes a poll of ours with a sentence about how it ended. Votes after this are not kept. */
  async end(poll: Poll, result: string): Promise<void> {
    const { writer, now, signal } = this.#options;
    if (this.isOpen(poll.event)) this.#write({ kind: "end", poll: poll.event, at: now() });
    const content = async () => pollEndContent(poll.event, sanitiseLine(result, 1000));
    await writer.postContent(poll.room, POLL_END, content, `end.${poll.event}`, signal);
  }

  /** Takes an event of a room; true when it was a vote, a poll or an end that counts. */
  async take(event: RoomEvent): Promise<boolean> {
    const response = pollResponseIn(event);
    if (response) return this.#vote(response.poll, event, response.chosen);
    const start = pollStartIn(event);
    if (start) {
      const { room, id, sender } = event;
      if (!this.#polls.has(id))
        this.#write({ kind: "poll", number: null, room, event: id, sender, ...start });
      return true;
    }
    return this.#endedBy(event);
  }

  /** Reads an answer to a ballot paper; null for everything else, and for answers the paper does not have. */
  paperAnswer(event: RoomEvent): PaperAnswer | null {
    const response = pollResponseIn(event);
    const poll = this.#polls.get(response?.poll ?? "")?.poll;
    if (!response || !poll || poll.number === null || poll.room !== event.room) return null;
    const [chosen = null] = response.chosen;
    if (chosen !== null && !poll.answers.some(({ id }) => id === chosen)) return null;
    return { poll: { ...poll, number: poll.number }, chosen };
  }

  /** A vote whose event was taken away does not count any more; true when there was one. */
  withdraw(event: RoomEvent): boolean {
    const target = redactionIn(event);
    for (const { votes, endedAt } of this.#polls.values()) {
      const vote = votes.findLast((one) => one.event === target);
      if (!vote || endedAt !== null) continue;
      const latest = votes.findLast((one) => one.voter === vote.voter);
      if (latest !== vote) return true;
      this.#write({ ...vote, chosen: [], at: this.#options.now(), event: event.id });
      return true;
    }
    return false;
  }

  isOpen(poll: string): boolean {
    return this.#polls.get(poll)?.endedAt === null;
  }

  find(poll: string): Poll | null {
    return this.#polls.get(poll)?.poll ?? null;
  }

  /** The vote of each voter that counts: their last one, without those taken back; in order of arrival. */
  votes(poll: string): PollVote[] {
    const last = new Map<string, PollVote>();
    for (const vote of this.#polls.get(poll)?.votes ?? []) {
      last.delete(vote.voter);
      last.set(vote.voter, vote);
    }
    return [...last.values()].filter(({ chosen }) => chosen.length > 0);
  }

  /** Choices the poll does not have spoil the vote (MSC3381), more than allowed are cut off. */
  #vote(id: string, event: RoomEvent, chosen: readonly string[]): boolean {
    const kept = this.#polls.get(id);
    if (!kept || kept.endedAt !== null || kept.poll.room !== event.room) return false;
    if (kept.poll.number !== null) return false;
    if (kept.votes.some((vote) => vote.event === event.id)) return true;
    const { answers, maxSelections } = kept.poll;
    const valid = [...new Set(chosen)].slice(0, maxSelections);
    if (valid.some((one) => !answers.some((answer) => answer.id === one))) return false;
    const at = this.#options.now();
    this.#write({
      kind: "vote",
      poll: id,
      voter: event.sender,
      chosen: valid,
      at,
      event: event.id,
    });
    return true;
  }

  #endedBy(event: RoomEvent): boolean {
    const kept = this.#polls.get(pollEndIn(event) ?? "");
    if (!kept || kept.endedAt !== null || kept.poll.room !== event.room) return false;
    const { botId, mayModerate, now } = this.#options;
    // Ours ends when we say so; other people's when they or a moderator do.
    const isOurs = kept.poll.sender === botId;
    const may = event.sender === kept.poll.sender || mayModerate(event.room, event.sender);
    if (isOurs || !may) return false;
    this.#write({ kind: "end", poll: kept.poll.event, at: now() });
    return true;
  }

  #write(line: Type.Static<typeof Line>): void {
    appendFileSync(this.#options.file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    this.#apply(line);
  }

  #apply(line: Type.Static<typeof Line>): void {
    if (line.kind === "poll") {
      this.#polls.set(line.event, { poll: line, votes: [], endedAt: null });
      return;
    }
    const kept = this.#polls.get(line.poll);
    if (!kept) return;
    if (line.kind === "vote") kept.votes.push(line);
    else kept.endedAt = line.at;
  }
}

/** What clients without polls show: what one types instead. */
function fallbackOf({ question, answers }: PollStart, number: number | null): string {
  const lines = answers.map(({ id, text }) =>
    number === null ? `${id}. ${text}` : `${text}: !vote ${number} ${id}`,
  );
  return [question, ...lines].join("\n");
}

function readLines(file: string): Type.Static<typeof Line>[] {
  let content: string;
  try {
    content = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
  return content.split("\n").flatMap((text) => {
    try {
      return [parseLine(text)];
    } catch {
      // A crash cut it short.
      return [];
    }
  });
}
