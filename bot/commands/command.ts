import type { AskOptions, Job } from "../../protocol/wire/http.ts";
import type { Actor } from "../../protocol/wire/policy.ts";
import type { PoolClient } from "../pool/client.ts";
import type { View } from "../views/view.ts";
import { ENGLISH, type TextKey, type Words } from "../words/catalogue.ts";

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
  /** The only values there are, and what each is called in the catalogue. */
  readonly choices?: readonly { readonly value: string; readonly word: TextKey }[];
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
  /** Language of what everybody in the community reads; absent: the member's. */
  readonly publicWords?: Words;
  /** What the platform says of the member at this very event; the pool decides what it allows. */
  readonly moderator?: boolean;
  readonly roles?: readonly string[];
  /** Room that this thread hangs in: its settings hold here. */
  readonly parentRoom?: string;
  /** Only the member shall see question and answer. */
  readonly private?: boolean;
  readonly names?: Names;
  /** This door hands files to a member alone. */
  readonly files?: boolean;
  /** This door keeps the messages itself, and forgets those whose author had them erased. */
  readonly keepsMessages?: boolean;
}

/** What a platform calls the ids it gave the pool, and the other way round. */
export interface Names {
  /** How people write it: `#general`, `@Gardeners`, `Ada`; the id where the platform no longer knows it. */
  nameOf(kind: NamedKind, id: string): string;
  /** The id that typed text means, a mention or a name; null when there is no such thing here. */
  idOf(kind: NamedKind, typed: string): string | null;
}
export type NamedKind = "room" | "role" | "account";

const ASIS: Names = { nameOf: (_kind, id) => id, idOf: (_kind, typed) => typed };

/** What comes of a command: one view, or a job whose answer is then followed to its end. */
export type Outcome =
  | {
      readonly kind: "view";
      readonly view: View;
      readonly private: boolean;
      /** Handed to whoever asked, beside the view: only where the context's door hands out files. */
      readonly file?: HandedFile;
      /** The pool has erased what the member wrote. */
      readonly erased?: true;
      /** Said in a room too, as a message of its own: reports go to the moderators, proposals to everybody. */
      readonly elsewhere?: Elsewhere;
    }
  | { readonly kind: "job"; readonly job: Job };

export interface HandedFile {
  readonly name: string;
  /** Media type (RFC 6838). */
  readonly type: string;
  readonly bytes: Uint8Array;
}

export interface Elsewhere {
  readonly room: string;
  readonly view: View;
  /** Only moderators may read it: where the room is everybody's, it is told to them alone. */
  readonly forModerators?: true;
  /** Name of a thread to begin below the message, where the platform has threads. */
  readonly thread?: string;
  /** Called with the platform's own ids once the message stands. */
  posted?(at: { readonly message: string; readonly thread: string | null }): Promise<void>;
}

/** The language of a reply to this event. */
export function wordsOf(context: CommandContext): Words {
  return context.words ?? ENGLISH;
}

export function namesOf(context: CommandContext): Names {
  return context.names ?? ASIS;
}

/** Who acts, as the pool wants to know it. */
export function actorOf(context: CommandContext): Actor {
  const { member, moderator = false, roles = [], community } = context;
  return { account: member, moderator, roles: [...roles], community };
}

/** What the pool is told of somebody who asks, beside the question. */
export function askerOf({ roles, moderator, parentRoom, private: isPrivate }: CommandContext) {
  return {
    ...(roles === undefined ? {} : { roles: [...roles] }),
    ...(moderator === undefined ? {} : { moderator }),
    ...(parentRoom === undefined ? {} : { parentRoom }),
    ...(isPrivate ? { private: true } : {}),
  };
}

/** A view that only the member sees. */
export function privately(view: View): Extract<Outcome, { kind: "view" }> {
  return { kind: "view", view, private: true };
}

/** The answer a command is about: named, replied to, or the last in the room. */
export function answerMeant(context: CommandContext, values: OptionValues): string | null {
  return values.answer ?? context.replyTo ?? context.recentJobs[0] ?? null;
}
