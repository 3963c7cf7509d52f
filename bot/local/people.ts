import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { sanitiseLine } from "../views/text/sanitise.ts";
import { ENGLISH, type Words } from "../words/catalogue.ts";
import { PERSON_IDS, type Person, type PersonId } from "./wire.ts";

/** The two people of the local room: names they choose, and the secrets that keep private replies private. */
export interface People {
  /** By the names they chose; who chose none is called what these words call them. */
  all(words: Words): readonly Person[];
  /** An empty name gives up the chosen one. */
  rename(id: PersonId, name: string): void;
  secretOf(id: PersonId): string;
  holds(id: PersonId, secret: string | undefined): boolean;
}

const SavedPerson = Type.Object({
  /** Empty: none was chosen. */
  name: Type.String(),
  secret: Type.String({ pattern: "^[\\w-]{43}$" }),
});
const Saved = Type.Object({ first: SavedPerson, second: SavedPerson });
const parseSaved = jsonParser(Saved, "people of the local room");

/** Reads the people from `file`, or makes them; the file is readable by its owner only. */
export function openPeople(file: string): People {
  const people = readSaved(file) ?? makePeople();
  save();

  function save(): void {
    writeFileSync(`${file}.new`, `${JSON.stringify(people)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  return {
    all: (words) =>
      PERSON_IDS.map((id) => ({ id, name: people[id].name || words[`page_${id}_person`] })),
    rename(id, name) {
      people[id].name = sanitiseLine(name, 40);
      save();
    },
    secretOf: (id) => people[id].secret,
    holds(id, secret) {
      const mine = Buffer.from(people[id].secret);
      const theirs = Buffer.from(secret ?? "");
      return mine.length === theirs.length && timingSafeEqual(mine, theirs);
    },
  };
}

function makePeople(): Type.Static<typeof Saved> {
  const make = () => ({ name: "", secret: randomBytes(32).toString("base64url") });
  return { first: make(), second: make() };
}

function readSaved(file: string): Type.Static<typeof Saved> | null {
  try {
    const saved = parseSaved(readFileSync(file, "utf8"));
    // Earlier versions wrote down what they called people who had chosen no name.
    for (const id of PERSON_IDS) {
      if (saved[id].name === ENGLISH[`page_${id}_person`]) saved[id].name = "";
    }
    return saved;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
