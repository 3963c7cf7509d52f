import type { PersonId, ShownMessage, Snapshot } from "../wire.ts";
import { domId } from "./message.ts";

/** A pane follows its newest message as long as its reader is at the end. */
const NEAR_END_PX = 80;

/** Where a pane was put to show a card from its title on: until its reader moves it, it follows nothing. */
const leftAt = new WeakMap<Element, number>();

export function isAtEnd(box: Element): boolean {
  if (leftAt.get(box) === box.scrollTop) return false;
  return box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END_PX;
}

export function scrollToEnd(person: PersonId): void {
  const box = boxOf(person);
  if (!box) return;
  leftAt.delete(box);
  box.scrollTop = box.scrollHeight;
}

/** A new card that is longer than its pane is read from its title on; words that come are followed to their end. */
export function showFromTheStart({ id, view }: ShownMessage, before: Snapshot): void {
  if (view === null || view.kind === "answer" || before.messages.some((one) => one.id === id)) {
    return;
  }
  for (const { id: person } of before.people) {
    const box = boxOf(person);
    const card = document.getElementById(domId(person, id));
    if (!box || !card || !isAtEnd(box) || card.offsetHeight <= box.clientHeight) continue;
    box.scrollTop += card.getBoundingClientRect().top - box.getBoundingClientRect().top;
    leftAt.set(box, box.scrollTop);
  }
}

function boxOf(person: PersonId): Element | null {
  return document.querySelector(`#pane-${person} .scroll`);
}
