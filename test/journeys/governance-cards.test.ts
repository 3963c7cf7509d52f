// Governance is the whole pool's: whoever may vote sees the card, also elsewhere, and also when the bot died over it.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import type { APIButtonComponent, APIMessage, APIUser } from "discord-api-types/v10";
import { startBot } from "../../bot/start.ts";
import { DAY, GovernedPool, HOUR } from "../governance/support/governed-pool.ts";
import { DiscordEmulator } from "../support/discord/emulator.ts";
import type { Channel, Guild } from "../support/discord/world.ts";
import { scratch } from "../support/services.ts";
import { discordAssembly, localAssembly } from "./governance-doors.ts";
import { driveLocalRoom } from "./local-driver.ts";

interface Part {
  readonly content?: string;
  readonly components?: readonly Part[];
  readonly custom_id?: string;
}

const parts = (part: Part): Part[] => [part, ...(part.components ?? []).flatMap(parts)];
const textOf = (message: APIMessage) =>
  parts(message as Part)
    .map(({ content }) => content ?? "")
    .join("\n")
    .replace(/\\([^0-9A-Za-z\s])/g, "$1");

describe("the card of a proposal", { timeout: 300_000 }, () => {
  let discord: DiscordEmulator;
  let pool: GovernedPool;
  let users: readonly [APIUser, APIUser];
  let near: Guild;
  let far: Guild;
  const folder = scratch("governance-cards-");
  const channelOf = ({ channelIds }: Guild, at = 0) =>
    discord.world.channels.get(channelIds[at] as string) as Channel;
  /** What the bot has posted in a channel and its threads. */
  const posted = (channel: Channel) =>
    [...discord.world.messages.values()]
      .map(({ message }) => message)
      .filter(({ author, channel_id }) => {
        const there = discord.world.channels.get(channel_id);
        return (
          author.id === discord.world.bot.id &&
          (there === channel || there?.parentId === channel.id)
        );
      });
  const cardsIn = (channel: Channel, number: number) =>
    posted(channel).filter((message) => new RegExp(`Proposal ${number}: `).test(textOf(message)));

  const newest = async () =>
    (await pool.pool.get<{ proposals: { number: number }[] }>("/v1/proposals")).proposals[0]!
      .number;

  before(async () => {
    discord = await DiscordEmulator.start();
    near = discord.world.guild("Near", ["general"]);
    far = discord.world.guild("Far", ["general", "votes"]);
    users = [discord.world.user("First member"), discord.world.user("Second member")];
    for (const { id } of users) discord.world.moderators.add(id);
    pool = await GovernedPool.start([], {
      poolModerators: ["first", ...users.map(({ id }) => `discord:${id}`)],
    });
  });
  after(async () => {
    await pool.close();
    rmSync(folder, { recursive: true, force: true });
    await discord.close();
  });

  test("is shown late where the bot died between proposing and posting", async () => {
    const { url, serviceToken } = pool.pool.api;
    const start = async (): Promise<ChildProcess> => {
      const child = spawn(process.execPath, ["bot/main.ts"], {
        cwd: resolve(import.meta.dirname, "../.."),
        env: {
          ...{ PATH: process.env.PATH, DATA_DIR: folder, LOG_LEVEL: "silent", API_URL: url },
          ...{ SERVICE_TOKEN: serviceToken, BOT_DOORS: "discord" },
          ...{ DISCORD_API_URL: discord.apiUrl, DISCORD_TOKEN: discord.token },
        },
        stdio: ["ignore", "pipe", "inherit"],
      });
      await once(createInterface({ input: child.stdout! }), "line");
      return child;
    };
    const channel = channelOf(near);
    const first = await start();
    const lost = { method: "POST", path: /\/channels\/\d+\/messages/, refusal: "cut" } as const;
    discord.failures.push(...Array.from({ length: 50 }, () => ({ ...lost })));
    const room = discordAssembly(discord, channel, users);
    await room.people[0].write("/propose quota per_day=20 | Evenings are full");
    await pool.pool.until(async () => {
      const { proposals } = await pool.pool.get<{ proposals: object[] }>("/v1/proposals");
      return proposals.length === 1;
    });
    first.kill("SIGKILL");
    await once(first, "exit");
    discord.failures.length = 0;
    assert.equal(cardsIn(channel, 1).length, 0);

    const second = await start();
    await pool.advance(60_000);
    await discord.until(() => cardsIn(channel, 1)[0]);
    await pool.pool.until(async () => (await pool.view(1)).places[0]?.message != null);
    // A card that stands is asked for no more, however long the vote goes on.
    await pool.advance(HOUR);
    await room.people[1].write("/proposals");
    await discord.until(() =>
      room.read().find((each) => each.private && /Questions a day/.test(each.text)),
    );
    assert.equal(cardsIn(channel, 1).length, 1);
    const asked = (await pool.events()).filter(({ type }) => type === "card-missing");
    assert.equal(asked.length, 1);
    second.kill("SIGTERM");
    await once(second, "exit");
  });

  test("stands in the rooms that other communities chose for votes, with buttons, news and the result", async () => {
    const { url, serviceToken } = pool.pool.api;
    const bot = await startBot({
      ...{ apiUrl: url, serviceToken, dataDir: folder, community: "local" },
      ...{ localHost: "127.0.0.1", localPort: 0 },
      discord: { token: discord.token, apiUrl: discord.apiUrl, messageContent: false },
    });
    const door = await driveLocalRoom(bot.url.replace(/\/$/, ""));
    try {
      const votes = channelOf(far, 1);
      const there = discordAssembly(discord, votes, users);
      // Not the room of another community, whoever says so.
      await pool.sql.query(
        `insert into policy (scope, key, value, revision, set_by, set_at)
         values ($1, 'votes_room', $2, 1, '{"kind":"operator"}', 0)`,
        [`community:discord:${near.id}`, JSON.stringify(`discord:${channelOf(far).id}`)],
      );
      await there.people[0].write(`/pool settings votes_room <#${votes.id}>`);
      await there.hears(/Votes are told in: #votes/, "private");

      const here = localAssembly(door);
      await here.people[0].write("/poll Shall we meet?");
      await here.hears(/Proposal \d: Shall we meet/);
      const meet = await newest();
      const card = await discord.until(() => cardsIn(votes, meet)[0]);
      const button = parts(card as Part).find(({ custom_id }) => /yes/.test(custom_id ?? ""));
      assert(button, "the card has buttons");
      discord.press(
        users[0],
        votes,
        card,
        (button as unknown as APIButtonComponent & { custom_id: string }).custom_id,
      );
      await there.hears(/Your ballot in proposal \d/, "private");
      assert.equal((await pool.view(meet)).houses[0]?.turnout, 1);

      await pool.closeVote(meet);
      await discord.until(() =>
        posted(votes).find((message) => /Proposal \d: .*voted/s.test(textOf(message))),
      );
      await discord.until(() =>
        /The answer is yes/.test(textOf(cardsIn(votes, meet)[0] as APIMessage)),
      );

      // The near community chose nothing of its own, and hears nothing; nobody is told in a room that is not theirs.
      assert.deepEqual(
        [...posted(channelOf(near)), ...posted(channelOf(far))].filter((m) =>
          /Shall we meet/.test(textOf(m)),
        ),
        [],
      );

      // Taken back, the room is left in peace, also by what runs already.
      await here.people[0].write("/poll And when?");
      await here.hears(/Proposal \d: And when/);
      const when = await newest();
      await discord.until(() => cardsIn(votes, when)[0]);
      await there.people[0].write("/pool settings votes_room none");
      await there.hears(/Votes are told in: nowhere/i, "private");
      const before = posted(votes).length;
      await pool.advance(4 * DAY);
      await here.hears(/Asked: And when|Proposal \d: .*Nobody voted/s);
      assert.equal(posted(votes).length, before);
    } finally {
      await door.close();
      await bot.close();
    }
  });
});
