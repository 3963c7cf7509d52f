import type { Command, OptionValues } from "../command.ts";
import { emergency } from "./people.ts";
import { proposal } from "./proposals.ts";
import { vote } from "./vote.ts";

export interface Pressed {
  readonly command: Command;
  readonly values: OptionValues;
}

/**
 * What a button of a proposal's card stands for: `gov:12:yes.2` (a ballot on revision 2), `gov:12:unvote`,
 * `gov:12:back`, `gov:12:hold`, `gov:12:mine`, `second:<id>`. A button that opens a form where a door has forms
 * (`gov:12:vote.2`) shows the card elsewhere: it says how to vote by typing. Null when the id is not ours.
 */
export function pressed(id: string): Pressed | null {
  const second = /^second:([0-9a-f-]{36})$/.exec(id)?.[1];
  if (second !== undefined) {
    return { command: emergency, values: { subject: "second", details: second } };
  }
  const match = /^gov:(\d{1,9}):([a-z]{1,20})(?:\.(\d{1,9}))?$/.exec(id);
  if (match === null) return null;
  const [, number, what, revision] = match;
  switch (what) {
    case "yes":
    case "no":
    case "abstain":
      return { command: vote, values: { number, choice: what, revision } };
    case "unvote":
      return { command: vote, values: { number, choice: "withdraw" } };
    case "back":
    case "hold":
      return { command: proposal, values: { number, act: what } };
    // Doors with files hand out the count; the card names the address elsewhere.
    case "count":
    case "mine":
    case "vote":
    case "change":
      return { command: proposal, values: { number } };
    default:
      return null;
  }
}
