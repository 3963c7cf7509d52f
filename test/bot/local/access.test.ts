import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import type { BrowserContextOptions, Page } from "playwright-core";
import { answerAtOnce, openTestRoom, say, type TestRoom } from "./room.ts";

const axeSource = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);
const phone: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** Serious and critical findings of axe-core, as `rule: element`. */
async function findings(page: Page): Promise<string[]> {
  // Injected by the browser's debugger, past the page's own content security policy.
  await page.evaluate(axeSource);
  return page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run();
    return violations
      .filter(({ impact }) => impact === "serious" || impact === "critical")
      .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  });
}

describe("the room for everybody", { timeout: 300_000 }, () => {
  let room: TestRoom;
  before(async () => {
    room = await openTestRoom();
    answerAtOnce(
      room.fake,
      "See [this](https://example.org).\n\n```js\nlet long = `" +
        "x".repeat(300) +
        "`;\n```\n\n|a|b|\n|-|-|\n|1|2|",
    );
    const page = await room.open();
    await say(page, "first", "A question");
    await page.locator("#pane-first").getByText("receipt").waitFor();
    for (const command of ["/pool", "/models", "/help"]) {
      await say(page, "first", command);
    }
    await page.locator("#pane-first .private").nth(2).waitFor();
    room.fake.onJob = (job) => job.queued(2, 4000);
    await say(page, "second", "Another");
    await page.locator("#pane-first .status").waitFor();
    await page.context().close();
  });
  after(() => room.close());

  for (const colorScheme of ["light", "dark"] as const) {
    for (const [where, options] of [
      ["a wide screen", {}],
      ["a phone", phone],
    ] as const) {
      test(`has nothing serious against it on ${where}, ${colorScheme}`, async () => {
        const page = await room.open({ ...options, colorScheme, reducedMotion: "reduce" });
        assert.deepEqual(await findings(page), []);
        await page.locator("#first-text").fill("/nothing");
        await page.locator("#first-text").press("Enter");
        await page.getByRole("alert").waitFor();
        await page.locator("#first-text").fill("/");
        await page.getByRole("listbox").waitFor();
        assert.deepEqual(await findings(page), []);
        await page.locator("#first-text").fill("");
        await page.locator("#pane-first .where").first().click();
        await page.getByRole("dialog").getByText("Checks that ran").waitFor();
        assert.deepEqual(await findings(page), []);
        await page.context().close();
      });
    }
  }

  test("fits a phone without sideways scrolling, one pane at a time", async () => {
    const page = await room.open(phone);
    const overflow = () =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    assert.equal(await overflow(), 0);
    assert.equal(await page.locator("#pane-second").isVisible(), false);
    await page.getByRole("tab", { name: /Second member/ }).click();
    await page.locator("#second-text").waitFor();
    assert.equal(await page.locator("#pane-first").isVisible(), false);
    const composer = await page.locator("#second-text").boundingBox();
    assert.ok(composer && composer.y + composer.height < 844);
    await page.locator("summary", { hasText: "Settings" }).click();
    await page.getByText("Like Matrix").waitFor();
    assert.equal(await overflow(), 0);
    await page.context().close();
  });

  test("is used from question to receipt without a mouse", async () => {
    answerAtOnce(room.fake, "By keyboard.");
    const page = await room.open();
    const focused = () => page.evaluate(() => document.activeElement?.id);
    for (let presses = 0; presses < 80 && (await focused()) !== "first-text"; presses++) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.type("Can I?");
    await page.keyboard.press("Enter");
    await page.locator("#pane-first .prose", { hasText: "By keyboard." }).waitFor();
    const where = () => page.evaluate(() => document.activeElement?.className ?? "");
    for (let presses = 0; presses < 40 && !(await where()).includes("where"); presses++) {
      await page.keyboard.press("Shift+Tab");
    }
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    assert.match(await where(), /where/);
    await page.context().close();
  });
});
