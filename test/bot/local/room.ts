import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { type RunningBot, startBot } from "../../../bot/start.ts";
import { HANGS_MS } from "../../support/awaited.ts";
import { type FakePool, startFakePool } from "../fake-pool.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";

/** A local room in a real browser over a fake pool; everything is gone after `close`. */
export interface TestRoom {
  readonly fake: FakePool;
  readonly browser: Browser;
  bot: RunningBot;
  /** Stops the bot and starts it again on the same data, as after a crash or an update. */
  restart(): Promise<void>;
  open(options?: BrowserContextOptions, path?: string): Promise<Page>;
  /** The file in which the room keeps its messages. */
  kept(): string;
  close(): Promise<void>;
}

export async function openTestRoom(): Promise<TestRoom> {
  const dataDir = await mkdtemp(join(tmpdir(), "substrate-room-"));
  const fake = await startFakePool();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
  const start = (port: number) =>
    startBot({
      apiUrl: fake.url,
      serviceToken: SERVICE_TOKEN,
      dataDir,
      localHost: "127.0.0.1",
      localPort: port,
      community: "local",
    });
  const room: TestRoom = {
    fake,
    browser,
    bot: await start(0),
    async restart() {
      const { port } = new URL(room.bot.url);
      await room.bot.close();
      room.bot = await start(Number(port));
    },
    async open(options = {}, path = "") {
      const context = await browser.newContext({
        viewport: { width: 1280, height: 860 },
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(HANGS_MS);
      await page.goto(room.bot.url + path);
      await page.locator(".pane").first().waitFor();
      return page;
    },
    kept: () => readFileSync(join(dataDir, "local-room", "messages.jsonl"), "utf8"),
    async close() {
      await browser.close();
      await room.bot.close();
      await fake.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
  return room;
}

/** Types a line as one person and sends it with Enter, once the one before it has been taken. */
export async function say(page: Page, person: "first" | "second", text: string): Promise<void> {
  await page.locator(`#pane-${person} .send:enabled`).waitFor();
  await page.locator(`#${person}-text`).fill(text);
  await page.locator(`#${person}-text`).press("Enter");
}

/** Resolves when a line that was sent has been taken: its field is empty again. What it says may be shown sooner. */
export function untilTaken(page: Page, person: "first" | "second"): Promise<void> {
  return page.locator(`#${person}-text:placeholder-shown`).waitFor();
}

/** A pool that answers at once, the same to everybody. */
export function answerAtOnce(fake: FakePool, text: string): void {
  fake.onJob = (job) => {
    job.start();
    job.text(text);
    job.done();
  };
}
