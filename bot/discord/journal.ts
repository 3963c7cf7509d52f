import { isDeepStrictEqual } from "node:util";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { Uuid } from "../../protocol/wire/primitives.ts";
import { openJsonLines } from "../json-lines.ts";

/**
 * Which message shows which answer. The buttons on the messages say it too and for ever; this file adds what
 * they cannot say: answers under way at the last stop, the last answer of a channel, and answers whose
 * message was deleted. JSON lines, the newest of a message counts; readable by its owner only.
 */
export interface AnswerJournal {
  write(entry: AnswerMessage): void;
  find(messageId: string): AnswerMessage | undefined;
  /** Jobs shown in a channel, newest first; private ones only for the member who sees them. */
  recentJobs(channelId: string, userId: string): string[];
  /** Messages of answers that were not final, by job, in order. */
  unfinished(): Map<string, AnswerMessage[]>;
}

const AnswerMessageSchema = Type.Object({
  id: Type.String({ minLength: 1 }),
  channelId: Type.String({ minLength: 1 }),
  jobId: Uuid,
  final: Type.Boolean(),
  /** The only user who sees it; null: everybody in the channel. */
  privateTo: Type.Union([Type.String(), Type.Null()]),
});
export type AnswerMessage = Type.Static<typeof AnswerMessageSchema>;
const parseLine = jsonParser(AnswerMessageSchema, "journal line");

/** Messages kept over a restart. */
const KEPT = 5000;

/** Opens the journal, shortened to its newest entries. */
export function openAnswerJournal(file: string): AnswerJournal {
  const lines = openJsonLines(file, { parse: parseLine, idOf: ({ id }) => id, kept: KEPT });
  const entries = new Map(lines.found.map((entry) => [entry.id, entry]));

  return {
    write(entry) {
      const known = entries.get(entry.id);
      if (known && isDeepStrictEqual(known, entry)) return;
      entries.set(entry.id, entry);
      lines.append(entry);
      const oldest = entries.keys().next().value;
      if (entries.size > KEPT * 2 && oldest !== undefined) entries.delete(oldest);
    },
    find: (id) => entries.get(id),
    recentJobs(channelId, userId) {
      const jobs: string[] = [];
      for (const entry of [...entries.values()].reverse()) {
        const visible = entry.privateTo === null || entry.privateTo === userId;
        if (entry.channelId === channelId && visible) jobs.push(entry.jobId);
      }
      return [...new Set(jobs)];
    },
    unfinished() {
      const byJob = new Map<string, AnswerMessage[]>();
      const ended = new Set(
        [...entries.values()].filter((one) => one.final).map((one) => one.jobId),
      );
      for (const entry of entries.values()) {
        if (ended.has(entry.jobId)) continue;
        byJob.set(entry.jobId, [...(byJob.get(entry.jobId) ?? []), entry]);
      }
      return byJob;
    },
  };
}
