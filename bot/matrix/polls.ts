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
import type { Standing } from "./render/message.ts";
import type { Writer } from "./write/writer.ts";

const strings = Type.Array(Type.String());
const PollLine = Type.Object({
  kind: Type.Literal("poll"),
  /** Short number of a poll of ours, for `!vote 12 A`; null for other people's polls. */
  number: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
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

/**
 * Polls in rooms: sends them, reads votes of every client, and keeps them in the order they came in here.
 * Counting what binds is the pool's work; `onVote` tells of each vote as it is taken.
 *
 *   open     start sent or read   vote → open (kept) · redacted vote → open (taken back) · end → ended
 *   ended    by us, by its sender, or by a moderator of the room   vote → ended (not kept)
 */
export class MatrixPolls {
  readonly #options: PollsOptions;
  readonly #polls = new Map<string, Kept>();
  readonly #listeners = new Set<(vote: PollVote, poll: Poll) => void>();
  #numbers = 0;

  constructor(options: PollsOptions) {
    this.#options = options;
    mkdirSync(dirname(options.file), { recursive: true, mode: 0o700 });
    for (const line of readLines(options.file)) this.#apply(line);
  }

  /** Sends a poll. Answers get the letters A, B, C … as ids. `key`: the same key is the same poll. */
  async start(
    room: string,
    wanted: Omit<PollStart, "answers"> & { readonly answers: readonly string[] },
    { key, standing }: { readonly key: string; readonly standing?: Standing },
  ): Promise<Poll> {
    const { writer, botId, signal } = this.#options;
    if (wanted.answers.length < 1 || wanted.answers.length > MOST_ANSWERS) {
      throw new RangeError(`a poll has 1 to ${MOST_ANSWERS} answers`);
    }
    const answers = wanted.answers.map((text, at) => ({
      id: String.fromCharCode(65 + at),
      text: sanitiseLine(text, 300),
    }));
    const number = this.#numbers + 1;
    this.#numbers = number;
    const start = { ...wanted, question: sanitiseLine(wanted.question, 1000), answers };
    const relation = standing?.thread
      ? { "m.relates_to": { rel_type: "m.thread", event_id: standing.thread } }
      : {};
    const content = async () => ({
      ...pollStartContent(start, fallbackOf(start, number)),
      ...relation,
    });
    const event = await writer.postContent(room, POLL_START, content, `poll.${key}`, signal);
    const known = this.#polls.get(event);
    if (known) return known.poll;
    const { maxSelections, disclosed, question } = start;
    const poll: Poll = {
      ...{ kind: "poll", number, room, event, sender: botId, question, answers, maxSelections },
      disclosed,
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

  /** `!vote 12 A` for clients without polls: a letter, or the number of the answer. */
  async voteByText(event: RoomEvent, number: number, choice: string): Promise<boolean> {
    const kept = [...this.#polls.values()].find(
      ({ poll }) => poll.number === number && poll.room === event.room,
    );
    if (!kept) return false;
    const { answers } = kept.poll;
    const wanted = choice.toUpperCase();
    const answer =
      answers.find(({ id }) => id.toUpperCase() === wanted) ?? answers[Number(choice) - 1];
    return answer ? this.#vote(kept.poll.event, event, [answer.id]) : false;
  }

  /** A vote whose event was taken away does not count any more; true when there was one. */
  withdraw(event: RoomEvent): boolean {
    const target = redactionIn(event);
    for (const { poll, votes, endedAt } of this.#polls.values()) {
      const vote = votes.findLast((one) => one.event === target);
      if (!vote || endedAt !== null) continue;
      const latest = votes.findLast((one) => one.voter === vote.voter);
      if (latest !== vote) return true;
      this.#keep({ ...vote, chosen: [], at: this.#options.now(), event: event.id }, poll);
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

  onVote(listener: (vote: PollVote, poll: Poll) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Choices the poll does not have spoil the vote (MSC3381), more than allowed are cut off. */
  #vote(id: string, event: RoomEvent, chosen: readonly string[]): boolean {
    const kept = this.#polls.get(id);
    if (!kept || kept.endedAt !== null || kept.poll.room !== event.room) return false;
    if (kept.votes.some((vote) => vote.event === event.id)) return true;
    const { answers, maxSelections } = kept.poll;
    const valid = [...new Set(chosen)].slice(0, maxSelections);
    if (valid.some((one) => !answers.some((answer) => answer.id === one))) return false;
    const at = this.#options.now();
    this.#keep(
      { kind: "vote", poll: id, voter: event.sender, chosen: valid, at, event: event.id },
      kept.poll,
    );
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

  #keep(vote: PollVote, poll: Poll): void {
    this.#write(vote);
    for (const tell of this.#listeners) tell(vote, poll);
  }

  #write(line: Type.Static<typeof Line>): void {
    appendFileSync(this.#options.file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
    this.#apply(line);
  }

  #apply(line: Type.Static<typeof Line>): void {
    if (line.kind === "poll") {
      this.#polls.set(line.event, { poll: line, votes: [], endedAt: null });
      this.#numbers = Math.max(this.#numbers, line.number ?? 0);
      return;
    }
    const kept = this.#polls.get(line.poll);
    if (!kept) return;
    if (line.kind === "vote") kept.votes.push(line);
    else kept.endedAt = line.at;
  }
}

/** What clients without polls show. */
function fallbackOf({ question, answers }: PollStart, number: number): string {
  const lines = answers.map(({ id, text }) => `${id}. ${text} (!vote ${number} ${id})`);
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
