import type { AskOptions, Job } from "../../protocol/wire/http.ts";
import type { PoolClient } from "../pool/client.ts";
import type { View } from "../views/view.ts";
import { ENGLISH, type Words } from "../words/catalogue.ts";

/**
 * A command is a declared value that every door serves: Discord registers it, Matrix and the local room
 * parse it from text, a button presses it. Nothing platform specific belongs here.
 */
export interface Command {
  /** Lower-case letters; what one types after the slash. */
  readonly name: string;
  /** One line, at most 100 characters (Discord's limit). */
  readonly summary: string;
  readonly options: readonly CommandOption[];
  /** Throws PoolError where the pool refuses; the conversation turns it into a notice. */
  run(context: CommandContext, values: OptionValues): Promise<Outcome>;
}

export interface CommandOption {
  readonly name: string;
  readonly summary: string;
  /**
   * `text`: the rest of the line · `word`: one word, `--name value` in text doors ·
   * `first`: the first word after the name · `answer`: an answer; absent, the one replied to or the last in
   * the room.
   */
  readonly type: "text" | "word" | "first" | "answer";
  readonly required: boolean;
}

/** Values by option name, each checked against its type by the parser or by the platform. */
export type OptionValues = Readonly<Record<string, string | undefined>>;

/** Who asks, where, and through which door. Ids are the platform's own. */
export interface CommandContext {
  readonly community: string;
  readonly room: string;
  readonly member: string;
  /** The platform's event id: a double delivery is the same job. */
  readonly requestKey: string;
  /** Job of the answer this event replies to. */
  readonly replyTo: string | null;
  /** Jobs of this room's answers, newest first; the door knows its own messages. */
  readonly recentJobs: readonly string[];
  /** Options the door has of its own, such as a model chooser. */
  readonly askOptions: AskOptions;
  readonly pool: PoolClient;
  /** Language of what only the member sees; absent: English. */
  readonly words?: Words;
}

/** What comes of a command: one view, or a job whose answer is then followed to its end. */
export type Outcome =
  | { readonly kind: "view"; readonly view: View; readonly private: boolean }
  | { readonly kind: "job"; readonly job: Job };

/** The language of a reply to this event. */
export function wordsOf(context: CommandContext): Words {
  return context.words ?? ENGLISH;
}

/** A view that only the member sees. */
export function privately(view: View): Outcome {
  return { kind: "view", view, private: true };
}

/** The answer a command is about: named, replied to, or the last in the room. */
export function answerMeant(context: CommandContext, values: OptionValues): string | null {
  return values.answer ?? context.replyTo ?? context.recentJobs[0] ?? null;
}
