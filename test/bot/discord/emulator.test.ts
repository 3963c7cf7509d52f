import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, test } from "node:test";
import { Client, Events, GatewayIntentBits, Routes } from "discord.js";
import { DiscordEmulator } from "../../support/discord/emulator.ts";

const silent = { parse: [] };

describe("the emulated Discord, with the unmodified client", () => {
  let discord: DiscordEmulator;
  let client: Client<true>;
  before(async () => {
    discord = await DiscordEmulator.start();
    discord.world.guild("Members", ["general"]);
    client = new Client({
      intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages],
      rest: { api: discord.apiUrl },
    });
    const ready = once(client, Events.ClientReady);
    await client.login(discord.token);
    await ready;
  });
  after(async () => {
    await client.destroy();
    await discord.close();
  });

  const person = () => discord.world.user("First member");
  const channel = () => [...discord.world.channels.values()][0]!;
  const post = (content: string) =>
    client.rest.post(Routes.channelMessages(channel().id), {
      body: { content, flags: 4, allowed_mentions: silent },
    }) as Promise<{ id: string; content: string }>;
  const callback = (id: string, token: string, body: object) =>
    client.rest.post(Routes.interactionCallback(id, token), { body, auth: false });
  async function code(promise: Promise<unknown>): Promise<unknown> {
    try {
      await promise;
    } catch (error) {
      return (error as { code?: unknown }).code;
    }
    return "taken";
  }

  test("is ready with its servers and channels", () => {
    assert.equal(client.guilds.cache.first()?.name, "Members");
    assert.equal(client.channels.cache.size, 1);
  });

  test("takes, changes, shows and deletes a message", async () => {
    const { id } = await post("one");
    const route = Routes.channelMessage(channel().id, id);
    await client.rest.patch(route, {
      body: { content: "two", flags: 4, allowed_mentions: silent },
    });
    const read = (await client.rest.get(route)) as { content: string; edited_timestamp: string };
    assert.equal(read.content, "two");
    assert.ok(read.edited_timestamp);
    await client.rest.delete(route);
    assert.equal(await code(client.rest.get(route)), 10008);
  });

  test("kills what is not acknowledged within three seconds", async () => {
    await client.rest.put(Routes.applicationCommands(client.application.id), {
      body: [{ name: "ask", description: "Ask" }],
    });
    const late = discord.slash(person(), channel(), "ask");
    discord.skip(3001);
    assert.equal(await code(callback(late.id, late.token, { type: 5 })), 10062);
    const asked = discord.slash(person(), channel(), "ask");
    assert.equal(await code(callback(asked.id, asked.token, { type: 5 })), "taken");
    assert.equal(await code(callback(asked.id, asked.token, { type: 5 })), 40060);
  });

  test("kills a token after fifteen minutes, and earlier when told to", async () => {
    const body = { content: "later", flags: 4, allowed_mentions: silent };
    const asked = discord.slash(person(), channel(), "ask");
    const route = Routes.webhookMessage(client.application.id, asked.token, "@original");
    await callback(asked.id, asked.token, { type: 5 });
    assert.equal(await code(client.rest.patch(route, { body, auth: false })), "taken");
    discord.skip(15 * 60_000 + 1);
    assert.equal(await code(client.rest.patch(route, { body, auth: false })), 50027);
    const again = discord.slash(person(), channel(), "ask");
    await callback(again.id, again.token, { type: 5 });
    again.tokenDead = true;
    const second = Routes.webhookMessage(client.application.id, again.token, "@original");
    assert.equal(await code(client.rest.patch(second, { body, auth: false })), 10015);
  });

  test("shows a private reply to its reader only", async () => {
    const [reader, other] = [person(), discord.world.user("Second member")];
    const asked = discord.slash(reader, channel(), "ask");
    const data = { content: "for you", flags: 64 | 4, allowed_mentions: silent };
    await callback(asked.id, asked.token, { type: 4, data });
    const sees = (who: typeof reader) =>
      discord.visible(channel(), who).some(({ content }) => content === "for you");
    assert.deepEqual([sees(reader), sees(other)], [true, false]);
  });

  test("refuses where the bot may not write", async () => {
    channel().botMaySend = false;
    assert.equal(await code(post("no")), 50013);
    channel().botMayView = false;
    assert.equal(await code(post("no")), 50001);
    Object.assign(channel(), { botMayView: true, botMaySend: true });
  });

  test("slows a client down before it says 429", async () => {
    discord.skip(60_000);
    const before = discord.exchanges.length;
    await Promise.all(Array.from({ length: 4 }, (_, at) => post(`m${at}`)));
    assert.ok(discord.exchanges.slice(before).every(({ status }) => status === 200));
    const statuses = [];
    for (let at = 0; at < 3; at++) {
      const response = await fetch(`${discord.apiUrl}/v10${Routes.channelMessages(channel().id)}`, {
        method: "POST",
        headers: { authorization: `Bot ${discord.token}`, "content-type": "application/json" },
        body: JSON.stringify({ content: "x", flags: 4, allowed_mentions: silent }),
      });
      statuses.push(response.status);
      if (response.status === 429) assert.ok(Number(response.headers.get("retry-after")) >= 1);
      await response.text();
    }
    assert.deepEqual(statuses, [200, 429, 429]);
  });

  test("lets a client resume what it missed, and start anew when the session is void", async () => {
    discord.gateway.drop();
    const missed = discord.say(person(), channel(), `<@${client.user.id}> still there?`);
    const resumedFirst = once(client, Events.ShardResume);
    const [heard] = await once(client, Events.MessageCreate);
    assert.equal(heard.id, missed.id);
    await resumedFirst;
    assert.equal(discord.gateway.resumed, 1);
    const resumed = once(client, Events.ShardResume);
    discord.gateway.askReconnect();
    await resumed;
    const ready = once(client, Events.ShardReady);
    discord.gateway.invalidate();
    await ready;
    assert.equal(discord.gateway.identified, 2);
  });

  test("shows a member's words to a client only where they concern it", async () => {
    const heard: string[] = [];
    client.on(Events.MessageCreate, (message) => heard.push(message.content));
    discord.say(person(), channel(), "between us");
    discord.say(person(), channel(), `<@${client.user.id}> hello`);
    await once(client, Events.MessageCreate);
    while (heard.length < 2) await once(client, Events.MessageCreate);
    assert.deepEqual(heard, ["", `<@${client.user.id}> hello`]);
  });

  test("makes a run fail when a request would not have been taken", async () => {
    const other = await DiscordEmulator.start();
    const response = await fetch(`${other.apiUrl}/v10/channels/1/messages`, {
      method: "POST",
      headers: { authorization: `Bot ${other.token}`, "content-type": "application/json" },
      body: JSON.stringify({ content: "x".repeat(2001) }),
    });
    assert.equal(((await response.json()) as { code: number }).code, 50035);
    await assert.rejects(other.close(), /2001/);
  });
});
