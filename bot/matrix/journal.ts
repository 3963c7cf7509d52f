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
  /** An answer will be shown here. It is unfinished from now on, also while it has no message. */
  begin(beginning: AnswerBeginning): void;
  write(entry: AnswerMessage): void;
  find(eventId: string): AnswerMessage | undefined;
  /** Jobs shown in a room, newest first; `thread`: only in that thread. */
  recentJobs(room: string, thread: string | null): string[];
  /** Messages that show a job's answer, in order. */
  messagesOf(jobId: string): AnswerMessage[];
  /** Messages ever sent for a job, those taken away included. */
  countOf(jobId: string): number;
  /** Answers that were not final, by job. */
  unfinished(): Map<string, UnfinishedAnswer>;
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
const AnswerBeginningSchema = Type.Object({
  /** Job of the answer. */
  begun: Uuid,
  room: id,
  thread: orNull(id),
  question: orNull(id),
});
export type AnswerBeginning = Type.Static<typeof AnswerBeginningSchema>;
const LineSchema = Type.Union([AnswerMessageSchema, AnswerBeginningSchema]);
const parseLine = jsonParser(LineSchema, "journal line");

/** Where an answer stands that was under way, with its messages as far as they are known, in order. */
export interface UnfinishedAnswer {
  readonly room: string;
  readonly thread: string | null;
  readonly question: string | null;
  readonly shown: readonly string[];
}

/** Messages kept over a restart. */
const KEPT = 5000;
/** Beginnings kept over a restart; far more than are under way at a time. */
const BEGINNINGS_KEPT = 500;

/** Opens the journal, shortened to its newest entries; a line that a crash cut short is skipped. */
export function openAnswerJournal(file: string): AnswerJournal {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const entries = new Map<string, AnswerMessage>();
  /** Answers without a message yet. */
  const begun = new Map<string, AnswerBeginning>();
  const lines = readJsonLines(file, parseLine);
  for (const line of lines) if ("begun" in line) begun.set(line.begun, line);
  const messages = lines.filter((line) => "id" in line);
  for (const { jobId } of messages) begun.delete(jobId);
  for (const entry of messages.slice(-KEPT)) entries.set(entry.id, entry);
  const kept = [...[...begun.values()].slice(-BEGINNINGS_KEPT), ...entries.values()];
  writeFileSync(`${file}.new`, kept.map(jsonLine).join(""), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  const all = () => [...entries.values()];

  return {
    begin(beginning) {
      if (begun.has(beginning.begun) || all().some(({ jobId }) => jobId === beginning.begun))
        return;
      begun.set(beginning.begun, beginning);
      appendFileSync(file, jsonLine(beginning), { mode: 0o600 });
    },
    write(entry) {
      begun.delete(entry.jobId);
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
      const unfinished = new Map<string, UnfinishedAnswer>();
      for (const [jobId, messages] of Map.groupBy(open, (entry) => entry.jobId)) {
        const { room, thread, question } = messages[0] as AnswerMessage;
        unfinished.set(jobId, { room, thread, question, shown: messages.map((one) => one.id) });
      }
      for (const [jobId, beginning] of begun) unfinished.set(jobId, { ...beginning, shown: [] });
      return unfinished;
    },
    jobsAt(question) {
      const jobs = all()
        .filter((entry) => entry.question === question)
        .map((entry) => entry.jobId);
      return [...new Set(jobs)];
    },
  };
}
