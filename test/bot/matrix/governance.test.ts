// Deciding in Matrix: signs, ballot papers, files and pictures, between a real homeserver and a real pool.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type OpenMatrixDoor, openMatrixDoor } from "../../../bot/matrix/open.ts";
import { poolClient } from "../../../bot/pool/client.ts";
import { FakeNode } from "../../api/support/fake-node.ts";
import { GovernedPool } from "../../governance/support/governed-pool.ts";
import { Human, type ReadMessage } from "../../support/matrix-human.ts";
import { scratch } from "../../support/services.ts";
import { type Homeserver, type MatrixAccount, openHomeserver } from "../../support/synapse.ts";
import { TroubledProxy } from "./proxy.ts";
import { isFinal, kindOf } from "./room.ts";

const OTHERS = ["discord:1001", "discord:1002"] as const;

describe("deciding in a Matrix room", { timeout: 300_000 }, () => {
  const dataDir = scratch("matrix-governance-");
  const node = new FakeNode("maple").echo();
  let homeserver: Homeserver;
  let account: MatrixAccount;
  let pool: GovernedPool;
  let door: OpenMatrixDoor;
  let ada: Human;
  let ben: Human;
  let eve: Human;
  let room: string;

  const open = async (homeserverUrl = homeserver.url, onAllTold = () => {}) => {
    const client = poolClient(pool.pool.api);
    let isFirst = true;
    const governanceEvents: typeof client.governanceEvents = (...heard) => {
      if (!isFirst) onAllTold();
      isFirst = false;
      return client.governanceEvents(...heard);
    };
    door = await openMatrixDoor({
      ...{ pool: { ...client, governanceEvents }, homeserverUrl, dataDir },
      credentials: { user: account.userId, password: account.password },
      ...{ inviteFrom: ["localhost"], eventsPerSecond: 0, eventsBurst: 10, encryption: null },
      log: { info() {}, warn: console.warn, error: console.error },
    });
  };
  before(async () => {
    homeserver = await openHomeserver();
    account = await homeserver.user("substrate");
    [ada, ben, eve] = await Promise.all([
      Human.enter(homeserver, "ada"),
      Human.enter(homeserver, "ben"),
      Human.enter(homeserver, "eve"),
    ]);
    pool = await GovernedPool.start([...OTHERS], {
      poolModerators: [ada, ben].map(({ userId }) => `matrix:${userId}`),
    });
    await pool.pool.node("maple", node);
    await open();
    room = await ada.room({ invite: [account.userId, ben.userId, eve.userId] });
    await Promise.all([ben.join(room), eve.join(room)]);
    await ada.sees((one) => one.room === room && kindOf(one) === "card");
  });
  after(async () => {
    await Promise.all([ada, ben, eve].map((human) => human?.close()));
    await door?.close();
    node.kill();
    await pool?.close();
    await homeserver?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const signsOf = ({ content }: ReadMessage): Record<string, string> =>
    content["org.substrate.shown"]?.signs ?? {};
  /** A vote's card in the room, asked for by a steward. */
  async function poll(line: string, place = room): Promise<{ number: number; card: ReadMessage }> {
    const known = ada.messages(place).length;
    await ada.say(place, `!poll ${line}`);
    const card = await ada.until(() =>
      ada
        .messages(place)
        .slice(known)
        .find((one) => /^Proposal \d+: /.test(one.body) && kindOf(one) === "card"),
    );
    return { number: Number(/^Proposal (\d+)/.exec(card.body)?.[1]), card };
  }
  const inPrivate = (human: Human, wanted: (one: ReadMessage) => boolean) =>
    human.sees((one) => one.room !== room && one.sender === account.userId && wanted(one));
  const receipts = (human: Human, number: number) =>
    human
      .messages()
      .filter(
        (one) => one.room !== room && one.body.startsWith(`Your ballot in proposal ${number}`),
      );
  const rolled = async (number: number, human: Human) =>
    (await pool.view(number)).rollCall?.find((line) => line.account === `matrix:${human.userId}`)
      ?.choice;
  const turnout = async (number: number) => (await pool.view(number)).houses[0]?.turnout;
  const until = (look: () => Promise<boolean>) => pool.pool.until(look);
  /** Event ids of our own signs below a message. */
  const chips = (message: string) =>
    (ada.events.get(room) ?? [])
      .filter((one) => one.type === "m.reaction" && one.sender === account.userId)
      .map((one) => one.content["m.relates_to"])
      .filter((about) => about.event_id === message)
      .map((about) => about.key.replaceAll("\ufe0f", ""));

  test("news from while the door was shut comes into a room that the first sync after it does not show", async () => {
    const proxy = await TroubledProxy.start(homeserver.url);
    await door.close();
    // The homeserver goes on giving this door its first sync for two minutes, and the room is younger.
    await open(proxy.url);
    const young = await ada.room({ invite: [account.userId] });
    await ada.sees((one) => one.room === young && kindOf(one) === "card");
    const { number, card } = await poll("Shall we begin?", young);
    await door.close();
    await pool.closeVote(number);
    const next = Promise.withResolvers<void>();
    proxy.trouble = (_method, path) => {
      if (path.endsWith("/joined_rooms")) next.resolve();
      return path.includes("since=") ? next.promise : undefined;
    };
    // A door that does not ask for its rooms has told everything before the sync goes on.
    await open(proxy.url, next.resolve);
    await ada.sees((one) => one.thread === card.id && /Nobody voted/.test(one.body));
    await door.close();
    proxy.close();
    await open();
  });

  test("an open vote is cast by a sign below its card, changed by another, and taken back with it", async () => {
    const { number, card } = await poll("--sealed no Shall we meet on Mondays?");
    assert.match(
      card.body.split("\n").at(-1) ?? "",
      new RegExp(`^1️⃣ Yes \`!vote ${number} yes\` · 2️⃣ No \`!vote ${number} no\` · 3️⃣ Abstain`),
    );
    await ada.until(() => chips(card.id).length === 3);
    const yes = await ben.react(room, card.id, "1️⃣");
    await inPrivate(ben, (one) => one.body.startsWith(`Your ballot in proposal ${number}`));
    assert.equal(await rolled(number, ben), "yes");
    const no = await ben.react(room, card.id, "2⃣");
    await until(async () => (await rolled(number, ben)) === "no");
    // The first one was no longer what counts.
    await ben.redact(room, yes);
    await ben.until(() => receipts(ben, number).length === 2);
    await ben.redact(room, no);
    await until(async () => (await turnout(number)) === 0);
    await ben.until(() => receipts(ben, number).length === 3);
    assert.equal(await rolled(number, ben), undefined);
    // A moderator who tidies up takes nobody's ballot away.
    const again = await ben.react(room, card.id, "3⃣");
    await until(async () => (await rolled(number, ben)) === "abstain");
    await ada.redact(room, again);
    await ada.say(room, "!proposals");
    await inPrivate(ada, (one) => /Proposals and polls/.test(one.body));
    assert.equal(await rolled(number, ben), "abstain");
  });

  test("options are numbered: all that are lit are approved, or ranked in the order they were lit", async () => {
    const tea = await poll("--sealed no --method approval Which tea? | Green | Black | Mint");
    assert.match(tea.card.body, /1️⃣ A \(as many as you like\) · 2️⃣ B · 3️⃣ C · /);
    await ben.react(room, tea.card.id, "3⃣");
    const green = await ben.react(room, tea.card.id, "1⃣");
    await until(async () => (await rolled(tea.number, ben)) === "A, C");
    await ben.redact(room, green);
    await until(async () => (await rolled(tea.number, ben)) === "C");
    const place = await poll("--sealed no Where? | Hall | Garden | Lake");
    for (const sign of ["2⃣", "3⃣", "1⃣"]) await ben.react(room, place.card.id, sign);
    await until(async () => (await rolled(place.number, ben)) === "B > C > A");
    // Typed after all: what is lit no longer speaks, and taking it away changes nothing.
    await ben.say(room, `!vote ${tea.number} B`);
    await until(async () => (await rolled(tea.number, ben)) === "B");
  });

  test("a sealed vote shows no choices to the room: a sign asks for a ballot of one's own, with buttons", async () => {
    const { number, card } = await poll("Shall we paint it?");
    assert.deepEqual(Object.keys(signsOf(card)), ["🗳", "🧾"]);
    assert.doesNotMatch(card.body, new RegExp(`!vote ${number} yes`));
    await ada.until(() => chips(card.id).includes("🗳"));
    await ben.react(room, card.id, "🗳");
    const paper = await paperOf(ben, number);
    assert.match(paper.content.body, new RegExp(`Yes: !vote ${number} yes`));
    const answer = (chosen: string[]) =>
      ben.send(paper.room, "org.matrix.msc3381.poll.response", {
        "m.relates_to": { rel_type: "m.reference", event_id: paper.id },
        "org.matrix.msc3381.poll.response": { answers: chosen },
      });
    await answer(["yes"]);
    await ben.until(() => receipts(ben, number).length === 1);
    await answer(["no"]);
    await ben.until(() => receipts(ben, number).length === 2);
    assert.equal(await turnout(number), 1);
    // The paper goes on after a restart, and an empty answer takes the ballot back.
    await door.close();
    await answer([]);
    await open();
    await until(async () => (await turnout(number)) === 0);
    const last = await answer(["yes"]);
    await until(async () => (await turnout(number)) === 1);
    await ben.until(() => receipts(ben, number).length === 4);
    // So does the memory of which answer cast it.
    await door.close();
    await ben.redact(paper.room, last);
    await open();
    await until(async () => (await turnout(number)) === 0);
    await answer(["yes"]);
    await until(async () => (await turnout(number)) === 1);
    await pool.closeVote(number);
    await answer(["no"]);
    await inPrivate(ben, (one) => /closed/i.test(one.body) && kindOf(one) === "error");
    await ben.until(() =>
      ben.events
        .get(paper.room)
        ?.some(
          (one) =>
            one.type === "org.matrix.msc3381.poll.end" &&
            one.content["m.relates_to"].event_id === paper.id,
        ),
    );
    const { result } = await pool.view(number);
    assert.deepEqual(
      result?.houses[0]?.rows.map((row) => [row.for, row.against]),
      [["1", "0"]],
    );
  });

  test("a ballot of more than yes or no is filled in by signs in private, and nothing of it is kept here", async () => {
    const { number, card } = await poll("Which colour? | Red | Blue");
    await ben.react(room, card.id, "🗳");
    const own = await inPrivate(ben, (one) =>
      one.body.startsWith(`Proposal ${number}: Which colour`),
    );
    assert.match(own.body, /1️⃣ A \(in the order you prefer\) · 2️⃣ B/);
    assert.match(own.body, /such as “B>A”/, "an example that could be cast");
    await ben.react(own.room, own.id, "2⃣");
    await ben.react(own.room, own.id, "1⃣");
    await ben.until(() => receipts(ben, number).length >= 1);
    await until(async () => (await turnout(number)) === 1);
    await pool.closeVote(number);
    assert.equal((await pool.view(number)).result?.winner, "B");
    const folder = join(dataDir, "matrix");
    const kept = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
    assert.match(kept.join(), new RegExp(`"number":${number},`));
    assert.doesNotMatch(kept.join(), /"kind":"vote"|"chosen"|"rank"|"approve"/);
  });

  test("who types a sealed ballot where all can read it is told so, and how it is done in private", async () => {
    const { number } = await poll("Shall we whisper?");
    await ada.say(room, `!vote ${number} yes`);
    const receipt = await inPrivate(ada, (one) =>
      one.body.startsWith(`Your ballot in proposal ${number}`),
    );
    assert.match(receipt.body, new RegExp(`This vote is sealed.*!vote ${number}`));
    await ada.react(receipt.room, receipt.id, "↩️");
    await until(async () => (await turnout(number)) === 0);
    // Asked for in private, a paper comes where it was asked for.
    await ada.say(receipt.room, `!vote ${number}`);
    assert.equal((await paperOf(ada, number)).room, receipt.room);
  });

  test("many who may not vote are told once in the thread, and get no conversations of their own", async () => {
    const { number, card } = await poll("--sealed no Shall we grow?");
    await eve.react(room, card.id, "1⃣");
    const told = await eve.sees((one) => one.replyTo === card.id && kindOf(one) === "error");
    assert.deepEqual([told.room, told.thread], [room, card.id]);
    await eve.react(room, card.id, "2⃣");
    await eve.say(room, "!help me");
    await eve.sees((one) => /^!me\n/.test(one.body));
    const refusals = eve.messages(room).filter((one) => one.replyTo === card.id);
    assert.equal(refusals.length, 1);
    assert.equal(await turnout(number), 0);
    const sealed = await poll("Shall we hide?");
    await eve.react(room, sealed.card.id, "🗳️");
    await eve.sees((one) => one.thread === sealed.card.id && one.replyTo === sealed.card.id);
    assert.equal(eve.direct.size, 0);
  });

  test("a result is a picture with its words beside it, and 💾 or !save its count as a file", async () => {
    const { number, card } = await poll("--sealed no Shall we dance?");
    await ben.react(room, card.id, "1️⃣");
    await until(async () => (await turnout(number)) === 1);
    await pool.closeVote(number);
    const picture = await ada.sees(
      (one) => one.thread === card.id && one.content.msgtype === "m.image",
    );
    const { body, info, filename, url } = picture.content;
    assert.match(body, /The answer is yes/);
    assert.equal(filename, `proposal-${number}.png`);
    const png = await ada.download(url);
    assert.equal(Buffer.from(png.subarray(1, 4)).toString(), "PNG");
    assert.equal(info.size, png.length);
    assert.ok(info.w > 200 && info.h > 100, JSON.stringify(info));
    const shown = await ada.sees((one) => one.id === card.id && /Result/.test(one.body));
    assert.match(
      shown.body.split("\n").at(-1) ?? "",
      new RegExp(`💾 Save the count \`!save ${number}\``),
    );
    const file = (after: number) =>
      ada.until(() =>
        ada
          .messages(room)
          .filter(({ content }) => content.filename === `proposal-${number}.json`)
          .at(after),
      );
    await ben.react(room, card.id, "💾");
    const saved = await file(0);
    assert.equal(saved.thread, card.id);
    const lines = Buffer.from(await ada.download(saved.content.url))
      .toString()
      .split("\n");
    assert.match(JSON.stringify(JSON.parse(lines[0] ?? "")), /Shall we dance/);
    await ada.say(room, `!save ${number}`);
    await file(1);
    // Who is late with a sign learns that it is over.
    await ada.react(room, card.id, "2⃣");
    await inPrivate(ada, (one) => one.body.startsWith(`Proposal ${number}: Shall we dance`));
  });

  test("a proposal is backed, and an emergency act confirmed, by signs put while the door was shut", async () => {
    await ada.say(room, `!emergency member ${OTHERS[0]} | Floods the room`);
    const act = await ben.sees((one) => one.room === room && one.body.startsWith("Emergency acts"));
    assert.deepEqual(Object.keys(signsOf(act)), ["🤝"]);
    await ada.say(
      room,
      '!propose amend rule=/types/model.allowlist/house value=["members","producers"] | For all',
    );
    const card = await ben.sees((one) => /^Proposal \d+: .*model.allowlist/.test(one.body));
    const number = Number(/\d+/.exec(card.body)?.[0]);
    assert.match(card.body, new RegExp(`🙌 Back it \`!proposal ${number} back\``));
    await door.close();
    await ben.react(room, card.id, "🙌");
    await ben.react(room, act.id, "🤝");
    await open();
    await ben.sees((one) =>
      new RegExp(`Proposal ${number} has the backing it needs`).test(one.body),
    );
    await ben.sees((one) => /suspended/.test(one.body) && one.room === room);
    await pool.openVote(number);
    await ben.until(() => chips(card.id).includes("🗳"));
  });

  test("hands members what is kept of them, and tells that it is erased, where only they read it", async () => {
    await eve.say(room, "!data save");
    const file = await eve.sees((one) => one.body === "my-data.json");
    assert.notEqual(file.room, room);
    await eve.say(file.room, "!data erase");
    await eve.sees(
      (one) => /Nobody can bring it back/.test(one.body) && /!data erase yes/.test(one.body),
    );
    await eve.say(file.room, "!data erase yes");
    await eve.sees((one) => /0 questions and their answers are erased/.test(one.body));
  });

  test("a room that another community chose for votes gets card, signs, news and result, until it is taken back", async () => {
    const votes = await eve.room({ name: "votes", invite: [account.userId, ben.userId] });
    await ben.join(votes);
    await eve.sees((one) => one.room === votes && kindOf(one) === "card");
    await eve.say(votes, `!pool settings votes_room ${votes}`);
    await eve.sees((one) => /Votes are told in: votes/.test(one.body));
    const { number } = await poll("--sealed no Shall we sing?");
    const isCard = (one: ReadMessage) =>
      one.room === votes && one.body.startsWith(`Proposal ${number}: `);
    const card = await ben.sees(isCard);
    await ben.react(votes, card.id, "1️⃣");
    await until(async () => (await rolled(number, ben)) === "yes");
    await pool.closeVote(number);
    await ben.sees((one) => one.id === card.id && /The answer is yes/.test(one.body));
    await ben.sees((one) => one.thread === card.id && /The answer is yes/.test(one.body));
    await eve.say(votes, "!pool settings votes_room none");
    await eve.sees((one) => /Votes are told in: nowhere/i.test(one.body));
    const quiet = await poll("--sealed no And dance?");
    await pool.closeVote(quiet.number);
    await ada.sees((one) => one.thread === quiet.card.id && /Nobody voted/.test(one.body));
    assert.ok(!ben.messages(votes).some((one) => /And dance/.test(one.body)));
  });

  // Ids of rooms name no server from version 12 on, and their creators stand above every level; in 11 redactions changed.
  for (const version of ["10", "11", "12"]) {
    test(`a room of version ${version} is entered, asked in, set up and decided in`, async () => {
      const people = [ben, eve];
      const invite = [account.userId, ...people.map(({ userId }) => userId)];
      const there = await ada.room({ room_version: version, invite });
      for (const human of people) await human.join(there);
      await ada.sees((one) => one.room === there && kindOf(one) === "card");
      // Who made the room may set it up, other members may not.
      const quota = 40 + Number(version);
      await eve.say(there, "!pool settings quota_per_day 7");
      await eve.sees((one) => kindOf(one) === "error" && /moderators/.test(one.body));
      await ada.say(there, `!pool settings quota_per_day ${quota}`);
      await inPrivate(ada, (one) => one.body.includes(`${quota} questions`));
      const question = await ben.say(there, "!ask Who is here?");
      await ben.sees((one) => one.thread === question && isFinal(one) && /maple/.test(one.body));
      const { number, card } = await poll("--sealed no Shall we stay?", there);
      const yes = await ben.react(there, card.id, "1️⃣");
      await until(async () => (await rolled(number, ben)) === "yes");
      await ben.redact(there, yes);
      await until(async () => (await turnout(number)) === 0);
      await ben.react(there, card.id, "2️⃣");
      await until(async () => (await rolled(number, ben)) === "no");
      await pool.closeVote(number);
      await ben.sees((one) => one.id === card.id && /Result/.test(one.body));
    });
  }

  /** The newest ballot paper of a member. */
  async function paperOf(human: Human, number: number) {
    return human.until(() => {
      for (const [id, events] of human.events) {
        const found = events.findLast(
          (one) =>
            one.type === "org.matrix.msc3381.poll.start" &&
            one.content.body.includes(`proposal ${number}:`),
        );
        if (found) return { id: found.event_id, room: id, content: found.content };
      }
      return null;
    });
  }
});
