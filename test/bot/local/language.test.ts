// The page in its reader's language: what stands around messages, forms, private replies; and the community's own.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { answerAtOnce, openTestRoom, say, type TestRoom } from "./room.ts";

describe("the local room's language", { timeout: 300_000 }, () => {
  let room: TestRoom;
  let page: Page;
  before(async () => {
    room = await openTestRoom();
    page = await room.open({ locale: "de-AT" }, "first");
  });
  after(() => room.close());

  test("is the browser's, all over the page", async () => {
    await page.getByText("Frag die KI deiner Gemeinschaft").waitFor();
    await page.getByText(/1 Knoten da/).waitFor();
    assert.equal(await page.locator("html").getAttribute("lang"), "de");
    assert.deepEqual(await english(page), []);
    answerAtOnce(room.fake, "Jedes Mitglied hat eine Stimme.");
    await say(page, "first", "Wie wird hier abgestimmt?");
    await page.getByRole("button", { name: "Woher kam diese Antwort?" }).click();
    await page.getByRole("dialog", { name: "Woher kam diese Antwort?" }).waitFor();
    await page.getByText("Prüfungen, die liefen").waitFor();
    await page.getByRole("button", { name: "Schließen" }).click();
    await say(page, "first", "/ich");
    await page.locator(".private", { hasText: "Das siehst nur du" }).waitFor();
    assert.deepEqual(await english(page), []);
  });

  test("names people and suggests questions and commands in it", async () => {
    const other = await room.open({ locale: "de-DE" });
    const second = other.getByRole("textbox", { name: "Name der zweiten Person" });
    assert.equal(await second.inputValue(), "Zweites Mitglied");
    await other.locator("#second-text").fill("/me");
    await other.locator("#pane-second .menu").getByText("/ich").waitFor();
    await other.locator("#second-text").press("Enter");
    await other.locator("#pane-second .private", { hasText: "Deine Konten" }).last().waitFor();
    await other.context().close();
  });

  test("is another for another reader, and the community's for all once it chose one", async () => {
    const other = await room.open({ locale: "fr-FR" }, "second");
    await other.getByText("Interrogez").or(other.getByPlaceholder("Interrogez")).first().waitFor();
    await say(page, "first", "/pool settings language es");
    for (const each of [page, other]) await each.getByPlaceholder("Pregunta al grupo").waitFor();
    await other.context().close();
  });
});

/** English words of the page that a reader of another language would meet. */
function english(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const words =
      /\b(the|you|your|reply|message|settings|close|send|ask|answer|from|member|what)\b/i;
    const named = [...document.querySelectorAll("[aria-label], [placeholder]")].flatMap((one) => [
      one.getAttribute("aria-label") ?? "",
      one.getAttribute("placeholder") ?? "",
    ]);
    const shown = [...document.querySelectorAll("h1, h2, h3, h4, p, button, label, legend, dt")]
      .filter((one) => !one.closest(".prose, h1"))
      .map((one) => one.textContent ?? "");
    return [...named, ...shown].map((text) => text.trim()).filter((text) => words.test(text));
  });
}
