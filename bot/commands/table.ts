import { again } from "./again.ts";
import { ask } from "./ask.ts";
import type { Command } from "./command.ts";
import { helpCommand } from "./help.ts";
import { models } from "./models.ts";
import { pool } from "./pool.ts";
import { stop } from "./stop.ts";
import { where } from "./where.ts";

/** Every command there is, in the order help lists them. */
export const COMMANDS: readonly Command[] = [
  ask,
  where,
  again,
  stop,
  pool,
  models,
  helpCommand(() => COMMANDS),
];
