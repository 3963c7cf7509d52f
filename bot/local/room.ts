import type { DisplayText } from "../views/text/sanitise.ts";
import type { View } from "../views/view.ts";
import type { Journal } from "./journal.ts";
import type { PersonId, RoomMessage } from "./wire.ts";

/** What happened in the room; `to` limits who may hear of it. */
export type RoomChange =
  | { readonly kind: "message"; readonly message: RoomMessage }
  | { readonly kind: "removed"; readonly id: string; readonly to: PersonId | null };

/** The messages of the local room, in order, and who is told of changes. */
export interface Room {
  messages(): readonly RoomMessage[];
  find(id: string): RoomMessage | undefined;
  /** Jobs of answers, newest first, each once. */
  recentJobs(): string[];
  add(message: NewMessage): RoomMessage;
  /** Replaces a view. Returns false when there is no such message. */
  replace(id: string, view: View): boolean;
  remove(id: string): void;
  /** Removes what a person said and the answers to it, from the file too. */
  forget(person: PersonId): void;
  subscribe(onChange: (change: RoomChange) => void): () => void;
}

export interface NewMessage {
  readonly from: RoomMessage["from"];
  readonly to?: PersonId | null;
  readonly replyTo?: string | null;
  readonly jobId?: string | null;
  readonly said?: DisplayText;
  readonly view?: View;
}

/** Opens the room with what its journal found. `newId` gives a fresh id per message. */
export function openRoom(journal: Journal, now: () => number, newId: () => string): Room {
  const messages = new Map(journal.found.map((message) => [message.id, message]));
  const listeners = new Set<(change: RoomChange) => void>();
  const tell = (change: RoomChange) => {
    for (const listener of listeners) listener(change);
  };

  function remove(id: string): void {
    const message = messages.get(id);
    if (!message) return;
    messages.delete(id);
    journal.remove(id);
    tell({ kind: "removed", id, to: message.to });
  }

  return {
    messages: () => [...messages.values()],
    find: (id) => messages.get(id),
    recentJobs() {
      const jobs = [...messages.values()].map(({ view }) =>
        view?.kind === "answer" ? view.jobId : null,
      );
      return [...new Set(jobs.reverse())].filter((job) => job !== null);
    },
    add(fresh) {
      const message: RoomMessage = {
        id: newId(),
        atMs: now(),
        from: fresh.from,
        to: fresh.to ?? null,
        replyTo: fresh.replyTo ?? null,
        jobId: fresh.jobId ?? null,
        said: fresh.said ?? null,
        view: fresh.view ?? null,
      };
      messages.set(message.id, message);
      journal.write(message);
      tell({ kind: "message", message });
      return message;
    },
    replace(id, view) {
      const before = messages.get(id);
      if (!before) return false;
      const message = { ...before, view };
      messages.set(id, message);
      // Only what lasts is written: an answer that was under way is taken up again from the pool.
      if (view.kind !== "answer" || view.final) journal.write(message);
      tell({ kind: "message", message });
      return true;
    },
    remove,
    forget(person) {
      for (const { id, from, view } of [...messages.values()]) {
        if (from === person || (view?.kind === "answer" && view.asker === person)) remove(id);
      }
      journal.forget();
    },
    subscribe(onChange) {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
  };
}
