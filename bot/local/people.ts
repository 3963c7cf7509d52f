import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { sanitiseLine } from "../views/text/sanitise.ts";
import { PERSON_IDS, type Person, type PersonId } from "./wire.ts";

/** The two people of the local room: names they choose, and the secrets that keep private replies private. */
export interface People {
  all(): readonly Person[];
  nameOf(id: PersonId): string;
  /** Empty names fall back to the default. Returns the name as it is shown. */
  rename(id: PersonId, name: string): string;
  secretOf(id: PersonId): string;
  holds(id: PersonId, secret: string | undefined): boolean;
}

const DEFAULT_NAMES: Record<PersonId, string> = {
  first: "First member",
  second: "Second member",
};

const SavedPerson = Type.Object({
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
    all: () => PERSON_IDS.map((id) => ({ id, name: people[id].name })),
    nameOf: (id) => people[id].name,
    rename(id, name) {
      people[id].name = sanitiseLine(name, 40) || DEFAULT_NAMES[id];
      save();
      return people[id].name;
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
  const make = (id: PersonId) => ({
    name: DEFAULT_NAMES[id],
    secret: randomBytes(32).toString("base64url"),
  });
  return { first: make("first"), second: make("second") };
}

function readSaved(file: string): Type.Static<typeof Saved> | null {
  try {
    return parseSaved(readFileSync(file, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
