import { openJsonLines } from "../json-lines.ts";
import type { RoomMessage } from "./wire.ts";

/**
 * The room's messages in a file of JSON lines: a message replaces the earlier one of its id, `{id, gone}`
 * takes it away. It lets a reload or a restart show the room again; the answers' truth is in the pool.
 */
export interface Journal {
  /** Messages found at the start, oldest first. */
  readonly found: readonly RoomMessage[];
  write(message: RoomMessage): void;
  remove(id: string): void;
  /** Takes what was removed out of the file as well. */
  forget(): void;
}

/** Older messages are dropped at a restart. */
const KEPT = 500;

/** Boards of earlier versions told less than pages show now; answers and what people said stay. */
const BOARDS = new Set(["pool", "models", "help", "provenance"]);

/** Opens a journal. It is our own file: a line's shape is checked as far as a cut line needs it. */
export function openJournal(file: string): Journal {
  const lines = openJsonLines<RoomMessage & { gone?: true }>(file, {
    parse(text) {
      const value = JSON.parse(text) as RoomMessage;
      return typeof value?.id === "string" && !isOldBoard(value) ? value : null;
    },
    idOf: ({ id }) => id,
    isGone: ({ gone }) => gone === true,
    kept: KEPT,
  });
  return {
    found: lines.found,
    write: (message) => lines.append(message),
    remove: (id) => lines.append({ id, gone: true }),
    forget: () => lines.rewrite(),
  };
}

function isOldBoard({ view }: RoomMessage): boolean {
  if (!view || !BOARDS.has(view.kind)) return false;
  return !("title" in view || "minutes" in view);
}
