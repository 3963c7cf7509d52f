import type { Names } from "../commands/command.ts";
import type { Words } from "../words/catalogue.ts";
import type { People } from "./people.ts";

/** The room's id in the pool; there is one local room. */
export const ROOM = "local";

/** People by the names they chose here, and the one room there is, which goes by its id and by what it is called. */
export function localNames(people: People, words: Words): Names {
  const all = people.all(words);
  return {
    nameOf(kind, id) {
      if (kind === "room" && id === ROOM) return words.page_this_room;
      return (kind === "account" ? all.find((person) => person.id === id)?.name : null) ?? id;
    },
    idOf(kind, typed) {
      const wanted = typed.toLowerCase();
      if (kind === "room") return wanted === words.page_this_room.toLowerCase() ? ROOM : typed;
      if (kind !== "account") return null;
      return all.find(({ id, name }) => id === wanted || name.toLowerCase() === wanted)?.id ?? null;
    },
  };
}
