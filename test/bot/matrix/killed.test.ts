// The bot as a program in an encrypted room, killed without warning at the worst moments.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { ROOT } from "../../../config/settings.ts";
import { NioHuman } from "../../support/nio-human.ts";
import { scratch } from "../../support/services.ts";
import { type Homeserver, type MatrixAccount, openHomeserver } from "../../support/synapse.ts";
import { type FakeJob, type FakePool, startFakePool } from "../fake-pool.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";

function finish(job: FakeJob): void {
  job.start("maple");
  job.text("So it is.");
  job.done();
}

describe("the bot in an encrypted room, killed in the middle", { timeout: 180_000 }, () => {
  const dataDir = scratch("matrix-killed-");
  let homeserver: Homeserver;
  let pool: FakePool;
  let account: MatrixAccount;
  let nina: NioHuman;
  let room: string;
  let bot: ChildProcess;
  before(async () => {
    [homeserver, pool] = await Promise.all([openHomeserver(), startFakePool()]);
    account = await homeserver.user("substrate");
    nina = await NioHuman.enter(homeserver, "nina");
    start();
    room = await nina.encryptedRoom([account.userId]);
    await nina.sees((one) => one.decrypted && one.event.sender === account.userId);
  });
  after(async () => {
    nina?.close();
    await kill();
    await pool?.close();
    await homeserver?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  function start(): void {
    bot = spawn(process.execPath, ["bot/main.ts"], {
      cwd: ROOT,
      env: {
        PATH: process.env.PATH,
        DATA_DIR: join(dataDir, "bot"),
        API_URL: pool.url,
        SERVICE_TOKEN,
        LOG_LEVEL: "warn",
        BOT_DOORS: "matrix",
        MATRIX_HOMESERVER_URL: homeserver.url,
        MATRIX_TOKEN: account.token,
        MATRIX_INVITE_FROM: "localhost",
        MATRIX_EVENTS_PER_SECOND: "0",
        MATRIX_ENCRYPTION: "true",
        MATRIX_STORE_KEY: "k".repeat(44),
      },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  async function kill(): Promise<void> {
    if (!bot || bot.exitCode !== null || bot.signalCode !== null) return;
    const gone = once(bot, "exit");
    bot.kill("SIGKILL");
    await gone;
  }

  /** First messages that answer a question; edits of them are theirs. */
  const answersTo = (question: string) =>
    nina.events.filter(({ event: { sender, content } }) => {
      const about = content["m.relates_to"];
      return (
        sender === account.userId && about?.rel_type === "m.thread" && about.event_id === question
      );
    });
  const finalTo = (question: string) =>
    nina.sees(({ decrypted, event: { content } }) => {
      const shown = (content["m.new_content"] ?? content)["org.substrate.shown"];
      const about = content["m.relates_to"];
      const [first] = answersTo(question);
      const isOurs =
        about?.event_id === question ||
        (first !== undefined && about?.event_id === first.event.event_id);
      return decrypted && isOurs && shown?.final === true;
    });
  const asked = () =>
    new Promise<FakeJob>((resolve) => {
      pool.onJob = resolve;
    });

  const moments: [string, (job: Promise<FakeJob>, question: string) => Promise<void>][] = [
    ["as soon as the question is in the room", async () => {}],
    ["when the pool has the question", async (job) => void (await job)],
    [
      "when the first words are in the room",
      async (job, question) => {
        (await job).start("maple");
        await nina.sees(() => answersTo(question).length > 0);
      },
    ],
    [
      "when the answer is done",
      async (job) => {
        finish(await job);
      },
    ],
  ];

  test("answers every question once, whenever it was killed", async () => {
    const questions: string[] = [];
    for (const [moment, reached] of moments) {
      const job = asked();
      const question = await nina.say(room, `!ask Killed ${moment}?`);
      questions.push(question);
      await reached(job, question);
      await kill();
      for (const one of pool.jobs()) if (!one.ended) finish(one);
      pool.onJob = finish;
      start();
      await finalTo(question);
    }
    const last = await nina.say(room, "!ask Is all well?");
    await finalTo(last);
    for (const question of [...questions, last]) assert.equal(answersTo(question).length, 1);
    assert.equal(pool.jobs().length, moments.length + 1, "the pool was asked once for each");
    assert.deepEqual(nina.locked, [], "nothing came that its reader could not open");
  });
});
