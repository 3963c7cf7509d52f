import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../../protocol/parse.ts";
import { jsonLine, readJsonLines } from "../../json-lines.ts";

const id = Type.String({ minLength: 1, maxLength: 255 });
const CastSchema = Type.Object({
  /** The sign, or the answer to a ballot paper. */
  event: id,
  voter: id,
  number: Type.Integer({ minimum: 1 }),
  /** The card that a sign stands below; null for a ballot paper. */
  card: Type.Union([id, Type.Null()]),
  /** What the pool gave for the ballot. */
  receipt: Type.String({ maxLength: 100 }),
});
export type Cast = Type.Static<typeof CastSchema>;
const parseLine = jsonParser(CastSchema, "ballot line");

/**
 * Which event cast which ballot, so that taking the event away takes the ballot back. What was chosen is not in
 * it: sealed votes are sealed here too. JSON lines, readable by their owner only.
 */
export interface BallotJournal {
  write(cast: Cast): void;
  find(event: string): Cast | undefined;
  /** The last ballot of somebody in a proposal that was cast this way. */
  latest(voter: string, number: number): Cast | undefined;
}

/** Ballots kept over a restart; far more than are open to a change at a time. */
const KEPT = 20_000;

/** Opens the journal, shortened to its newest entries; a line that a crash cut short is skipped. */
export function openBallotJournal(file: string): BallotJournal {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const casts = new Map<string, Cast>();
  const keep = (cast: Cast) => {
    casts.delete(cast.event);
    casts.set(cast.event, cast);
  };
  for (const cast of readJsonLines(file, parseLine).slice(-KEPT)) keep(cast);
  writeFileSync(`${file}.new`, [...casts.values()].map(jsonLine).join(""), { mode: 0o600 });
  renameSync(`${file}.new`, file);

  return {
    write(cast) {
      keep(cast);
      appendFileSync(file, jsonLine(cast), { mode: 0o600 });
      const oldest = casts.keys().next().value;
      if (casts.size > KEPT && oldest !== undefined) casts.delete(oldest);
    },
    find: (event) => casts.get(event),
    latest: (voter, number) =>
      [...casts.values()].findLast((cast) => cast.voter === voter && cast.number === number),
  };
}
