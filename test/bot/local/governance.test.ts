// A poll in the local room's page over a real pool: the form by keyboard, the result as a picture, nothing in axe's way.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { chromium, type Locator } from "playwright-core";
import { startBot } from "../../../bot/start.ts";
import { GovernedPool } from "../../governance/support/governed-pool.ts";
import { HANGS_MS } from "../../support/awaited.ts";
import { scratch } from "../../support/services.ts";
import { say } from "./room.ts";

test("ranks options by keyboard and shows the result as a picture", {
  timeout: 300_000,
}, async () => {
  const others = ["discord:1001", "discord:1002"];
  const pool = await GovernedPool.start(others, { poolModerators: ["first", "second"] });
  const { url: apiUrl, serviceToken } = pool.pool.api;
  const dataDir = scratch("governance-page-");
  const bot = await startBot({
    ...{ apiUrl, serviceToken, dataDir, community: "local" },
    ...{ localHost: "127.0.0.1", localPort: 0 },
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const serious = async () => {
    await page.evaluate(AXE);
    const { violations } = (await page.evaluate("axe.run()")) as {
      violations: { id: string; impact: string }[];
    };
    return violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  };
  try {
    page.setDefaultTimeout(HANGS_MS);
    await page.goto(`${bot.url}first`);
    await page.locator(".pane").waitFor();
    await say(page, "first", "/poll --method irv Which snack? | Apples | Bread | Cheese");
    const card = page.locator(".told", { hasText: "Who may vote" });
    await card.getByRole("button", { name: "Vote" }).press("Enter");
    const form = page.getByRole("dialog", { name: "Proposal 1: Which snack?" });
    await form.locator("select").first().press("1");
    await form.locator("select").nth(2).press("2");
    assert.deepEqual(await serious(), []);
    await form.getByRole("button", { name: "Cast ballot" }).press("Enter");
    await page.locator(".private", { hasText: "not what it says" }).waitFor();
    await card.getByText("1 ballot so far").waitFor();
    // On a phone the card is longer than the screen: whoever votes on it is brought to what came of it.
    await card.getByRole("button", { name: "My ballot" }).click();
    const mine = page.locator(".private").last();
    await mine.getByText("Your ballot").last().waitFor();
    await untilInSight(mine.getByRole("heading", { level: 3 }));
    await pool.vote(1, "second", "B>A");
    for (const other of others) await pool.vote(1, other, "C>B");
    await pool.closeVote(1);
    await card.getByRole("img", { name: "Result of proposal 1" }).waitFor();
    const link = card.getByRole("link", { name: "Save the count" });
    const saving = page.waitForEvent("download");
    await link.press("Enter");
    assert.equal((await saving).suggestedFilename(), "proposal-1.json");
    assert.deepEqual(await serious(), []);
  } finally {
    await browser.close();
    await bot.close();
    await pool.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
});

const AXE = (createRequire(import.meta.url)("axe-core") as { source: string }).source;

/** Waits until the element is within what its scrolling box shows. */
async function untilInSight(element: Locator): Promise<void> {
  await element.evaluate(
    (one) =>
      new Promise<void>((resolve) => {
        new IntersectionObserver((seen, observer) => {
          if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
          observer.disconnect();
          resolve();
        }).observe(one);
      }),
  );
}
