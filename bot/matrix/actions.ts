import type { Command, OptionValues } from "../commands/command.ts";
import { parseAction } from "../commands/parse.ts";
import { COMMANDS } from "../commands/table.ts";

/** What a sign below a message does, by its action id; null for what needs a form that rooms do not have. */
export function actionOf(
  id: string,
): { readonly command: Command; readonly values: OptionValues } | null {
  const parsed = parseAction(id, COMMANDS);
  return parsed?.kind === "command" ? parsed : null;
}

/** The door's own action: it is about files, which only platforms have. */
export function isSave(id: string): boolean {
  return id.startsWith("save:");
}
