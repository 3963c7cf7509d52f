import { helpView } from "../views/help.ts";
import { type Command, privately, wordsOf } from "./command.ts";

/** The help command of a table; it lists the table it stands in. */
export function helpCommand(table: () => readonly Command[]): Command {
  return {
    name: "help",
    summary: "What you can do here",
    options: [],
    async run(context) {
      return privately(helpView(table(), wordsOf(context)));
    },
  };
}
