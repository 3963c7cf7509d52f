import type { Pace } from "./stream/pacer.ts";
import type { View } from "./views/view.ts";

/** What a platform allows in one message, and how often a message may be edited. */
export interface DoorLimits {
  readonly id: string;
  /** The platform's name. */
  readonly label: string;
  readonly maxChars: number;
  readonly pace: Pace;
}

/** One message as a door sends it. */
export interface Outgoing {
  readonly view: View;
  /** Message this one answers; ids are the door's own. */
  readonly replyTo: string | null;
}

/**
 * What a platform has to be able to do. Discord, Matrix and the local room implement it; nothing else of a
 * platform is seen outside its folder. A door turns events into lines or presses for the conversation
 * (conversation.ts) and renders views, escaping whatever its markup makes of text.
 */
export interface Door {
  readonly name: string;
  /** Read once per answer, so that a change holds from the next one on. */
  limits(): DoorLimits;
  /** Sends a message everybody in the room sees and returns its id. */
  post(room: string, message: Outgoing): Promise<string>;
  /** Replaces a message. Throws MessageGone when it was deleted or may not be edited any more. */
  edit(room: string, id: string, message: Outgoing): Promise<void>;
  /** Resolves when the platform's limits leave room for an edit; absent: there is always room. */
  turn?(room: string): Promise<void>;
  /** Takes a message away; nothing happens when it is gone already. */
  remove(room: string, id: string): Promise<void>;
  /** Sends a view that only this member sees. */
  whisper(room: string, member: string, message: Outgoing): Promise<void>;
}

/** Limits of the platforms, as measured and documented (sources in the design's section 8). */
export const LIMITS = {
  local: {
    id: "local",
    label: "Local",
    maxChars: 20_000,
    pace: { minGapMs: 50, growth: 1, maxGapMs: 50, maxEdits: null },
  },
  /** 2,000 characters in a plain message; edits at least 1.25 s apart. */
  discord: {
    id: "discord",
    label: "Discord",
    maxChars: 2000,
    pace: { minGapMs: 1250, growth: 1, maxGapMs: 1250, maxEdits: null },
  },
  /** An edit is a full event of at most 64 KiB that holds the text about four times; few of them. */
  matrix: {
    id: "matrix",
    label: "Matrix",
    maxChars: 12_000,
    pace: { minGapMs: 1000, growth: 1.5, maxGapMs: 10_000, maxEdits: 12 },
  },
} as const satisfies Record<string, DoorLimits>;
