import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../../protocol/parse.ts";
import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../../../protocol/receipts/jcs.ts";
import { SpeedMeasured } from "../../../protocol/wire/gateway.ts";
import type { FastestSetting } from "./speed-timing.ts";

/** Cooling, drivers and neighbours change: what was measured is measured again after a month. */
const KEPT_MS = 30 * 86_400_000;

const count = Type.Integer({ minimum: 1 });
const Note = Type.Object(
  {
    at: Type.Integer(),
    threads: count,
    slots: count,
    together: count,
    tokensPerSecond: Type.Integer({ minimum: 0 }),
    measured: Type.Array(SpeedMeasured),
  },
  { additionalProperties: false },
);
const parseNote = jsonParser(Note, "timing");

/** Settings found fastest earlier, one file a (model, machine, limits) in a folder: later starts are quick. */
export class SpeedMemory {
  readonly #folder: string;
  readonly #now: () => number;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** `subject`: everything the result depends on. Null when nothing fitting is known. */
  recall(subject: object): FastestSetting | null {
    try {
      const { at, ...setting } = parseNote(readFileSync(this.#file(subject), "utf8"));
      return Math.abs(this.#now() - at) < KEPT_MS ? setting : null;
    } catch {
      // Missing or unreadable: it only costs measuring again.
      return null;
    }
  }

  keep(subject: object, setting: FastestSetting): void {
    const file = this.#file(subject);
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify({ at: this.#now(), ...setting }));
    renameSync(`${file}.${process.pid}`, file);
  }

  #file(subject: object): string {
    return join(this.#folder, `${sha256Hex(canonicalBytes(subject))}.json`);
  }
}
