import { ENGLISH, textAt, type Words } from "../words/catalogue.ts";

/** What is needed of a command to name it: its declaration, not its executor. */
export interface Declared {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly DeclaredOption[];
}

export interface DeclaredOption {
  readonly name: string;
  readonly summary: string;
  readonly type: string;
  readonly required: boolean;
}

/** Prefix of a command's entries in the catalogue: `pool settings` → `pool_settings`. */
export function keyOf({ name }: Pick<Declared, "name">): string {
  return name.replaceAll(" ", "_");
}

/** Key of an option's line; its name's is the same with `_name`. Answers and models are told alike everywhere. */
export function optionKeyOf(command: Pick<Declared, "name">, option: DeclaredOption): string {
  if (option.type === "answer") return "answer";
  return option.name === "model" ? "ask_model" : `${keyOf(command)}_${option.name}`;
}

/** Of commands that share their first word, the one without a second is this subcommand where a platform has those. */
export const BARE = "show";

/** A command's line in these words; its own where the catalogue has none. */
export function summaryIn(words: Words, command: Declared): string {
  return textAt(words, `${keyOf(command)}_summary`) ?? command.summary;
}

/** A command's name as people type it in this language, without the slash. */
export function nameIn(words: Words, command: Pick<Declared, "name">): string {
  return textAt(words, `${keyOf(command)}_name`) ?? command.name;
}

/** An option's line. */
export function optionIn(
  words: Words,
  command: Pick<Declared, "name">,
  option: DeclaredOption,
): string {
  return textAt(words, optionKeyOf(command, option)) ?? option.summary;
}

/** `/ask <question> [--model <model>]` */
export function usageOf(command: Declared, words: Words = ENGLISH): string {
  const options = command.options
    .filter((option) => option.type !== "answer")
    .map((option) => {
      const shown = textAt(words, `${optionKeyOf(command, option)}_name`) ?? option.name;
      const value = option.type === "word" ? `--${option.name} <${shown}>` : `<${shown}>`;
      return option.required ? value : `[${value}]`;
    });
  return [`/${nameIn(words, command)}`, ...options].join(" ");
}
