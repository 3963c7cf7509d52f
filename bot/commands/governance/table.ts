import type { Command } from "../command.ts";
import { emergency, link, remind, rules, unlink, vouch } from "./people.ts";
import { poll } from "./poll.ts";
import { proposal, proposals } from "./proposals.ts";
import { propose } from "./propose.ts";
import { vote } from "./vote.ts";

/** Commands of governance, in the order help lists them. */
export const GOVERNANCE: readonly Command[] = [
  propose,
  proposals,
  proposal,
  vote,
  poll,
  rules,
  link,
  unlink,
  vouch,
  remind,
  emergency,
];
