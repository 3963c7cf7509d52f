import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import type { WallClock } from "./wall-clock.ts";

const TodayFile = Type.Object(
  { date: Type.String(), answers: Type.Integer(), tokens: Type.Integer() },
  { additionalProperties: false },
);
type TodayFile = Type.Static<typeof TodayFile>;
const parseToday = jsonParser(TodayFile, "today.json");

/** Answers and tokens of the day on the wall, in `today.json`, so that a restart does not start the day over. */
export class Today {
  readonly #file: string;
  readonly #clock: WallClock;
  readonly #now: () => number;
  #count: TodayFile;

  constructor(folder: string, clock: WallClock, now: () => number) {
    this.#file = join(folder, "today.json");
    this.#clock = clock;
    this.#now = now;
    this.#count = this.#read();
  }

  get answers(): number {
    return this.#current().answers;
  }

  get tokens(): number {
    return this.#current().tokens;
  }

  /** One more answer is given. A full disk costs the memory of it after a restart, not the answer. */
  add(tokens: number): void {
    const { date, answers, tokens: before } = this.#current();
    this.#count = { date, answers: answers + 1, tokens: before + tokens };
    try {
      writeFileSync(`${this.#file}.new`, JSON.stringify(this.#count));
      renameSync(`${this.#file}.new`, this.#file);
    } catch {}
  }

  #current(): TodayFile {
    const { date } = this.#clock.at(this.#now());
    if (this.#count.date !== date) this.#count = { date, answers: 0, tokens: 0 };
    return this.#count;
  }

  #read(): TodayFile {
    try {
      return parseToday(readFileSync(this.#file, "utf8"));
    } catch {
      return { date: "", answers: 0, tokens: 0 };
    }
  }
}
