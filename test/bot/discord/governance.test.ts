// Deciding by buttons, lists and forms: every press goes through the door to a real pool, and the judge looks on.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { APIMessage, APIUser } from "discord-api-types/v10";
import { type OpenDiscordDoor, openDiscordDoor } from "../../../bot/discord/open.ts";
import { poolClient } from "../../../bot/pool/client.ts";
import { GovernedPool } from "../../governance/support/governed-pool.ts";
import { DiscordEmulator } from "../../support/discord/emulator.ts";
import type { Interaction } from "../../support/discord/interactions.ts";
import type { Channel } from "../../support/discord/world.ts";
import { scratch } from "../../support/services.ts";
import { buttonsOf, textOf } from "./room.ts";

let discord: DiscordEmulator;
let pool: GovernedPool;
let door: OpenDiscordDoor;
let channel: Channel;
let ada: APIUser;
let ben: APIUser;
const dataDir = scratch("discord-governance-");

before(async () => {
  // Three people do here in a second what a community does in a day.
  const quick = { limit: 1000, windowMs: 1000 };
  discord = await DiscordEmulator.start({ limits: { perChannel: quick, global: quick } });
  const { world } = discord;
  channel = world.channels.get(world.guild("Members", ["general"]).channelIds[0] ?? "") as Channel;
  [ada, ben] = [world.user("First member"), world.user("Second member")];
  pool = await GovernedPool.start(["discord:1001", "discord:1002", "discord:1003"], {
    poolModerators: [ada, ben].map(({ id }) => `discord:${id}`),
  });
  const { url, serviceToken } = pool.pool.api;
  door = await openDiscordDoor({
    ...{ pool: poolClient({ url, serviceToken }), token: discord.token, apiUrl: discord.apiUrl },
    ...{ dataDir, messageContent: false },
    log: { info() {}, warn: console.warn, error: console.error },
  });
});
after(async () => {
  await door.close();
  await pool.close();
  rmSync(dataDir, { recursive: true, force: true });
  // Throws when the judge found a request that Discord would not take.
  await discord.close();
});

const seen = (user: APIUser) => discord.visible(channel, user);
const isPrivate = ({ flags }: APIMessage) => (Number(flags ?? 0) & 64) !== 0;

/** What this person alone is told next. */
async function told(user: APIUser, act: () => unknown): Promise<APIMessage> {
  const known = new Set(seen(user).map(({ id }) => id));
  act();
  return discord.until(() => seen(user).find((one) => !known.has(one.id) && isPrivate(one)));
}

function formOf(opener: Interaction): Promise<string> {
  return discord.until(() =>
    opener.answered?.type === 9 ? JSON.stringify(opener.answered.data) : undefined,
  );
}

/** The card that everybody sees, with this button. */
const cardWith = (button: string) =>
  discord.until(() => seen(ben).find((one) => !isPrivate(one) && buttonsOf(one).includes(button)));

/** A steward's question; resolves to its number and the card in the channel. */
async function poll(question: string, method?: string) {
  const made = await told(ada, () =>
    discord.slash(ada, channel, "poll", { question, ...(method ? { method } : {}) }),
  );
  const number = Number(/[Pp]roposal (\d+)/.exec(textOf(made))?.[1]);
  const button = method === undefined ? "yes" : "vote";
  return { number, card: await cardWith(`gov:${number}:${button}.1`) };
}

/** Opens the ballot's form from a message, sends it, and returns the receipt. */
async function fillIn(
  user: APIUser,
  message: APIMessage,
  button: string,
  answers: Record<string, string | readonly string[]>,
) {
  const opened = discord.press(user, channel, message, button);
  const form = await formOf(opened);
  return { form, receipt: await told(user, () => discord.submit(opened, answers)) };
}

/** The ballots in a closed poll's file, as everybody can read them. */
async function ballotsOf(number: number): Promise<unknown[]> {
  await pool.closeVote(number);
  const file = await (await pool.pool.request(`/v1/proposals/${number}/export`)).text();
  const rows = file
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  return rows.filter(({ row }) => row === "ballot").map(({ choice }) => choice);
}

describe("deciding in Discord", { timeout: 300_000 }, () => {
  test("a card with a thread; a press is a ballot, and its receipt is private", async () => {
    const { number, card } = await poll("Shall we meet?");
    assert.match(textOf(card), /Shall we meet\?/);
    await discord.until(() => discord.world.channels.get(card.id));
    assert.match(discord.world.channels.get(card.id)?.name ?? "", /Shall we meet/);
    const receipt = await told(ben, () => discord.press(ben, channel, card, `gov:${number}:yes.1`));
    assert.match(textOf(receipt), new RegExp(`Your ballot in proposal ${number}`));
    assert.ok(!seen(ada).some(({ id }) => id === receipt.id), "nobody else sees it");
    const withdrawn = await told(ben, () =>
      discord.press(ben, channel, receipt, `gov:${number}:unvote`),
    );
    assert.ok(!buttonsOf(withdrawn).includes(`gov:${number}:unvote`));
    assert.equal((await pool.view(number)).houses[0]?.turnout, 0);
    await told(ben, () => discord.press(ben, channel, card, `gov:${number}:abstain.1`));
    const again = await told(ben, () => discord.press(ben, channel, card, `gov:${number}:no.1`));
    assert.match(textOf(again), /Your ballot/);
    const mine = await told(ben, () => discord.press(ben, channel, card, `gov:${number}:mine`));
    assert.match(textOf(mine), /Shall we meet\?/);
    await pool.closeVote(number);
    const { result } = await pool.view(number);
    assert.deepEqual(
      result?.houses[0]?.rows.map((row) => [row.for, row.against]),
      [["0", "1"]],
    );
    const closed = await cardWith(`gov:${number}:count`);
    assert.match(textOf(closed), /Head of the ballot log: `[0-9a-f]{64}`/);
    assert.doesNotMatch(textOf(closed), /\*\*\n(?:\n|$)|How to object/, "no heading without words");
    const file = await told(ada, () => discord.press(ada, channel, closed, `gov:${number}:count`));
    assert.deepEqual(
      file.attachments.map(({ filename }) => filename),
      [`proposal-${number}.json`],
    );
    assert.match(textOf(file), new RegExp(`proposal-${number}\\.json`));
  });

  test("kinds and open proposals are offered while one types", async () => {
    const { number } = await poll(`Is it ${"very ".repeat(30)}late?`);
    const offered = async (command: string, option: string, typed: string) => {
      const typing = discord.autocomplete(ben, channel, command, option, typed);
      const { data } = await discord.until(() => typing.answered ?? undefined);
      return data.choices as { name: string; value: string }[];
    };
    const kinds = await offered("propose", "kind", "");
    assert.ok(kinds.length > 5 && kinds.length <= 25);
    assert.deepEqual(
      (await offered("propose", "kind", "a question")).map(({ value }) => value),
      ["question"],
    );
    for (const command of ["proposal", "vote"]) {
      const [late] = await offered(command, "number", "very very");
      assert.equal(late?.value, String(number));
      assert.match(late?.name ?? "", /being voted on · Is it very/);
      assert.ok((late?.name ?? "").length <= 100);
      assert.deepEqual(await offered(command, "number", "no such title"), []);
    }
    const { list } = discord.commands;
    const helped = list.flatMap(({ name, options = [] }) =>
      (options as { name: string; autocomplete?: boolean }[])
        .filter(({ autocomplete }) => autocomplete)
        .map((option) => `${name} ${option.name}`),
    );
    for (const option of ["ask model", "propose kind", "proposal number", "vote number"]) {
      assert.ok(helped.includes(option), option);
    }
  });

  test("approval by boxes, and again from the receipt", async () => {
    const { number, card } = await poll("Which day? | Monday | Friday | Sunday", "approval");
    const { form, receipt } = await fillIn(ben, card, `gov:${number}:vote.1`, {
      approve: ["A", "C"],
    });
    assert.match(form, /"type":22/);
    const changed = await fillIn(ben, receipt, `gov:${number}:change.1`, {
      approve: ["B"],
      reason: "Fridays",
    });
    assert.match(textOf(changed.receipt), /Your ballot/);
    assert.deepEqual(await ballotsOf(number), [{ approve: ["B"] }]);
  });

  test("ranks by lists; one chosen twice keeps its better place; an empty form is no ballot", async () => {
    const { number, card } = await poll("Which colour? | Red | Green | Blue", "schulze");
    const empty = await fillIn(ben, card, `gov:${number}:vote.1`, {});
    assert.match(textOf(empty.receipt), /[Nn]othing|empty|chosen/);
    assert.equal((await pool.view(number)).houses[0]?.turnout, 0);
    await fillIn(ben, card, `gov:${number}:vote.1`, { rank0: ["C"], rank1: ["C"], rank2: ["A"] });
    assert.deepEqual(await ballotsOf(number), [{ rank: [["C"], ["A"]] }]);
  });

  test("scores by lists", async () => {
    const { number, card } = await poll("Which tree? | Oak | Ash", "score");
    await fillIn(ben, card, `gov:${number}:vote.1`, { scoreA: ["5"], scoreB: ["1"] });
    assert.deepEqual(await ballotsOf(number), [{ scores: { A: 5, B: 1 } }]);
  });

  test("the heads of ballot logs are kept in the feed and said nowhere", async () => {
    // The door tells in order: this card is shown after the logs of earlier polls were closed.
    const { number } = await poll("Enough for today?");
    await pool.closeVote(number);
    await cardWith(`gov:${number}:count`);
    const heads = (await pool.events()).filter(({ type }) => type === "log-head");
    assert.ok(heads.some(({ proposal }) => proposal !== number));
    const texts = [...discord.world.messages.values()].map(({ message }) => textOf(message));
    for (const { words } of heads) assert.ok(!texts.some((text) => text.includes(words)), words);
  });

  test("a kind from the list opens its form; the form is a proposal, backed by a press", async () => {
    const list = await told(ada, () => discord.slash(ada, channel, "propose"));
    assert.ok(buttonsOf(list).includes("propose:kind"));
    const opened = async (kind: string) => {
      const chosen = discord.select(ada, channel, list, "propose:kind", [kind]);
      const form = await formOf(chosen);
      assert.match(form, new RegExp(`"custom_id":"propose:${kind}"`));
      return { chosen, form };
    };
    const propose = async (kind: string, fields: Record<string, string | readonly string[]>) => {
      const { chosen } = await opened(kind);
      const made = await told(ada, () => discord.submit(chosen, fields));
      return Number(/[Pp]roposal (\d+)/.exec(textOf(made))?.[1]);
    };
    const tree = await propose("question", {
      question: "Shall we plant a tree?",
      _reason: "Shade",
    });
    const card = await cardWith(`gov:${tree}:yes.1`);
    assert.match(textOf(card), /Shall we plant a tree\?[\s\S]*Shade/);
    assert.equal((await pool.view(tree)).proposer, `discord:${ada.id}`);
    const rule = await propose("amend", {
      rule: "/types/model.allowlist/house",
      value: '["members","producers"]',
    });
    const asking = await cardWith(`gov:${rule}:back`);
    await told(ben, () => discord.press(ben, channel, asking, `gov:${rule}:back`));
    assert.ok((await pool.view(rule)).sponsors.accounts.includes(`discord:${ben.id}`));
    const { form } = await opened("quota");
    const [, where] = JSON.parse(form).components;
    assert.equal(where.component.type, 3, "places are chosen, not written");
    const [room] = where.component.options as { value: string; label: string }[];
    assert.match(room?.value ?? "", new RegExp(channel.id));
    const quota = await propose("quota", { per_day: "20", scope: [room?.value ?? ""] });
    assert.match(JSON.stringify((await pool.view(quota)).options), /20/);
    assert.match(JSON.stringify(await pool.view(quota)), new RegExp(`room:[^"]*${channel.id}`));
    const gone = discord.select(ada, channel, list, "propose:kind", ["no-such-kind"]);
    await discord.until(() => gone.answered ?? undefined);
    assert.equal(gone.answered?.type, 5);
  });
});
