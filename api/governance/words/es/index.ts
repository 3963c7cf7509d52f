import { settingWords } from "../../../../protocol/words/settings/es.ts";
import type { Sentences } from "../say.ts";
import { card } from "./card.ts";
import { events } from "./events.ts";
import { kinds } from "./kinds.ts";
import { parts } from "./parts.ts";
import { people } from "./people.ts";
import { refusals } from "./refusals.ts";
import { rules } from "./rules.ts";

export const es: Sentences = {
  ...settingWords,
  ...parts,
  ...card,
  ...kinds,
  ...rules,
  ...events,
  ...people,
  ...refusals,
};
