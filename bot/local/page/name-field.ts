import { html } from "lit-html";
import type { Person, PersonId } from "../wire.ts";
import { t } from "./words.ts";

/** A person's name, to be changed in place. */
export function nameField(person: Person, rename: (person: PersonId, name: string) => void) {
  return html`<input
    class="name"
    aria-label=${t(person.id === "first" ? "page_name_first" : "page_name_second")}
    maxlength="40"
    spellcheck="false"
    autocomplete="off"
    .value=${person.name}
    @change=${(event: Event) => rename(person.id, (event.target as HTMLInputElement).value)}
    @keydown=${(event: KeyboardEvent) => event.key === "Enter" && (event.target as HTMLElement).blur()}
  />`;
}
