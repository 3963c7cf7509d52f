import { record, relationIn } from "./events.ts";
import { enc, type Homeserver, MatrixRefusal, relationsPath } from "./homeserver.ts";
import type { AnswerJournal } from "./journal.ts";
import { SHOWN_FIELD } from "./render/message.ts";

/** What a message of ours shows. */
export interface OwnMessage {
  readonly jobId: string | null;
  /** What signs below it do: action id by sign. */
  readonly signs: Readonly<Record<string, string>>;
  readonly thread: string | null;
  /** Number of the proposal whose card it is. */
  readonly proposal: number | null;
}

/** Looks up what our messages show: from the journal, else from the messages themselves. */
export interface OwnMessages {
  /** Null for what is not ours, or gone. */
  find(room: string, eventId: string): Promise<OwnMessage | null>;
  /** Newest answer in a thread; null in threads we never wrote in. */
  newestIn(room: string, thread: string): Promise<string | null>;
}

/** Reads the content of an event, decrypted. */
export type OpenContent = (
  room: string,
  event: Record<string, unknown>,
) => Promise<Record<string, unknown>>;

/** Threads of others that are remembered as such. */
const KEPT = 1000;

export function ownMessages(
  homeserver: Homeserver,
  botId: string,
  journal: AnswerJournal,
  open: OpenContent,
  signal: AbortSignal,
): OwnMessages {
  const foreign = new Set<string>();

  /** Null for what is not there. A homeserver that fails for a while is asked again: who wrote to us waits for it. */
  async function read(path: string): Promise<Record<string, unknown> | null> {
    try {
      return record(await homeserver.lookUp(path, signal));
    } catch (error) {
      if (error instanceof MatrixRefusal) return null;
      throw error;
    }
  }

  async function shownIn(room: string, event: unknown): Promise<OwnMessage | null> {
    const raw = record(event);
    if (raw?.sender !== botId) return null;
    const content = await open(room, raw);
    const newest = record(record(record(raw.unsigned)?.["m.relations"])?.["m.replace"]);
    const edited = newest ? record((await open(room, newest))["m.new_content"]) : null;
    const field = record(edited?.[SHOWN_FIELD]) ?? record(content[SHOWN_FIELD]);
    if (!field) return null;
    const signs = Object.entries(record(field.signs) ?? {}).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    return {
      jobId: typeof field.job === "string" ? field.job : null,
      signs: Object.fromEntries(signs),
      thread: relationIn(content).thread,
      proposal: typeof field.proposal === "number" ? field.proposal : null,
    };
  }

  return {
    async find(room, eventId) {
      const entry = journal.find(eventId);
      // Answers carry the same signs for ever; other messages say theirs.
      if (entry && entry.room === room) {
        const { jobId, thread } = entry;
        const signs = { "🔎": `where:${jobId}`, "⏹": `stop:${jobId}`, "🔁": `again:${jobId}` };
        const more = { "💾": `save:${jobId}`, "🚩": `report:${jobId}` };
        return { jobId, thread, signs: { ...signs, ...more }, proposal: null };
      }
      return shownIn(room, await read(`/rooms/${enc(room)}/event/${enc(eventId)}`));
    },
    async newestIn(room, thread) {
      const [known] = journal.recentJobs(room, thread);
      if (known) return known;
      if (foreign.has(thread)) return null;
      const path = `${relationsPath(room, thread, "m.thread")}?dir=b&limit=50`;
      const answer = await read(path);
      for (const event of Array.isArray(answer?.chunk) ? answer.chunk : []) {
        const shown = await shownIn(room, event);
        if (shown?.jobId) return shown.jobId;
      }
      foreign.add(thread);
      if (foreign.size > KEPT) foreign.delete(foreign.values().next().value as string);
      return null;
    },
  };
}
