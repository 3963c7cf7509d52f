// A whole story in a German-speaking server, one of whose stewards reads French: nothing of ours is English.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import type { APIMessage, APIUser } from "discord-api-types/v10";
import { en } from "../../../api/governance/words/en/index.ts";
import { communityScope } from "../../../api/policy/scope.ts";
import { type OpenDiscordDoor, openDiscordDoor } from "../../../bot/discord/open.ts";
import { poolClient } from "../../../bot/pool/client.ts";
import { ENGLISH } from "../../../bot/words/catalogue.ts";
import { GovernedPool, HOUR } from "../../governance/support/governed-pool.ts";
import { DiscordEmulator } from "../../support/discord/emulator.ts";
import type { Channel } from "../../support/discord/world.ts";
import { scratch } from "../../support/services.ts";
import { buttonsOf, textOf } from "./room.ts";

const others = ["discord:1001", "discord:1002", "discord:1003"] as const;
const dataDir = scratch("discord-language-");
let discord: DiscordEmulator;
let pool: GovernedPool;
let door: OpenDiscordDoor;
let channel: Channel;
let ada: APIUser;
let ben: APIUser;

before(async () => {
  const quick = { limit: 1000, windowMs: 1000 };
  discord = await DiscordEmulator.start({ limits: { perChannel: quick, global: quick } });
  const { world } = discord;
  channel = world.channels.get(world.guild("Garten", ["treff"]).channelIds[0] ?? "") as Channel;
  [ada, ben] = [world.user("Ada"), world.user("Ben")];
  pool = await GovernedPool.start([...others], {
    poolModerators: [ada, ben].map(({ id }) => `discord:${id}`),
  });
  await pool.sql.query(
    `insert into policy (scope, key, value, revision, set_by, set_at)
     values ($1, 'language', '"de"', 1, '{"kind":"operator"}', 0)`,
    [communityScope(`discord:${channel.guildId}`)],
  );
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
  await discord.close();
});

const seen = (user: APIUser) => discord.visible(channel, user);
const isPrivate = ({ flags }: APIMessage) => (Number(flags ?? 0) & 64) !== 0;
const everything = () => [...discord.world.messages.values()].map(({ message }) => textOf(message));

/** What everybody in the server reads next that fits. */
const said = (pattern: RegExp) =>
  discord.until(() => everything().find((text) => pattern.test(text.replace(/\s/g, " "))));
const cardWith = (button: string) =>
  discord.until(() => seen(ben).find((one) => !isPrivate(one) && buttonsOf(one).includes(button)));

/** What this person alone is told next. */
async function told(user: APIUser, act: () => unknown): Promise<APIMessage> {
  const known = new Set(seen(user).map(({ id }) => id));
  act();
  return discord.until(() => seen(user).find((one) => !known.has(one.id) && isPrivate(one)));
}

/** Ada reads German, Ben French, whatever their server speaks. */
const LOCALES = { ada: "de", ben: "fr" } as const;
const types = (who: keyof typeof LOCALES, command: string, values: Record<string, string> = {}) => {
  const user = who === "ada" ? ada : ben;
  return told(user, () => discord.slash(user, channel, command, values, LOCALES[who]));
};
const presses = (who: keyof typeof LOCALES, message: APIMessage, button: string) => {
  const user = who === "ada" ? ada : ben;
  return told(user, () => discord.press(user, channel, message, button, LOCALES[who]));
};

/** Every sentence of ours in English, in the pieces between what fills it; long enough to be nobody else's. */
const ENGLISH_PIECES = [...Object.values(en), ...Object.values(ENGLISH)].flatMap((entry) => {
  const forms = typeof entry === "string" ? [entry] : Object.values(entry ?? {});
  return forms
    .filter((form) => typeof form === "string")
    .flatMap((form) => form.split(/\{\w+\}/))
    .map((piece) => piece.trim())
    .filter((piece) => piece.length > 11 && /\w \w+ \w/.test(piece));
});
const ENGLISH_WORDS =
  /\b(the|this|that|is|are|was|were|has|have|of|and|its|with|for|from|by|you|your|they|members?|voting)\b \b(the|this|that|is|are|was|were|has|have|not|of|and|or|to|its|with|for|from|by|you|your|they|members?)\b/i;

describe("a story in the languages of its readers", { timeout: 300_000 }, () => {
  test("propose, back, vote, result, effect", async () => {
    const kinds = await types("ada", "propose");
    assert.match(textOf(kinds), /Fragen am Tag: Wie viele Fragen ein Mensch am Tag stellen darf/);
    await told(ada, () =>
      discord.slash(
        ada,
        channel,
        "propose",
        { kind: "quota", fields: "per_day=7 | Wir wachsen" },
        "de",
      ),
    );
    const made = await cardWith("gov:1:back");
    assert.match(textOf(made), /Fragen am Tag \(ganzer Pool\)/);
    assert.match(textOf(made), /ohne Grenze → 7 Fragen/);
    const backed = await presses("ben", made, "gov:1:back");
    assert.match(textOf(backed), /Questions par jour \(tout le groupe\)/);
    await said(
      /Vorschlag 1 hat genug Unterstützung \(2\)\. Die Abstimmung beginnt am \d+\. \p{L}+ \d{4}/u,
    );
    const early = await types("ben", "vote", { number: "1", choice: "oui" });
    assert.match(textOf(early), /Le vote s'ouvre le \d+ \p{L}+ \d{4} à \d\d:\d\d UTC/u);
    await pool.openVote(1);
    await said(/Die Abstimmung über Vorschlag 1 läuft bis zum/);
    const card = await cardWith("gov:1:yes.1");
    const receipt = await presses("ben", card, "gov:1:yes.1");
    assert.match(textOf(receipt), /Votre bulletin est au registre et il compte/);
    await presses("ada", card, "gov:1:yes.1");
    for (const account of others.slice(0, 2)) await pool.vote(1, account, "Ja");
    await pool.vote(1, others[2], "non", { reason: "Zu viel" });
    await pool.closeVote(1);
    await said(
      /Vorschlag 1: Mitglieder: 5 von 5 haben abgestimmt\..*4 dafür, 1 dagegen.*Angenommen/,
    );
    const { houses } = (await pool.view(1)).result ?? {};
    assert.deepEqual([houses?.[0]?.rows[0]?.for, houses?.[0]?.rows[0]?.against], ["4", "1"]);
    const late = await types("ben", "vote", { number: "1", choice: "non" });
    assert.match(textOf(late), /Le vote s'est terminé le/);
    const held = await presses("ben", await cardWith("gov:1:hold"), "gov:1:hold");
    assert.match(textOf(held), /Elle prend effet le/);
    await pool.advance(48 * HOUR);
    await pool.reach(1, "in-effect");
    await said(/Vorschlag 1 ist jetzt in Kraft: Fragen am Tag \(ganzer Pool\): 7 Fragen/);
  });

  test("the rules, who one is, what there is to decide", async () => {
    const rules = textOf(await types("ada", "rules"));
    assert.match(rules, /Wer abstimmt/);
    assert.match(rules, /Mitglieder: Menschen mit mindestens einem verbundenen Konto/);
    assert.match(textOf(await types("ben", "rules")), /Qui vote/);
    await types("ada", "proposals", { which: "all" });
    await types("ben", "proposal", { number: "1" });
    await types("ada", "me");
    await types("ben", "vouch", { account: `<@${ben.id}>` });
    const forbidden = await types("ada", "propose", {
      kind: "amend",
      fields: "rule=/commons/floorPerDay value=0 | Wozu?",
    });
    assert.match(textOf(forbidden), /Das kann keine Abstimmung ändern\. Alle werden bedient/);
    const unknown = await types("ben", "proposal", { number: "99" });
    assert.match(textOf(unknown), /La proposition 99 n'existe pas/);
    await types("ada", "link");
  });

  test("an emergency act, and its end", async () => {
    const first = await types("ada", "emergency", {
      subject: "member",
      details: `${others[0]} | Werbung`,
    });
    assert.match(textOf(first), /Wartet auf einen zweiten Steward/);
    const notice = await discord.until(() =>
      seen(ben).find(
        (one) => !isPrivate(one) && buttonsOf(one).some((id) => id.startsWith("second:")),
      ),
    );
    assert.match(textOf(notice), /Mitglied: discord:1001/);
    const button = buttonsOf(notice).find((id) => id.startsWith("second:")) as string;
    const second = await presses("ben", notice, button);
    assert.match(textOf(second), /En vigueur ; expire le/);
    await said(
      /Zwei Stewards \(.+\) haben das Mitglied discord:1001 bis zum .+ ausgesetzt: Werbung\./,
    );
    await pool.advance(72 * HOUR);
    await said(/Die Aussetzung ist vorbei, für das Mitglied discord:1001/);
  });

  test("and no sentence of ours in it is English", () => {
    const texts = everything();
    assert.ok(texts.length > 20);
    const leaks = texts.flatMap((text) => [
      ...ENGLISH_PIECES.filter((piece) => text.includes(piece)),
      ...(ENGLISH_WORDS.exec(text)?.slice(0, 1) ?? []).map((found) => `${found}: ${text}`),
    ]);
    assert.deepEqual([...new Set(leaks)], []);
    // The search finds what it looks for.
    assert.match("Ablauf: the end of the vote", ENGLISH_WORDS);
    assert.ok(
      ENGLISH_PIECES.some((piece) => "Deciding again. There is nothing to decide.".includes(piece)),
    );
  });

  test("and the record does not depend on who reads it", async () => {
    const read = async (language: string, path: string) =>
      (await pool.pool.request(path, { headers: { "accept-language": language } })).text();
    const path = "/v1/proposals/1/export";
    assert.equal(await read("de", path), await read("fr", path));
    assert.match(await read("de", path), /Questions a day \(whole pool\): 7 questions/);
    const digest = async (language: string) => JSON.parse(await read(language, "/v1/rules")).digest;
    assert.equal(await digest("de"), await digest("en"));
    const { rows } = await pool.sql.query("select words from governance_event");
    assert.ok(
      rows.every(({ words }) => typeof words === "object"),
      "no finished sentence is kept",
    );
  });
});
