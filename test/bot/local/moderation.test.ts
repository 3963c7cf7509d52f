// The commands of moderators and of every member, in the local room's page: its first person moderates.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { answerAtOnce, openTestRoom, type TestRoom } from "./room.ts";

let room: TestRoom;
let page: Page;
before(async () => {
  room = await openTestRoom();
  page = await room.open();
});
after(() => room.close());

/** Types a line as one of the two and sends it. */
async function say(person: "first" | "second", line: string): Promise<void> {
  const field = page.locator(`#${person}-text`);
  await field.fill(line);
  await field.press("Escape");
  await page.locator(`#pane-${person} .send`).click();
}

const inPane = (person: "first" | "second", text: RegExp) =>
  page.locator(`#pane-${person} .private`).filter({ hasText: text }).last().waitFor();

describe("moderation in the local room", () => {
  test("the first person sees and changes settings; the second is refused in words", async () => {
    await say("first", "/pool settings");
    await inPane("first", /Questions a day \(quota_per_day\)/);
    await say("first", "/pool settings quota_per_day 12");
    await inPane("first", /Questions a day: 12 questions/);
    assert.deepEqual(room.fake.community.changes.at(-1)?.changes, { quota_per_day: 12 });
    await say("second", "/pool settings quota_per_day 99");
    await page
      .locator("#pane-second .error")
      .filter({ hasText: /Only moderators/ })
      .waitFor();
  });

  test("tells each what they have left", async () => {
    await say("second", "/me");
    await inPane("second", /18 questions left today/);
  });

  test("shows each what is kept of them, as a file too, and erases it once they said so twice", async () => {
    for (const [person, line, answer] of [
      ["second", "Forget this", "Not for long."],
      ["first", "Keep this", "It stays."],
    ] as const) {
      answerAtOnce(room.fake, answer);
      await say(person, line);
      const shown = page.locator(`#pane-${person} .answer`, { hasText: answer });
      await shown.locator(".footer").waitFor();
    }
    await say("second", "/data");
    await inPane("second", /Questions and their answers\s*1/);
    const link = page.locator("#pane-second").getByRole("link", { name: "Save all of it" });
    const saving = page.waitForEvent("download");
    await link.last().click();
    assert.equal((await saving).suggestedFilename(), "my-data.json");
    await say("second", "/data erase");
    await inPane("second", /Nobody can bring it back/);
    assert.deepEqual(room.fake.community.erasures, []);
    const erase = page
      .locator("#pane-second")
      .getByRole("button", { name: "Erase what I wrote", exact: true });
    await erase.last().click();
    await inPane("second", /2 questions and their answers are erased/);
    assert.deepEqual(room.fake.community.erasures, ["second"]);
    await page.getByText("Forget this").first().waitFor({ state: "detached" });
    assert.doesNotMatch(room.kept(), /Forget this|Not for long/);
    assert.match(room.kept(), /Keep this/);
  });

  test("a report goes to the first person with receipt and buttons, and is dealt with there", async () => {
    room.fake.community.set("report_room", "local");
    const made = new Promise<void>((resolve) => {
      room.fake.onJob = () => resolve();
    });
    await say("second", "What is this?");
    await made;
    const job = room.fake.last();
    job.start();
    job.text("Nonsense.");
    job.done();
    await page.locator("#pane-second .actions .report").first().click();
    assert.equal(await page.locator("#second-text").inputValue(), "/report ");
    await page.locator("#second-text").pressSequentially("It is wrong.");
    await page.locator("#pane-second .send").click();
    await inPane("second", /Thank you/);
    await inPane("first", /A member reported an answer[\s\S]*It is wrong\.[\s\S]*k3xq7v2mfa/);
    assert.equal(await page.locator("#pane-second").getByText("It is wrong.").count(), 0);
    await page.locator("#pane-first").getByRole("button", { name: "Done" }).click();
    await inPane("first", /Dealt with by First member/);
  });

  test("a button that needs a reason puts the command into the field", async () => {
    const bar = page.locator("#pane-first").getByRole("button", { name: /Quarantine: maple/ });
    await bar.last().click();
    const typed = await page.locator("#first-text").inputValue();
    assert.match(typed, /^\/pool nodes bar SHA256:q+ $/);
    await page.locator("#first-text").pressSequentially("writes nonsense");
    await page.locator("#first-text").press("Enter");
    await inPane("first", /maple is in quarantine/);
  });

  test("speaks the community's language once one is set", async () => {
    await say("first", "/pool settings language de");
    await inPane("first", /German|Deutsch/);
    await say("second", "/hilfe");
    await inPane("second", /Was du hier tun kannst/);
    await say("first", "/pool settings language none");
  });
});
