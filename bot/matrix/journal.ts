import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { Uuid } from "../../protocol/wire/primitives.ts";
import { jsonLine, readJsonLines } from "../json-lines.ts";

/**
 * Which message shows which answer. The messages say it themselves for ever (ANSWER_FIELD); this file adds
 * answers under way at the last stop, the newest answer of a room or thread, and messages that were taken
 * away. JSON lines, the newest of a message counts; readable by its owner only.
 */
export interface AnswerJournal {
  write(entry: AnswerMessage): void;
  find(eventId: string): AnswerMessage | undefined;
  /** Jobs shown in a room, newest first; `thread`: only in that thread. */
  recentJobs(room: string, thread: string | null): string[];
  /** Messages that show a job's answer, in order. */
  messagesOf(jobId: string): AnswerMessage[];
  /** Messages ever sent for a job, those taken away included. */
  countOf(jobId: string): number;
  /** Messages of answers that were not final, by job, in order. */
  unfinished(): Map<string, AnswerMessage[]>;
  /** Jobs that answer this question. */
  jobsAt(question: string): string[];
}

const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const id = Type.String({ minLength: 1, maxLength: 255 });
const AnswerMessageSchema = Type.Object({
  id,
  room: id,
  jobId: Uuid,
  final: Type.Boolean(),
  /** Root of the thread the message stands in. */
  thread: orNull(id),
  /** The event that asked. */
  question: orNull(id),
  gone: Type.Boolean(),
});
export type AnswerMessage = Type.Static<typeof AnswerMessageSchema>;
const parseLine = jsonParser(AnswerMessageSchema, "journal line");

/** Messages kept over a restart. */
const KEPT = 5000;

/** Opens the journal, shortened to its newest entries; a line that a crash cut short is skipped. */
export function openAnswerJournal(file: string): AnswerJournal {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const entries = new Map<string, AnswerMessage>();
  for (const entry of readJsonLines(file, parseLine).slice(-KEPT)) entries.set(entry.id, entry);
  writeFileSync(`${file}.new`, [...entries.values()].map(jsonLine).join(""), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  const all = () => [...entries.values()];

  return {
    write(entry) {
      const known = entries.get(entry.id);
      if (known && jsonLine(known) === jsonLine(entry)) return;
      entries.set(entry.id, entry);
      appendFileSync(file, jsonLine(entry), { mode: 0o600 });
      const oldest = entries.keys().next().value;
      if (entries.size > KEPT * 2 && oldest !== undefined) entries.delete(oldest);
    },
    find: (eventId) => entries.get(eventId),
    recentJobs(room, thread) {
      const jobs = all()
        .filter((entry) => entry.room === room && (thread === null || entry.thread === thread))
        .map((entry) => entry.jobId);
      return [...new Set(jobs.reverse())];
    },
    messagesOf: (jobId) => all().filter((entry) => entry.jobId === jobId && !entry.gone),
    countOf: (jobId) => all().filter((entry) => entry.jobId === jobId).length,
    unfinished() {
      const ended = new Set(
        all()
          .filter((entry) => entry.final)
          .map((entry) => entry.jobId),
      );
      const open = all().filter((entry) => !ended.has(entry.jobId) && !entry.gone);
      return Map.groupBy(open, (entry) => entry.jobId);
    },
    jobsAt(question) {
      const jobs = all()
        .filter((entry) => entry.question === question)
        .map((entry) => entry.jobId);
      return [...new Set(jobs)];
    },
  };
}
