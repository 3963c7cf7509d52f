import type { Words } from "../words.ts";
import { answer } from "./answer.ts";
import { commands } from "./commands.ts";
import { door } from "./door.ts";
import { governance } from "./governance.ts";
import { matrix } from "./matrix.ts";
import { page } from "./page.ts";
import { pool } from "./pool.ts";
import { poolSentences } from "./pool-sentences.ts";
import { provenance } from "./provenance.ts";
import { settings } from "./settings.ts";

export const de: Words = {
  locale: "de",
  ...commands,
  ...door,
  ...answer,
  ...page,
  ...pool,
  ...provenance,
  ...settings,
  ...matrix,
  ...governance,
  sentences: poolSentences,
};
