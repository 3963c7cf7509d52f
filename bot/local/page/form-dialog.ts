import { html, nothing, render, type TemplateResult } from "lit-html";
import type { Refusal } from "../wire.ts";
import { closeIcon } from "./icons.ts";
import { t } from "./words.ts";

export interface FormDialog {
  /** Draws the form anew. `content` null: the reason alone, with nothing to send. */
  show(heading: string, content: TemplateResult | null, send: string): void;
  fail(message: string): void;
}

/**
 * A dialog around one form. `submit` resolves to a refusal, which stays above the fields with what was
 * entered, or to null: then it closes and the focus goes back to where it was.
 */
export function openFormDialog(submit: (form: FormData) => Promise<Refusal | null>): FormDialog {
  const dialog = document.createElement("dialog");
  dialog.className = "form-dialog";
  dialog.setAttribute("aria-labelledby", "form-title");
  document.body.append(dialog);
  const opener = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (opener instanceof HTMLElement) opener.focus();
  });
  let shown: Parameters<FormDialog["show"]> = ["…", null, ""];
  let refused: string | null = null;
  let sending = false;

  async function send(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    sending = true;
    const refusal = await submit(new FormData(event.target as HTMLFormElement));
    sending = false;
    if (refusal === null) return dialog.close();
    refused = refusal.text;
    draw();
    dialog.querySelector<HTMLElement>(".error")?.focus();
  }

  function draw(): void {
    const [heading, content, label] = shown;
    render(
      html`<form class="entry" @submit=${send}>
        <header class="where-head">
          <h2 id="form-title">${heading}</h2>
          <button type="button" class="round" aria-label=${t("page_close")} @click=${() => dialog.close()}>
            ${closeIcon}
          </button>
        </header>
        <div class="entry-body">
          ${refused === null ? nothing : html`<p class="error" role="alert" tabindex="-1">${refused}</p>`}
          ${content ?? nothing}
        </div>
        ${
          content === null
            ? nothing
            : html`<footer class="entry-foot">
                <button type="submit" class="button primary">${label}</button>
              </footer>`
        }
      </form>`,
      dialog,
    );
  }

  draw();
  dialog.showModal();
  return {
    show(...next) {
      shown = next;
      draw();
      dialog
        .querySelector<HTMLElement>(".entry-body input, .entry-body select, .entry-body textarea")
        ?.focus();
    },
    fail(message) {
      refused = message;
      draw();
    },
  };
}
