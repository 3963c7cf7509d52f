import { type Declared, summaryIn, usageOf } from "../commands/names.ts";
import { ENGLISH, type Words } from "../words/catalogue.ts";
import type { HelpView } from "./view.ts";

/** What one can do, with usage lines for doors where commands are typed. */
export function helpView(commands: readonly Declared[], words: Words = ENGLISH): HelpView {
  return {
    kind: "help",
    title: words.help_title,
    intro: [words.help_ask, words.help_reply, words.help_footer],
    commands: commands.map((command) => ({
      usage: usageOf(command, words),
      summary: summaryIn(words, command),
    })),
  };
}
