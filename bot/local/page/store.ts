import type { PersonId, RoomEvents, ShownMessage, Snapshot } from "../wire.ts";
import { t } from "./words.ts";

/** What one composer holds besides its text, which stays in its text field. */
export interface Draft {
  readonly replyTo: string | null;
  readonly error: { readonly code: string; readonly text: string } | null;
  readonly sending: boolean;
  /** The slash menu: place of the marked command; null when closed. */
  readonly menuAt: number | null;
  readonly typed: string;
  /** Id of the event being sent; the same until the text changes, so that a repeated try asks once. */
  readonly key: string | null;
}

export const EMPTY_DRAFT: Draft = {
  replyTo: null,
  error: null,
  sending: false,
  menuAt: null,
  typed: "",
  key: null,
};

/** All the page knows; every change makes a new one and draws it. */
export interface PageState {
  readonly room: Snapshot | null;
  readonly connected: boolean;
  readonly drafts: Readonly<Record<PersonId, Draft>>;
  /** The person whose pane a narrow screen shows. */
  readonly active: PersonId;
  /** SHA-256 of the chosen model; null: automatic. */
  readonly model: string | null;
  readonly narrow: boolean;
  /** People with something new in a pane that is not shown. */
  readonly unread: Readonly<Record<PersonId, boolean>>;
}

/** The room after one event from the server. */
export function applyRoomEvent<E extends keyof RoomEvents>(
  room: Snapshot | null,
  event: E,
  data: RoomEvents[E],
): Snapshot | null {
  if (event === "snapshot") return data as Snapshot;
  if (!room) return null;
  switch (event) {
    case "message":
      return { ...room, messages: upsert(room.messages, data as ShownMessage) };
    case "removed": {
      const { id } = data as RoomEvents["removed"];
      return { ...room, messages: room.messages.filter((message) => message.id !== id) };
    }
    case "people": {
      const everybody = data as RoomEvents["people"];
      const people = room.people.map(({ id }) => everybody.find((one) => one.id === id));
      return { ...room, everybody, people: people.filter((one) => one !== undefined) };
    }
    case "limits":
      return { ...room, limitsId: data as RoomEvents["limits"] };
    case "sight":
      return { ...room, sight: data as RoomEvents["sight"] };
    default:
      return room;
  }
}

function upsert(messages: readonly ShownMessage[], message: ShownMessage): readonly ShownMessage[] {
  const at = messages.findIndex(({ id }) => id === message.id);
  return at === -1 ? [...messages, message] : messages.with(at, message);
}

/** What a short quote of a message says. */
export function quoteOf(message: ShownMessage): string {
  const { view } = message;
  const text = message.said ?? (view?.kind === "answer" ? view.text || (view.status ?? "") : "");
  const line = text
    .replace(/[*`#]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return line.length > 90 ? `${line.slice(0, 89)}…` : line || t("page_private_reply");
}
