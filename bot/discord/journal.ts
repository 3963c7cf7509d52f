import { appendFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { Uuid } from "../../protocol/wire/primitives.ts";

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

/** Opens the journal, shortened to its newest entries; a line that a crash cut short is skipped. */
export function openAnswerJournal(file: string): AnswerJournal {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const entries = new Map<string, AnswerMessage>();
  for (const entry of readEntries(file).slice(-KEPT)) entries.set(entry.id, entry);
  writeFileSync(`${file}.new`, [...entries.values()].map(line).join(""), { mode: 0o600 });
  renameSync(`${file}.new`, file);

  return {
    write(entry) {
      const known = entries.get(entry.id);
      if (known && line(known) === line(entry)) return;
      entries.set(entry.id, entry);
      appendFileSync(file, line(entry), { mode: 0o600 });
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

function line(entry: AnswerMessage): string {
  return `${JSON.stringify(entry)}\n`;
}

function readEntries(file: string): AnswerMessage[] {
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
      return [];
    }
  });
}
