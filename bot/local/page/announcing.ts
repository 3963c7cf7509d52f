import type { ShownMessage, Snapshot } from "../wire.ts";
import { nameOf } from "./message.ts";
import { t } from "./words.ts";

const announcer = document.getElementById("announcer") as HTMLElement;

/** Screen readers hear finished answers and private replies, not every edit. */
export function announceMessage(message: ShownMessage, before: Snapshot, room: Snapshot): void {
  const { view } = message;
  const earlier = before.messages.find(({ id }) => id === message.id)?.view;
  if (view?.kind === "answer") {
    const wasFinal = earlier?.kind === "answer" && earlier.final;
    if (view.final && !wasFinal) {
      announce(t("page_answer_said", { text: [view.text, ...view.notices].join(" ") }));
    }
  } else if (message.to === null && view?.kind === "notice") {
    announce(view.text);
  } else if (message.to !== null) {
    announce(t("page_private_for", { name: nameOf(room, message.to) }));
  }
}

/** Says something to whoever does not look at the page. */
export function announce(text: string): void {
  announcer.textContent = text.slice(0, 1000);
}
