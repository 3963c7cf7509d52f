import type { PoolSentences } from "../sentences.ts";
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

/** English, the language every other falls back to. */
export const en = {
  locale: "en",
  ...commands,
  ...door,
  ...answer,
  ...page,
  ...pool,
  ...provenance,
  ...settings,
  ...matrix,
  ...governance,
  /** Translations of what the pool itself says; null: as the pool says it. */
  sentences: poolSentences as PoolSentences | null,
};
export type En = typeof en;
