import { type Declared, optionIn, optionKeyOf, summaryIn, usageOf } from "../commands/names.ts";
import { ENGLISH, textAt, type Words } from "../words/catalogue.ts";
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

/** How one command is used: its line, then what each of its parts takes. */
export function commandHelp(command: Declared, words: Words = ENGLISH): HelpView {
  const parts = command.options
    .filter((option) => option.type !== "answer")
    .map((option) => {
      const shown = textAt(words, `${optionKeyOf(command, option)}_name`) ?? option.name;
      const usage = option.type === "word" ? `--${option.name} <${shown}>` : `<${shown}>`;
      return { usage, summary: optionIn(words, command, option) };
    });
  return {
    kind: "help",
    title: words.help_title,
    intro: [],
    commands: [{ usage: usageOf(command, words), summary: summaryIn(words, command) }, ...parts],
  };
}
