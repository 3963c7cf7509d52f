// A community decides, in every door with the same words: real pool and records, a clock that the test moves.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, describe, test } from "node:test";
import { openDiscordDoor } from "../../bot/discord/open.ts";
import { openMatrixDoor } from "../../bot/matrix/open.ts";
import { poolClient } from "../../bot/pool/client.ts";
import { startBot } from "../../bot/start.ts";
import { FakeNode } from "../api/support/fake-node.ts";
import { GovernedPool } from "../governance/support/governed-pool.ts";
import { DiscordEmulator } from "../support/discord/emulator.ts";
import type { Channel } from "../support/discord/world.ts";
import { Human } from "../support/matrix-human.ts";
import { scratch } from "../support/services.ts";
import { openHomeserver } from "../support/synapse.ts";
import { decideTogether, OTHERS } from "./governance.ts";
import {
  type Assembly,
  discordAssembly,
  localAssembly,
  matrixAssembly,
} from "./governance-doors.ts";
import { driveLocalRoom } from "./local-driver.ts";

const told = new Map<string, string[]>();
const quiet = { info() {}, warn: console.warn, error: console.error };

/** A pool whose stewards are the two people of a room, with others who vote, and one node. */
async function governed(stewards: readonly string[]) {
  const pool = await GovernedPool.start([...OTHERS], { poolModerators: [...stewards] });
  const node = new FakeNode("helper").echo();
  await pool.pool.node("helper", node);
  // Whoever takes a model away leaves another one.
  await pool.sql.query(
    `insert into model (sha256, name, bytes, declared, chat_template, first_seen)
     values ($1, 'other', 1, '{}', null, 0)`,
    ["b".repeat(64)],
  );
  await pool.produce(OTHERS[0], 1000);
  await pool.produce(OTHERS[1], 10);
  return {
    pool,
    async close() {
      node.kill();
      await pool.close();
    },
  };
}

function sameEverywhere(assembly: Assembly, lines: string[]) {
  told.set(assembly.name, lines);
  for (const [name, others] of told) {
    assert.deepEqual(lines, others, `${assembly.name} and ${name} tell it alike`);
  }
}

describe("deciding together", { timeout: 280_000 }, () => {
  const dataDir = scratch("governance-journey-");
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  test("in the local room", async () => {
    const { pool, close } = await governed(["first", "second"]);
    const { url: apiUrl, serviceToken } = pool.pool.api;
    const bot = await startBot({
      ...{ apiUrl, serviceToken, dataDir, community: "local" },
      ...{ localHost: "127.0.0.1", localPort: 0 },
    });
    const door = await driveLocalRoom(bot.url.replace(/\/$/, ""));
    try {
      const assembly = localAssembly(door);
      sameEverywhere(assembly, await decideTogether(assembly, pool));
    } finally {
      await door.close();
      await bot.close();
      await close();
    }
  });

  test("in Discord", async () => {
    const discord = await DiscordEmulator.start();
    const { world } = discord;
    const guild = world.guild("Members", ["general"]);
    const channel = world.channels.get(guild.channelIds[0] as string) as Channel;
    const users = [world.user("First member"), world.user("Second member")] as const;
    const { pool, close } = await governed(users.map(({ id }) => `discord:${id}`));
    const { url, serviceToken } = pool.pool.api;
    const bot = await openDiscordDoor({
      ...{ pool: poolClient({ url, serviceToken }), token: discord.token, apiUrl: discord.apiUrl },
      ...{ dataDir, messageContent: false, log: quiet },
    });
    try {
      const assembly = discordAssembly(discord, channel, users);
      sameEverywhere(assembly, await decideTogether(assembly, pool));
      const pictures = [...world.messages.values()].flatMap(({ message }) =>
        message.attachments.filter(({ filename }) => filename.endsWith(".png")),
      );
      assert(pictures.length > 0, "results are shown as pictures");
    } finally {
      await bot.close();
      await close();
      // Throws when the judge found a request that Discord would not take.
      await discord.close();
    }
  });

  test("in a Matrix room", async () => {
    const homeserver = await openHomeserver();
    const folder = scratch("governance-matrix-");
    const account = await homeserver.user("substrate");
    const humans = [
      await Human.enter(homeserver, "first"),
      await Human.enter(homeserver, "second"),
    ] as const;
    const { pool, close } = await governed(humans.map(({ userId }) => `matrix:${userId}`));
    const { url, serviceToken } = pool.pool.api;
    const bot = await openMatrixDoor({
      ...{ pool: poolClient({ url, serviceToken }), homeserverUrl: homeserver.url },
      credentials: { user: account.userId, password: account.password },
      ...{ dataDir: folder, inviteFrom: [humans[0].userId] },
      ...{ eventsPerSecond: 0, eventsBurst: 10, encryption: null, log: quiet },
    });
    try {
      const room = await humans[0].room({ invite: [bot.userId, humans[1].userId] });
      await humans[1].join(room);
      await humans[0].sees((message) => message.room === room && message.sender === bot.userId);
      const assembly = matrixAssembly(room, bot.userId, humans);
      sameEverywhere(assembly, await decideTogether(assembly, pool));
    } finally {
      await Promise.all(humans.map((human) => human.close()));
      await bot.close();
      await close();
      await homeserver.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("counts one ballot for a person in the local room and in Discord", async () => {
    const discord = await DiscordEmulator.start();
    const { world } = discord;
    const guild = world.guild("Members", ["general"]);
    const channel = world.channels.get(guild.channelIds[0] as string) as Channel;
    const users = [world.user("First member"), world.user("Second member")] as const;
    const elsewhere = `discord:${users[1].id}`;
    const { pool, close } = await governed(["first", elsewhere]);
    const { url, serviceToken } = pool.pool.api;
    const folder = scratch("governance-linked-");
    const bot = await startBot({
      ...{ apiUrl: url, serviceToken, dataDir: folder, community: "local" },
      ...{ localHost: "127.0.0.1", localPort: 0 },
      discord: { token: discord.token, apiUrl: discord.apiUrl, messageContent: false },
    });
    const door = await driveLocalRoom(bot.url.replace(/\/$/, ""));
    try {
      const here = localAssembly(door);
      const there = discordAssembly(discord, channel, users);
      await here.people[0].write("/poll Shall we meet?");
      await here.hears(/Proposal 1: Shall we meet/);
      await here.people[0].write("/vote 1 yes");
      await here.hears(/Your ballot in proposal 1/, "private");
      await there.people[1].write("/vote 1 no");
      await there.hears(/Your ballot in proposal 1/, "private");
      assert.equal((await pool.view(1)).houses[0]?.turnout, 2);
      await here.people[0].write("/link");
      const shown = await here.hears(/\/link (?:[a-z0-9]{4}-){3}[a-z0-9]{4}/, "private");
      const [code] = /(?:[a-z0-9]{4}-){3}[a-z0-9]{4}/.exec(shown) ?? [];
      await there.people[1].write(`/link ${code}`);
      await there.hears(/the later ballot [\w-]+ counts/, "private");
      assert.equal((await pool.view(1)).houses[0]?.turnout, 1);
      await pool.closeVote(1);
      const { result } = await pool.view(1);
      assert.deepEqual(
        result?.houses[0]?.rows.map((row) => [row.for, row.against]),
        [["0", "1"]],
        "the later ballot, a no, is the one that counts",
      );
    } finally {
      await door.close();
      await bot.close();
      await close();
      await discord.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
