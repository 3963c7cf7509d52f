import { settingWords } from "../../../../protocol/words/settings/en.ts";
import { card } from "./card.ts";
import { events } from "./events.ts";
import { kinds } from "./kinds.ts";
import { parts } from "./parts.ts";
import { people } from "./people.ts";
import { refusals } from "./refusals.ts";
import { rules } from "./rules.ts";

/** English, which the record is kept in and every other language falls back to. */
export const en = {
  ...settingWords,
  ...parts,
  ...card,
  ...kinds,
  ...rules,
  ...events,
  ...people,
  ...refusals,
} as const;
