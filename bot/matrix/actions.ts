import type { Command, OptionValues } from "../commands/command.ts";
import { parseAction } from "../commands/parse.ts";
import { COMMANDS } from "../commands/table.ts";

/** What a sign below a message of ours does. */
export type SignAct =
  | { readonly kind: "command"; readonly command: Command; readonly values: OptionValues }
  /** One of the choices of a ballot on a card; `form`: its ballot kind. */
  | {
      readonly kind: "choice";
      readonly number: number;
      readonly revision: number;
      readonly form: string;
      readonly value: string;
    }
  /** A ballot for the member alone. */
  | { readonly kind: "paper"; readonly number: number }
  /** The file with which a vote is counted again. */
  | { readonly kind: "count"; readonly number: number }
  /** The file with an answer and its receipt. */
  | { readonly kind: "save" }
  /** A report was dealt with. */
  | { readonly kind: "handled"; readonly report: string };

/** What a sign does, by its action id, which may come from a message of long ago; null for what is no act. */
export function signAct(id: string): SignAct | null {
  const choice = /^ballot:(\d{1,9})\.(\d{1,9}):([a-z-]{1,20}):([A-Za-z]{1,10})$/.exec(id);
  if (choice) {
    const [number = 0, revision = 0] = choice.slice(1, 3).map(Number);
    const [, , , form = "", value = ""] = choice;
    return { kind: "choice", number, revision, form, value };
  }
  const about = /^gov:(\d{1,9}):(vote|change|count)\b/.exec(id);
  if (about) {
    return { kind: about[2] === "count" ? "count" : "paper", number: Number(about[1]) };
  }
  const report = /^handled:([0-9a-f-]{36})$/.exec(id)?.[1];
  if (report !== undefined) return { kind: "handled", report };
  if (id.startsWith("save:")) return { kind: "save" };
  const parsed = parseAction(id, COMMANDS);
  return parsed?.kind === "command" ? parsed : null;
}
