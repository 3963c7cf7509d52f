// What moderators set and hold back, and what members see, in Discord.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import type { APIMessage, APIUser } from "discord-api-types/v10";
import type { Channel } from "../../support/discord/world.ts";
import { SHA } from "../pool-fixtures.ts";
import { acts } from "./acts.ts";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";

let room: DiscordRoom;
let modsRoom: Channel;
before(async () => {
  room = await openDiscordRoom();
  modsRoom = room.discord.world.channels.get(room.guild.channelIds[1] as string) as Channel;
});
after(() => room.close());

const { answerTo, formOf } = acts(() => room);

async function settingsCard(user = room.moderator): Promise<APIMessage> {
  return answerTo(user, () => room.discord.slash(user, room.channel, "pool settings"));
}

/** Chooses a setting, fills in its form and sends it; resolves to what is told then. */
async function change(key: string, answer: string | readonly string[], user = room.moderator) {
  const card = await settingsCard(user);
  const chosen = room.discord.select(user, room.channel, card, "settings:choose", [key]);
  const form = await formOf(chosen);
  const told = await answerTo(user, () => room.discord.submit(chosen, answer));
  return { form, told: textOf(told) };
}

describe("/me", () => {
  test("tells what is left, how more is earned, accounts and machines, to the member alone", async () => {
    const { discord, asker, other, channel } = room;
    const told = await answerTo(asker, () => discord.slash(asker, channel, "me"));
    const text = textOf(told);
    for (const expected of [
      /18 questions left today/,
      /Earned by your machines: \+3/,
      /Each answer that a machine of yours gives adds one question/,
      /matrix:@ada:example\.org: since 15 October 2025/,
      /maple: online · 41 answers/,
    ]) {
      assert.match(text, expected);
    }
    assert.ok(!room.seenBy(other).some(({ id }) => id === told.id), "private");
  });
});

describe("/pool settings", () => {
  beforeEach(() => room.pool.community.entries.clear());

  test("shows what holds and who set it, as a private card", async () => {
    const { community } = room.pool;
    community.set("quota_per_day", 20);
    community.set("language", "de", { kind: "vote", proposal: 12 });
    const text = textOf(await settingsCard());
    assert.match(
      text,
      /Questions a day \(quota_per_day\): 20 questions · set by 5, 9 October 2025/,
    );
    assert.match(text, /Language \(language\): German · decided by the members, proposal 12/);
    assert.match(text, /Who may ask \(may_ask\): everyone · default/);
    assert.doesNotMatch(text, /How to change one/, "the list below says it");
  });

  test("changes each kind of setting by a form that holds the present value", async () => {
    const { discord, pool, guild, channel } = room;
    const gardeners = discord.world.role(guild, "Gardeners");
    pool.community.set("quota_per_day", 20);
    const { form, told } = await change("quota_per_day", "25");
    assert.match(JSON.stringify(form), /"value":"20"/);
    assert.match(told, /Questions a day: 25 questions\./);
    assert.match((await change("channels_allowed", [channel.id])).told, /Rooms: #general\./);
    assert.match((await change("channels_allowed", [])).told, /Rooms: every room\./);
    assert.match((await change("may_ask", [gardeners])).told, /Who may ask: /);
    assert.match((await change("may_ask", [])).told, /Who may ask: everyone\./);
    assert.match((await change("privacy", ["trusted"])).told, /machines this community trusts/);
    assert.match((await change("language", ["fr"])).told, /Language: French\./);
    assert.match((await change("language", ["none"])).told, /each member's own/);
    assert.match((await change("default_model", [SHA.model])).told, /Default model: /);
    assert.match((await change("retention_days", "")).told, /without end/);
    assert.match((await change("moderator_roles", [gardeners])).told, /Moderators: /);
    assert.match((await change("system_prompt", "Be kind.")).told, /Be kind\./);
    assert.match((await change("report_room", [modsRoom.id])).told, /Reports go to: #other\./);
    assert.deepEqual(
      pool.community.changes.map(({ changes }) => changes),
      [
        { quota_per_day: 25 },
        { channels_allowed: [`discord:${channel.id}`] },
        { channels_allowed: null },
        { may_ask: { roles: [`discord:${gardeners}`] } },
        { may_ask: "everyone" },
        { privacy: "trusted" },
        { language: "fr" },
        { language: null },
        { default_model: SHA.model },
        { retention_days: null },
        { moderator_roles: [`discord:${gardeners}`] },
        { system_prompt: "Be kind." },
        { report_room: `discord:${modsRoom.id}` },
      ],
    );
  });

  test("takes a setting and a value in one command, and says what to write when it will not do", async () => {
    const { discord, moderator, channel } = room;
    const set = (setting: string, value?: string) =>
      answerTo(moderator, () =>
        discord.slash(moderator, channel, "pool settings", {
          setting,
          ...(value === undefined ? {} : { value }),
        }),
      ).then(textOf);
    assert.match(await set("quota_per_day", "7"), /Questions a day: 7 questions\./);
    assert.match(await set("quota_per_day", "default"), /Questions a day: no limit\./);
    assert.match(await set("channels_allowed", `<#${channel.id}>, #other`), /#general, #other/);
    for (const bad of ["0", "-1", "ten", "9".repeat(30), "1e9", undefined]) {
      assert.match(await set("quota_per_day", bad), /That will not do.*a number from 1/);
    }
    assert.match(await set("channels_allowed", "#nowhere"), /That will not do for Rooms/);
    assert.match(await set("privacy", "none"), /That will not do/);
  });

  test("refuses in words what members have voted, and what somebody changed meanwhile", async () => {
    const { discord, pool, moderator, channel } = room;
    pool.community.set("quota_per_day", 20, { kind: "vote", proposal: 12 });
    const before = pool.community.changes.length;
    assert.match(
      (await change("quota_per_day", "500")).told,
      /decided by the members in proposal 12.*Propose a change/,
    );
    pool.community.set("quota_per_day", 20);
    const card = await settingsCard();
    const chosen = discord.select(moderator, channel, card, "settings:choose", ["quota_per_day"]);
    await formOf(chosen);
    pool.community.set("quota_per_day", 30);
    const told = await answerTo(moderator, () => discord.submit(chosen, "40"));
    assert.match(textOf(told), /changed Questions a day meanwhile: it is 30 questions now/);
    assert.equal(pool.community.changes.length, before);
  });

  test("is refused to members, and to yesterday's moderator, at the very press", async () => {
    const { discord, pool, asker, moderator, channel } = room;
    const card = await settingsCard();
    const chosen = discord.select(moderator, channel, card, "settings:choose", ["quota_per_day"]);
    await formOf(chosen);
    discord.world.moderators.delete(moderator.id);
    const told = await answerTo(moderator, () => discord.submit(chosen, "40"));
    discord.world.moderators.add(moderator.id);
    assert.match(textOf(told), /Only moderators of this place/);
    const refused = await answerTo(asker, () =>
      discord.slash(asker, channel, "pool settings", { setting: "quota_per_day", value: "9" }),
    );
    assert.match(textOf(refused), /Only moderators of this place/);
    assert.equal(pool.community.entries.has("quota_per_day"), false);
  });

  test("speaks the community's language in public, and the member's in private", async () => {
    const { discord, pool, asker, channel } = room;
    await change("language", ["fr"]);
    const made = new Promise<void>((resolve) => {
      pool.onJob = () => resolve();
    });
    discord.slash(asker, channel, "ask", { question: "x" }, "es-ES");
    await made;
    const job = pool.last();
    job.start();
    job.text("Oui.");
    job.done();
    const answer = await discord.until(() =>
      room.seenBy(asker).find((m) => buttonsOf(m).includes(`where:${job.job.id}`)),
    );
    assert.match(textOf(answer), /machine "maple".*reçu k3xq7v2mfa/);
    const told = await answerTo(asker, () =>
      discord.press(asker, channel, answer, `where:${job.job.id}`, "es-ES"),
    );
    assert.match(textOf(told), /Un miembro preguntó/);
    await change("language", ["none"]);
  });
});

describe("/pool nodes, waiting and invite", () => {
  test("pauses, quarantines and resumes a node, with the reason its volunteer reads", async () => {
    const { discord, pool, moderator, channel, guild } = room;
    const list = await answerTo(moderator, () => discord.slash(moderator, channel, "pool nodes"));
    assert.match(
      textOf(list),
      /maple: online · open pool · 1 being answered · 14 answers in 24 hours/,
    );
    const card = await answerTo(moderator, () =>
      discord.select(moderator, channel, list, "nodes:choose", [SHA.key]),
    );
    const bar = `node:bar:${SHA.key}`;
    const pressed = discord.press(moderator, channel, card, bar);
    await formOf(pressed);
    const told = await answerTo(moderator, () => discord.submit(pressed, "Writes @everyone"));
    assert.match(textOf(told), /maple is in quarantine/);
    assert.deepEqual(pool.community.nodes[0]?.standings[0], {
      scope: `discord:${guild.id}`,
      state: "barred",
      reason: "Writes @everyone",
      by: `discord:${moderator.id}`,
      at: 1_760_000_000_000,
      until: null,
    });
    const again = await answerTo(moderator, () => discord.slash(moderator, channel, "pool nodes"));
    assert.match(textOf(again), /barred by Moderator: Writes/);
    const resumed = await answerTo(moderator, () =>
      discord.slash(moderator, channel, "pool nodes", { act: "resume", node: "maple" }),
    );
    assert.match(textOf(resumed), /maple serves this community again/);
    assert.deepEqual(pool.community.nodes[0]?.standings, []);
    const paused = await answerTo(moderator, () =>
      discord.slash(moderator, channel, "pool nodes", { act: "pause", node: "maple hot today" }),
    );
    assert.match(textOf(paused), /maple gets no new questions/);
    assert.equal(pool.community.nodes.at(0)?.standings.at(0)?.reason, "hot today");
  });

  test("asks for what is missing, and refuses members", async () => {
    const { discord, asker, moderator, channel } = room;
    const tell = (user: APIUser, values: Record<string, string>) =>
      answerTo(user, () => discord.slash(user, channel, "pool nodes", values)).then(textOf);
    assert.match(await tell(moderator, { act: "pause", node: "maple" }), /Write the reason/);
    assert.match(await tell(moderator, { act: "pause", node: "oak x" }), /No node.*maple/);
    assert.match(await tell(asker, { act: "pause", node: "maple x" }), /Only moderators/);
    const seen = await answerTo(asker, () => discord.slash(asker, channel, "pool nodes"));
    assert.match(textOf(seen), /maple: online/);
    assert.doesNotMatch(JSON.stringify(seen.components), /nodes:choose|How to hold/);
    const refused = await answerTo(asker, () => discord.slash(asker, channel, "pool waiting"));
    assert.match(textOf(refused), /Only moderators/);
  });

  test("tells moderators who waits and why questions failed", async () => {
    const { discord, pool, asker, moderator, channel } = room;
    const shared = {
      id: "0b29a1c2-0000-4000-8000-000000000003",
      member: `discord:${asker.id}`,
      room: `discord:${channel.id}`,
      model: { sha256: SHA.model, name: "SmolLM2" },
      askedAt: Date.now() - 12_000,
    };
    pool.community.waiting = {
      total: 1,
      jobs: [{ ...shared, expiresAt: Date.now() + 1e6, ahead: 2, etaMs: null, notice: null }],
    };
    pool.community.failures = {
      total: 1,
      jobs: [
        {
          ...shared,
          state: "failed",
          endedAt: Date.now(),
          notice: { code: "no_node", message: "No volunteer machine with SmolLM2 is online." },
          attempts: [],
        },
      ],
    };
    const told = await answerTo(moderator, () => discord.slash(moderator, channel, "pool waiting"));
    assert.match(textOf(told), /First member, #general: SmolLM2 · 2 answers ahead/);
    assert.match(textOf(told), /No volunteer machine with SmolLM2/);
  });

  test("shows an invite's one command to the moderator alone, and refuses members", async () => {
    const { discord, pool, asker, other, moderator, channel, guild } = room;
    const told = await answerTo(moderator, () =>
      discord.slash(moderator, channel, "pool invite", { owner: other, trust: "trusted" }),
    );
    assert.match(textOf(told), /npm run worker -- join substrate1\.a{120}/);
    assert.ok(!room.seenBy(asker).some(({ id }) => id === told.id), "private");
    assert.equal(pool.community.invites[0]?.owner, `discord:${other.id}`);
    assert.equal(pool.community.invites[0]?.trust, "trusted");
    assert.equal(pool.community.invites[0]?.community, `discord:${guild.id}`);
    const refused = await answerTo(asker, () => discord.slash(asker, channel, "pool invite"));
    assert.match(textOf(refused), /Inviting machines is for/);
  });
});
