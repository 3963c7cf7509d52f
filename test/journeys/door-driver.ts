import type { View } from "../../bot/views/view.ts";

/** A message as a person in the room sees it. */
export interface Seen {
  readonly id: string;
  /** Null for what a person wrote. */
  readonly view: View | null;
  readonly replyTo: string | null;
  /** True when nobody else sees it. */
  readonly private: boolean;
}

export interface Saying {
  /** Message this one replies to. */
  readonly replyTo?: string;
  /** Model by name, id or digest. */
  readonly model?: string;
  /** Keep the question when no node can answer it now. */
  readonly wait?: boolean;
}

/** A person in a room of some platform. Every wait ends with the event or with the test's own limit. */
export interface PersonDriver {
  readonly id: string;
  /** Sends a line and resolves to the room's first reply to it, or to the refusal shown to this person. */
  say(text: string, saying?: Saying): Promise<Seen | { readonly refusal: string }>;
  /** Presses a button below an answer: `where`, `stop`, `again`. Resolves when the platform took it. */
  press(message: Seen, button: "where" | "stop" | "again"): Promise<void>;
  /** Resolves to the first message, among those there and those to come, that this person sees and `wanted` accepts. */
  sees(wanted: (message: Seen) => boolean): Promise<Seen>;
  /** The export of the answer in `message`, as the platform hands it out. */
  saveAnswer(message: Seen): Promise<Uint8Array>;
}

/** A room with two people, driven from outside as people would. Each door has its own. */
export interface DoorDriver {
  readonly name: string;
  readonly people: readonly [PersonDriver, PersonDriver];
  close(): Promise<void>;
}
