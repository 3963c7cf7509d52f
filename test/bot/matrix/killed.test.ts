// The bot as a program in an encrypted room, killed without warning at the worst moments. KILLS=40 SEED=7 kills it
// more often, some while after those moments and while it is coming back.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { ROOT } from "../../../config/settings.ts";
import { NioHuman } from "../../support/nio-human.ts";
import { scratch } from "../../support/services.ts";
import { type Homeserver, type MatrixAccount, openHomeserver } from "../../support/synapse.ts";
import { type FakeJob, type FakePool, startFakePool } from "../fake-pool.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";

const KILLS = Number(process.env.KILLS ?? 4);
const SEED = process.env.SEED ?? "1";

/** A number from 0 to 1, the same for the same kill of the same seed. */
function drawn(what: string): number {
  return createHash("sha256").update(`${SEED} ${what}`).digest().readUInt16BE() / 65_536;
}

function finish(job: FakeJob): void {
  job.start("maple");
  job.text("So it is.");
  job.done();
}

describe("the bot in an encrypted room, killed in the middle", {
  timeout: 300_000 + KILLS * 30_000,
}, () => {
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
    for (let at = 0; at < KILLS; at++) {
      const [moment, reached] = moments[at % moments.length] as (typeof moments)[number];
      const job = asked();
      const question = await nina.say(room, `!ask Killed ${moment}?`);
      questions.push(question);
      await reached(job, question);
      // Each moment as it comes once, then the time behind it.
      if (at >= moments.length) await delay(drawn(`after ${at}`) * 500);
      await kill();
      if (at >= moments.length && drawn(`again ${at}`) < 0.5) {
        start();
        await delay(drawn(`coming back ${at}`) * 5000);
        await kill();
      }
      for (const one of pool.jobs()) if (!one.ended) finish(one);
      pool.onJob = finish;
      start();
      await finalTo(question);
    }
    const last = await nina.say(room, "!ask Is all well?");
    await finalTo(last);
    for (const question of [...questions, last]) assert.equal(answersTo(question).length, 1);
    assert.equal(pool.jobs().length, KILLS + 1, "the pool was asked once for each");
    assert.deepEqual(nina.locked, [], "nothing came that its reader could not open");
    const clear = nina.events.filter(
      ({ decrypted, event: { sender, type } }) =>
        !decrypted && sender === account.userId && type === "m.room.message",
    );
    assert.deepEqual(clear, [], "and nothing that everybody could");
  });
});
