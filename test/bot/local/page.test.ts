import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { Page } from "playwright-core";
import { answerAtOnce, openTestRoom, say, type TestRoom, untilTaken } from "./room.ts";

describe("the local room", { timeout: 300_000 }, () => {
  let room: TestRoom;
  let page: Page;
  const pane = (person: "first" | "second") => page.locator(`#pane-${person}`);

  before(async () => {
    room = await openTestRoom();
    page = await room.open();
  });
  beforeEach(() => answerAtOnce(room.fake, "Members have one vote each."));
  after(() => room.close());

  test("shows question and answer to both people, with footer and buttons", async () => {
    await say(page, "first", "How does voting work here?");
    for (const person of ["first", "second"] as const) {
      await pane(person).locator(".prose", { hasText: "Members have one vote each." }).waitFor();
      await pane(person).locator(".bubble", { hasText: "How does voting work here?" }).waitFor();
      await pane(person)
        .getByText(/node "maple" · .* · receipt k3xq7v2mfa/)
        .waitFor();
    }
    await untilTaken(page, "first");
  });

  test("streams: the place in the queue, the first words, the rest", async () => {
    room.fake.onJob = (job) => job.queued(2, 12_000);
    await say(page, "first", "Slowly, please");
    const answer = pane("first").locator(".answer").last();
    await answer.getByText("2 answers ahead · about 12 s").waitFor();
    const job = room.fake.last();
    job.start("rowan");
    job.text("First words");
    await answer.getByText("First words").waitFor();
    assert.equal(await answer.getAttribute("aria-busy"), "true");
    job.moved();
    await answer.getByText(/"maple" left|starts again/).waitFor();
    job.start("maple");
    job.text("Whole answer.");
    job.done();
    await answer.locator(".prose", { hasText: "Whole answer." }).waitFor();
    await answer.getByText("receipt").waitFor();
    assert.equal(await answer.getAttribute("aria-busy"), null);
  });

  test("goes on with an answer's conversation when one replies to it, and branches from an older one", async () => {
    const answers = pane("second").locator(".answer");
    const known = await answers.count();
    await say(page, "first", "Start here");
    const reply = answers.nth(known).getByRole("button", { name: /^Reply/ });
    await reply.waitFor();
    const started = room.fake.last().job.id;
    await say(page, "first", "Something else");
    await answers.nth(known + 1).waitFor();
    await reply.click();
    await pane("second").getByText("Branch from").waitFor();
    await say(page, "second", "And then?");
    await pane("first").locator(".said .quote").last().waitFor();
    await answers
      .nth(known + 2)
      .locator(".footer")
      .waitFor();
    assert.equal(room.fake.asked.at(-1)?.continues, started);
  });

  test("keeps private replies in the pane of the person who asked", async () => {
    await say(page, "second", "/pool");
    await pane("second").locator(".private", { hasText: "The last hour" }).waitFor();
    assert.equal(await pane("first").locator(".private", { hasText: "The last hour" }).count(), 0);
    const other = await room.open({}, "first");
    await other.locator(".bubble").first().waitFor();
    assert.equal(await other.getByText("The last hour").count(), 0);
    const status = await other.evaluate(async () => (await fetch("/room/events?as=second")).status);
    assert.equal(status, 403);
    await other.context().close();
  });

  test("stops an answer once, also when pressed twice, and only its asker can", async () => {
    room.fake.onJob = (job) => {
      job.start();
      job.text("On and on");
    };
    await say(page, "first", "Write a book");
    const stop = pane("first").getByRole("button", { name: "Stop" });
    await stop.waitFor();
    assert.equal(await pane("second").getByRole("button", { name: "Stop" }).count(), 0);
    await stop.dblclick();
    await pane("second").getByText("Stopped; this is the part that was written.").waitFor();
    assert.equal(await pane("first").locator(".error").count(), 0);
  });

  test("asks again from the button", async () => {
    const answers = pane("first").locator(".answer");
    const before = await answers.count();
    await say(page, "first", "Once more");
    await answers.nth(before).getByRole("button", { name: "Ask again" }).click();
    await answers
      .nth(before + 1)
      .locator(".prose", { hasText: "Members have" })
      .waitFor();
    assert.equal(room.fake.last().job.member, "first");
  });

  test("tells where an answer came from, as a picture and in words, and saves its receipt", async () => {
    const before = await pane("first").locator(".answer").count();
    await say(page, "first", "Where from?");
    await pane("first").locator(".answer").nth(before).locator(".footer").waitFor();
    const button = pane("first")
      .locator(".answer")
      .last()
      .getByRole("button", { name: "Where did this answer come from?" });
    await button.focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Where did this answer come from?" });
    await dialog
      .getByRole("img", { name: "From the asker to the training data" })
      .first()
      .waitFor();
    for (const text of [
      "Checks that ran",
      "Checks that did not run",
      "SHA-256 of its file",
      "Temperature",
      "Ed25519 signature",
      "How to verify it yourself",
    ]) {
      await dialog.getByText(text, { exact: true }).waitFor();
    }
    const downloading = page.waitForEvent("download");
    await dialog.getByRole("link", { name: "Save answer and receipt" }).click();
    assert.match((await downloading).suggestedFilename(), /^answer-[0-9a-f]{8}\.zip$/);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });
    assert.equal(await button.evaluate((node) => node === document.activeElement), true);
  });

  test("opens the command menu with a slash and works it by keyboard", async () => {
    const text = page.locator("#first-text");
    await text.fill("");
    await text.pressSequentially("/mo");
    await page.getByRole("option", { name: /models/ }).waitFor();
    await text.press("Tab");
    assert.equal(await text.inputValue(), "/models ");
    await text.press("Enter");
    await pane("first").locator(".private", { hasText: "Substrate demo" }).waitFor();
    await untilTaken(page, "first");
    await text.pressSequentially("/");
    await text.press("ArrowUp");
    assert.match(
      (await page.locator("[aria-selected=true][role=option]").textContent()) ?? "",
      /help/,
    );
    await text.press("Escape");
    assert.equal(await page.getByRole("listbox").count(), 0);
    await text.fill("");
  });

  test("keeps the text and says what is wrong with it", async () => {
    const text = page.locator("#first-text");
    const error = pane("first").locator(".error");
    await say(page, "first", "   ");
    await error.getByText("There is no question yet.").waitFor();
    const long = "word ".repeat(10_000);
    await say(page, "first", long);
    await error.getByText(/more than 8,000 characters/).waitFor();
    assert.equal((await text.inputValue()).length, 50_000);
    await text.fill("");
    await error.waitFor({ state: "detached" });
    await say(page, "first", "/modles");
    await error.getByText("Did you mean /models?").waitFor();
    room.fake.refuseOnce("POST /v1/jobs", 503, "no_node", "No machine with this model is online.");
    await say(page, "first", "Anybody?");
    await error.getByRole("button", { name: "Ask, and wait for a node" }).click();
    await pane("second").locator(".bubble", { hasText: "Anybody?" }).waitFor();
    await untilTaken(page, "first");
    assert.equal(room.fake.asked.at(-1)?.options?.wait, true);
  });

  test("shows markup from people and models as text, and pings nobody", async () => {
    answerAtOnce(room.fake, "<img src=x onerror=alert(1)> @everyone [bank](https://evil.example)");
    await say(page, "first", "<b>@everyone</b> **look**");
    const said = pane("second").locator(".bubble").last();
    await said.getByText("<b>@\u200beveryone</b> **look**").waitFor();
    const prose = pane("second").locator(".answer").last().locator(".prose");
    await prose.getByText("(evil.example)").waitFor();
    assert.equal(await prose.locator("img").count(), 0);
    assert.match(
      (await prose.textContent()) ?? "",
      /<img src=x onerror=alert\(1\)> @\u200beveryone/,
    );
  });

  test("splits a long answer as the chosen platform would", async () => {
    const choose = async (platform: string) => {
      const chosen = page.waitForResponse(/\/limits$/);
      await page.getByRole("radio", { name: platform }).check();
      await chosen;
    };
    answerAtOnce(room.fake, "A paragraph of thirty characters.\n\n".repeat(150));
    await choose("Like Discord");
    const before = await pane("first").locator(".answer").count();
    await say(page, "first", "Long, please");
    await pane("first")
      .locator(".answer")
      .nth(before + 2)
      .getByText("receipt")
      .waitFor();
    assert.equal(await pane("first").locator(".answer").count(), before + 3);
    await choose("Local");
  });

  test("carries a new name to both panes", async () => {
    const name = page.getByRole("textbox", { name: "Name of the first person" });
    await name.fill("Ada");
    await name.press("Enter");
    await pane("second").locator(".meta", { hasText: "Ada" }).first().waitFor();
  });

  test("shows the room again after a reload and after a restart, and old buttons work", async () => {
    room.fake.onJob = (job) => {
      job.start();
      job.text("Still being");
    };
    await say(page, "second", "Across a restart");
    await pane("first").getByText("Still being").waitFor();
    await page.locator("#second-text").fill("half a thought");
    await room.restart();
    room.fake.last().text(" written.");
    room.fake.last().done();
    // The page finds the room again by itself …
    await pane("first").locator(".prose", { hasText: "Still being written." }).waitFor();
    // … and a new one shows the same.
    await page.reload();
    const answer = pane("first").locator(".answer").last();
    await answer.locator(".prose", { hasText: "Still being written." }).waitFor();
    assert.equal(await page.locator("#second-text").inputValue(), "half a thought");
    await page.locator("#second-text").fill("");
    await answer.getByRole("button", { name: "Where did this answer come from?" }).click();
    await page.getByRole("dialog").getByText("Checks that ran").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
  });

  test("keeps every command of the menu in sight of who walks it by keyboard", async () => {
    const field = page.locator("#second-text");
    await field.fill("/");
    const menu = pane("second").getByRole("listbox");
    // The page draws in the next frame: the menu is there before the key, the mark before it is measured.
    await menu.waitFor();
    await field.press("ArrowUp");
    const last = menu.getByRole("option", { selected: true }).filter({ hasText: "/help" });
    await last.waitFor();
    for (const option of [last, menu]) {
      const { y = -1, height = 0 } = (await option.boundingBox()) ?? {};
      assert.ok(y >= 0 && y + height <= 860, `from ${y}, ${height} high`);
    }
    await field.fill("");
  });

  test("scrolls conversations, never the page, however long they are", async () => {
    await say(page, "first", "word\n".repeat(400));
    await pane("first").locator(".bubble", { hasText: "word" }).waitFor();
    await say(page, "first", "/help");
    await pane("first").locator(".commands").last().waitFor();
    for (const viewport of [null, { width: 390, height: 844 }]) {
      if (viewport) await page.setViewportSize(viewport);
      const beyond = "document.scrollingElement.scrollHeight - innerHeight";
      assert.equal(await page.evaluate(beyond), 0);
    }
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  test("says that the pool is away, keeps the text, and finds it again", async () => {
    const back = room.fake.refuseUntil("GET /v1/pool", 503, "starting", "The pool is starting.");
    await page.getByText("The pool is away").waitFor();
    back();
    await page.getByText(/nodes? online/).waitFor();
    room.fake.refuseOnce(
      "POST /v1/jobs",
      503,
      "starting",
      "The pool is starting. Try again in a moment.",
    );
    await say(page, "first", "Are you there?");
    await pane("first").locator(".error", { hasText: "The pool is starting" }).waitFor();
    assert.equal(await page.locator("#first-text").inputValue(), "Are you there?");
    await page.locator("#first-text").fill("");
  });

  test("shows a model on its way as a progress bar, and a failed one in words", async () => {
    const [node] = room.fake.status.nodes;
    assert.ok(node);
    const fetch = {
      sha256: "a".repeat(64),
      name: "SmolLM2",
      state: "fetching" as const,
      place: "huggingface.co",
      receivedBytes: 25_000_000,
      totalBytes: 100_000_000,
      message: "",
    };
    room.fake.status = { ...room.fake.status, nodes: [{ ...node, fetches: [fetch] }] };
    const bar = page.getByRole("progressbar", { name: "maple is fetching SmolLM2" });
    await bar.waitFor();
    assert.equal(await bar.evaluate((node) => (node as HTMLProgressElement).position), 0.25);
    await page.getByText("25 MB of 100 MB from huggingface.co").waitFor();
    const failed = { ...fetch, state: "failed" as const, message: "No place could be reached." };
    room.fake.status = { ...room.fake.status, nodes: [{ ...node, fetches: [failed] }] };
    await page.getByText("No place could be reached.").waitFor();
    room.fake.status = { ...room.fake.status, nodes: [node] };
    await page.getByText("No place could be reached.").waitFor({ state: "detached" });
  });

  test("keeps its button in sight while one replies to a long line", async () => {
    answerAtOnce(room.fake, "Members vote. ".repeat(40));
    const answers = pane("first").locator(".answer");
    const before = await answers.count();
    await say(page, "first", "At length, please");
    await answers
      .nth(before)
      .getByRole("button", { name: /^Reply/ })
      .click();
    await pane("first").locator(".chip").waitFor();
    const within = await pane("first").evaluate((one) => {
      const send = (one.querySelector(".send") as HTMLElement).getBoundingClientRect();
      return send.right <= one.getBoundingClientRect().right;
    });
    assert.ok(within);
    await page.locator("#first-text").press("Escape");
  });

  test("shows a card that is longer than the pane from its title on", async () => {
    await say(page, "second", "/help");
    const title = pane("second").locator(".private h3", { hasText: "What you can do here" });
    await title.waitFor();
    const below = await title.evaluate((one) => {
      const box = one.closest(".scroll") as HTMLElement;
      const { top } = box.getBoundingClientRect();
      return {
        overlong: box.scrollHeight > 1.5 * box.clientHeight,
        title: one.getBoundingClientRect().top - top,
      };
    });
    assert.ok(below.overlong && below.title >= 0 && below.title < 100, JSON.stringify(below));
  });

  test("lets right-to-left text run from the right, in questions, answers and the field", async () => {
    answerAtOnce(room.fake, "שלום! 1\n\nHello.");
    await say(page, "first", "מה שלומך?");
    await pane("first").locator(".answer", { hasText: "Hello." }).locator(".footer").waitFor();
    await untilTaken(page, "first");
    await page.locator("#first-text").fill("שלום");
    const gaps = await pane("first").evaluate((one) => {
      const gap = (box: Element) => {
        const text = document.createRange();
        text.selectNodeContents(box);
        const [outer, inner] = [box.getBoundingClientRect(), text.getBoundingClientRect()];
        return inner.left - outer.left > outer.right - inner.right;
      };
      const [hebrew, english] = [...one.querySelectorAll(".answer .prose")].at(-1)?.children ?? [];
      const field = one.querySelector("textarea") as HTMLElement;
      return [gap(hebrew as Element), gap(english as Element), getComputedStyle(field).unicodeBidi];
    });
    assert.deepEqual(gaps, [true, false, "plaintext"]);
    await page.locator("#first-text").fill("");
  });

  test("tells screen readers of finished answers, not of every edit", async () => {
    room.fake.onJob = (job) => job.start();
    const answers = pane("first").locator(".answer");
    const known = await answers.count();
    await say(page, "first", "Read it to me");
    await answers.nth(known).waitFor();
    const announcer = page.locator("#announcer");
    const before = await announcer.textContent();
    room.fake.last().text("Spoken ");
    await pane("first").getByText("Spoken").waitFor();
    assert.equal(await announcer.textContent(), before);
    room.fake.last().text("once.");
    room.fake.last().done();
    await page
      .locator("#announcer", { hasText: "Answer: Spoken once." })
      .waitFor({ state: "attached" });
  });
});

test("asks a suggestion's own model, and for that question only", {
  timeout: 300_000,
}, async () => {
  const room = await openTestRoom();
  try {
    answerAtOnce(room.fake, "It names who wrote the answer.");
    const page = await room.open();
    const answers = page.locator("#pane-first .answer .footer");
    const handbook = room.fake.models.models.find(({ name }) => name === "Substrate demo");
    await page.getByRole("button", { name: "What does a receipt prove?" }).click();
    await page.locator("#first-text").press("Enter");
    await answers.first().waitFor();
    assert.equal(room.fake.asked.at(-1)?.options?.model, handbook?.sha256);
    await say(page, "first", "And something else");
    await answers.nth(1).waitFor();
    assert.equal(room.fake.asked.at(-1)?.options?.model, undefined);
  } finally {
    await room.close();
  }
});
