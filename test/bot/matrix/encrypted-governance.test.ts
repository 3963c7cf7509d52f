// What is decided and handed out in an encrypted room stays encrypted: ballot papers, pictures, files. matrix-nio reads.
import assert from "node:assert/strict";
import { createDecipheriv, createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { type OpenMatrixDoor, openMatrixDoor } from "../../../bot/matrix/open.ts";
import { poolClient } from "../../../bot/pool/client.ts";
import { FakeNode } from "../../api/support/fake-node.ts";
import { GovernedPool } from "../../governance/support/governed-pool.ts";
import { Human } from "../../support/matrix-human.ts";
import { type NioEvent, NioHuman } from "../../support/nio-human.ts";
import { scratch } from "../../support/services.ts";
import { type Homeserver, type MatrixAccount, openHomeserver } from "../../support/synapse.ts";

// As in encryption.test.ts: the SDK keeps timers that nothing can end.
after(() => setTimeout(() => process.exit(), 1000).unref());

describe("deciding in an encrypted Matrix room", { timeout: 300_000 }, () => {
  const dataDir = scratch("matrix-encrypted-governance-");
  const node = new FakeNode("maple").echo();
  let homeserver: Homeserver;
  let account: MatrixAccount;
  let pool: GovernedPool;
  let door: OpenMatrixDoor;
  let nina: NioHuman;
  let room: string;
  before(async () => {
    homeserver = await openHomeserver();
    account = await homeserver.user("substrate");
    nina = await NioHuman.enter(homeserver, "nina");
    pool = await GovernedPool.start([], { poolModerators: [`matrix:${nina.userId}`] });
    await pool.pool.node("maple", node);
    const { url, serviceToken } = pool.pool.api;
    door = await openMatrixDoor({
      ...{ pool: poolClient({ url, serviceToken }), homeserverUrl: homeserver.url, dataDir },
      credentials: { user: account.userId, password: account.password },
      ...{ inviteFrom: ["localhost"], eventsPerSecond: 0, eventsBurst: 10 },
      encryption: { storeKey: "a key that an operator made, long enough" },
      log: { info() {}, warn: console.warn, error: console.error },
    });
    room = await nina.encryptedRoom([account.userId]);
    await seen(({ event }) => /Hello/.test(event.content.body ?? ""));
  });
  after(async () => {
    nina?.close();
    await door?.close();
    node.kill();
    await pool?.close();
    await homeserver?.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Something of ours that came encrypted and could be read. */
  const seen = (wanted: (one: NioEvent) => boolean) =>
    nina.sees((one) => one.event.sender === account.userId && one.decrypted && wanted(one));
  const shownOf = ({ event }: NioEvent) =>
    (event.content["m.new_content"] ?? event.content)["org.substrate.shown"] ?? {};
  const sign = (where: string, target: string, key: string) =>
    nina.send(where, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: target, key },
    });

  /** A file as a client opens it (client-server API, EncryptedFile). */
  async function opened({ event }: NioEvent): Promise<Buffer> {
    const { url, key, iv, hashes } = event.content.file;
    assert.equal(event.content.url, undefined, "nothing in clear");
    const reader = await Human.enter(homeserver, "reader");
    const sealed = await reader.download(url);
    await reader.close();
    const digest = createHash("sha256").update(sealed).digest("base64").replace(/=+$/, "");
    assert.equal(digest, hashes.sha256);
    const [secret, counter] = [Buffer.from(key.k, "base64url"), Buffer.from(iv, "base64")];
    const decipher = createDecipheriv("aes-256-ctr", secret, counter);
    return Buffer.concat([decipher.update(sealed), decipher.final()]);
  }

  test("votes on a paper of one's own, and gets picture and count as encrypted files", async () => {
    await nina.say(room, "!poll Shall we close the gate?");
    const card = await seen((one) => /^Proposal 1: Shall we close/.test(one.event.content.body));
    assert.deepEqual(Object.keys(shownOf(card).signs), ["🗳", "🧾"]);
    await sign(room, card.event.event_id, "🗳");
    const paper = await seen((one) => one.event.type === "org.matrix.msc3381.poll.start");
    assert.notEqual(paper.room, room);
    await nina.send(paper.room, "org.matrix.msc3381.poll.response", {
      "m.relates_to": { rel_type: "m.reference", event_id: paper.event.event_id },
      "org.matrix.msc3381.poll.response": { answers: ["yes"] },
    });
    await seen((one) => /^Your ballot in proposal 1\n/.test(one.event.content.body ?? ""));
    await pool.closeVote(1);
    const picture = await seen((one) => one.event.content.msgtype === "m.image");
    assert.match(picture.event.content.body, /The answer is yes/);
    const png = await opened(picture);
    assert.equal(png.subarray(1, 4).toString(), "PNG");
    assert.equal(picture.event.content.info.size, png.length);
    await sign(room, card.event.event_id, "💾");
    const file = await seen((one) => one.event.content.filename === "proposal-1.json");
    assert.match((await opened(file)).toString(), /Shall we close the gate/);
    assert.deepEqual(nina.locked, []);
  });

  test("tells privately and encrypted where an answer came from, with its picture", async () => {
    await nina.say(room, "!ask What grows here?");
    const answer = await seen((one) => shownOf(one).kind === "answer" && shownOf(one).final);
    const about = answer.event.content["m.relates_to"];
    const id = about.rel_type === "m.replace" ? about.event_id : answer.event.event_id;
    await sign(room, id, "🔎");
    const told = await seen((one) => shownOf(one).kind === "provenance");
    assert.notEqual(told.room, room);
    const picture = await seen((one) => /^where-from-/.test(one.event.content.filename ?? ""));
    assert.equal(picture.room, told.room);
    assert.match(picture.event.content.body, /asked: maple/);
    assert.equal((await opened(picture)).subarray(1, 4).toString(), "PNG");
  });
});
