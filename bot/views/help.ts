import type { HelpView } from "./view.ts";

/** What help needs of a command: its declaration, not its executor. */
interface Declared {
  readonly name: string;
  readonly summary: string;
  readonly options: readonly {
    readonly name: string;
    readonly type: string;
    readonly required: boolean;
  }[];
}

/** What one can do, with usage lines for doors where commands are typed. */
export function helpView(commands: readonly Declared[]): HelpView {
  return {
    kind: "help",
    intro: [
      "Ask a question and a volunteer's machine answers it. Everybody in the room sees question and answer.",
      "Reply to an answer to go on with its conversation; reply to an older one to start a branch.",
      "Every answer ends with the node and the model that wrote it, what the model was made from, and its receipt.",
    ],
    commands: commands.map((command) => ({ usage: usageOf(command), summary: command.summary })),
  };
}

/** `/ask <question> [--model <model>]` */
export function usageOf(command: Declared): string {
  const options = command.options
    .filter((option) => option.type !== "answer")
    .map((option) => {
      const value =
        option.type === "text" ? `<${option.name}>` : `--${option.name} <${option.name}>`;
      return option.required ? value : `[${value}]`;
    });
  return [`/${command.name}`, ...options].join(" ");
}
