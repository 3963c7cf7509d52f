import { again } from "./again.ts";
import { ask } from "./ask.ts";
import type { Command } from "./command.ts";
import { data } from "./data.ts";
import { GOVERNANCE } from "./governance/table.ts";
import { helpCommand } from "./help.ts";
import { me } from "./me.ts";
import { models } from "./models.ts";
import { pool } from "./pool.ts";
import { poolInvite } from "./pool-invite.ts";
import { poolNodes } from "./pool-nodes.ts";
import { poolSettings } from "./pool-settings.ts";
import { poolWaiting } from "./pool-waiting.ts";
import { report } from "./report.ts";
import { stop } from "./stop.ts";
import { where } from "./where.ts";

/** Every command there is, in the order help lists them. */
export const COMMANDS: readonly Command[] = [
  ask,
  where,
  again,
  stop,
  report,
  me,
  data,
  pool,
  poolSettings,
  poolNodes,
  poolWaiting,
  poolInvite,
  models,
  ...GOVERNANCE,
  helpCommand(() => COMMANDS),
];
