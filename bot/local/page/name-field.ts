import { html } from "lit-html";
import type { Person, PersonId } from "../wire.ts";

/** A person's name, to be changed in place. */
export function nameField(person: Person, rename: (person: PersonId, name: string) => void) {
  return html`<input
    class="name"
    aria-label=${person.id === "first" ? "Name of the first person" : "Name of the second person"}
    maxlength="40"
    spellcheck="false"
    autocomplete="off"
    .value=${person.name}
    @change=${(event: Event) => rename(person.id, (event.target as HTMLInputElement).value)}
    @keydown=${(event: KeyboardEvent) => event.key === "Enter" && (event.target as HTMLElement).blur()}
  />`;
}
