import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { RustBackupManager } from "matrix-js-sdk/lib/rust-crypto/backup.js";
import { type NioEvent, NioHuman } from "../../support/nio-human.ts";
import { TroubledProxy } from "./proxy.ts";
import { type MatrixHouse, openMatrixHouse } from "./room.ts";

const STORE_KEY = "a key that an operator made, long enough";

// The SDK keeps a timer of five minutes for each event it could not read, and offers no way to end it. Unless
// something is left to wait for, this one does nothing.
after(() => setTimeout(() => process.exit(), 1000).unref());

describe("the Matrix door in an encrypted room", { timeout: 240_000 }, () => {
  let house: MatrixHouse;
  let nina: NioHuman;
  let room: string;
  before(async () => {
    house = await openMatrixHouse({ encryption: { storeKey: STORE_KEY } });
    house.pool.onJob = (job) => {
      job.start("maple");
      job.text(`Answer to job ${house.pool.jobs().length}.`);
      job.done();
    };
    nina = await NioHuman.enter(house.homeserver, "nina");
    room = await nina.encryptedRoom([house.bot.userId]);
    await nina.sees((one) => one.decrypted && isFrom(house, one));
  });
  after(async () => {
    nina?.close();
    await house?.close();
  });

  /** The answer's last words to a question, in whichever event they come. */
  const answered = (question: string) =>
    nina.sees(({ decrypted, event }) => {
      const shown = event.content["m.new_content"] ?? event.content;
      const about = event.content["m.relates_to"];
      const root =
        about?.rel_type === "m.replace" ? threadOf(nina, about.event_id) : about?.event_id;
      return decrypted && shown["org.substrate.shown"]?.final === true && root === question;
    });

  /** Messages of the bot in the encrypted room that everybody could read. */
  const inClear = () =>
    nina.events.filter((one) => isFrom(house, one) && one.room === room && !one.decrypted);

  test("reads the question, answers encrypted, and tells how encryption stands", async () => {
    const question = await nina.say(room, "!ask Can you read this?");
    const { event } = await answered(question);
    assert.match(JSON.stringify(event.content), /Answer to job 1\./);
    await nina.say(room, "!pool");
    const pool = await nina.sees(({ event: one }) => /Encryption/.test(one.content.body ?? ""));
    assert.match(
      pool.event.content.body,
      /Encryption: on\. This room: encrypted\. Device \w+: signed by its owner\. Key backup: version \d+/,
    );
  });

  test("goes on after a restart, with what was asked while it was away, and answers nothing twice", async () => {
    await house.shut();
    const missed = await nina.say(room, "!ask And while you were away?");
    await house.open();
    await answered(missed);
    const later = await nina.say(room, "!ask And now?");
    await answered(later);
    assert.deepEqual(nina.locked, [], "nothing came that its reader could not open");
    assert.equal(house.pool.jobs().length, 3, "each question once");
  });

  test("takes up an answer after a restart only when it knows that the room is encrypted", async () => {
    const proxy = await TroubledProxy.start(house.homeserver.url);
    const finish = house.pool.onJob;
    house.pool.onJob = (job) => job.start("maple");
    const question = await nina.say(room, "!ask Half an answer?");
    await nina.sees(
      ({ event }) =>
        event.sender === house.bot.userId && event.content["m.relates_to"]?.event_id === question,
    );
    await house.shut();
    finish(house.pool.last());
    house.pool.onJob = finish;
    const synced = Promise.withResolvers<void>();
    const syncing = new Promise<void>((resolve) => {
      proxy.trouble = (_method, path) => {
        if (!path.includes("/sync")) return undefined;
        resolve();
        return synced.promise;
      };
    });
    const opening = house.open({ homeserverUrl: proxy.url });
    await syncing;
    // A door that did not wait for the sync would have said the rest long before these are answered.
    for (let at = 0; at < 10; at++) await nina.say(room, "talk");
    synced.resolve();
    await opening;
    await answered(question);
    assert.deepEqual(inClear(), [], "nothing went into the room in clear");
    await house.shut();
    await house.open();
    proxy.close();
  });

  test("says once in a thread that it has no keys, not for every message", async () => {
    const alice = await house.person("alice");
    const locked = await alice.room({
      invite: [house.bot.userId],
      initial_state: [
        {
          type: "m.room.encryption",
          state_key: "",
          content: { algorithm: "m.megolm.v1.aes-sha2" },
        },
      ],
    });
    const ours = () =>
      alice.events
        .get(locked)
        ?.filter((one) => one.sender === house.bot.userId && one.type === "m.room.encrypted") ?? [];
    await alice.until(() => ours().length === 1);
    const garbage = () =>
      alice.send(locked, "m.room.encrypted", {
        algorithm: "m.megolm.v1.aes-sha2",
        ciphertext: "AwgAEpABqOCAaP6NqXquQcEsrGCVInjRTLHmVH8exqYO0b5Aulhgzqrt6oWVUZCpSRBCnlmvnc96",
        sender_key: "x",
        device_id: "NOWHERE",
        session_id: "none",
      });
    await Promise.all([garbage(), garbage(), garbage()]);
    await alice.until(() => ours().length === 2);
    const reply = await nina.say(room, "!ask Is everything well?");
    await answered(reply);
    assert.equal(ours().length, 2, "the welcome, and one sentence about keys");
  });

  test("keeps no key in clear, and opens the store with the operator's key only", async () => {
    const folder = join(house.dataDir, "matrix");
    const name = readdirSync(folder).find((one) => one.endsWith(".sealed")) as string;
    const sealed = readFileSync(join(folder, name));
    assert.ok(!sealed.includes("ed25519") && !sealed.includes(house.bot.userId));
    await assert.rejects(
      house.open({ encryption: { storeKey: STORE_KEY } }),
      /in use by another program/,
    );
    await house.shut();
    await assert.rejects(
      house.open({ encryption: { storeKey: "another key that is long enough to do" } }),
      /MATRIX_STORE_KEY does not open/,
    );
    const spoilt = Buffer.from(sealed);
    spoilt.writeUInt8(spoilt.readUInt8(200) ^ 1, 200);
    writeFileSync(join(folder, name), spoilt);
    await assert.rejects(house.open(), /was changed/);
    writeFileSync(join(folder, name), sealed.subarray(0, 10));
    await assert.rejects(house.open(), /only a part of one/);
    writeFileSync(join(folder, name), sealed);
    await house.open();
    await answered(await nina.say(room, "!ask Still there?"));
  });
});

test("a door that lost its disk is a new device with the old identity and the old backup", async () => {
  const house = await openMatrixHouse({ encryption: { storeKey: STORE_KEY }, byPassword: true });
  try {
    const { userId, token } = house.bot;
    const asBot = async (method: string, path: string, body?: object) => {
      const answer = await fetch(`${house.homeserver.url}/_matrix/client/v3${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return answer.json();
    };
    /** What everybody can see of the account: its identity, its backup, and which devices the identity has signed. */
    const published = async () => {
      const keys = await asBot("POST", "/keys/query", { device_keys: { [userId]: [] } });
      const [signer = ""] = Object.keys(keys.self_signing_keys[userId].keys);
      const devices = Object.entries<{ signatures: Record<string, object> }>(
        keys.device_keys[userId],
      );
      const signed = devices.filter(([, one]) => signer in (one.signatures[userId] ?? {}));
      const { version } = await asBot("GET", "/room_keys/version");
      const identity = Object.keys(keys.master_keys[userId].keys);
      return { identity, version, signed: signed.map(([id]) => id) };
    };
    const before = await published();
    await house.shut();
    rmSync(join(house.dataDir, "matrix"), { recursive: true });
    await house.open();
    const after = await published();
    assert.deepEqual(after.identity, before.identity);
    assert.equal(after.version, before.version);
    assert.equal(after.signed.length, before.signed.length + 1, "and the new device is signed");
    assert.ok(
      !house.logged.some((line) => /could not be signed/.test(line)),
      house.logged.join("\n"),
    );
  } finally {
    await house.close();
  }
});

test("a door that lost its disk reads old messages again from the backup, and goes on with their conversations", async () => {
  // The SDK sends keys to the backup some time within ten seconds, so that not everybody does it at once.
  Object.assign(RustBackupManager, { maxBackupLoopStartDelayMillis: 0 });
  const house = await openMatrixHouse({ encryption: { storeKey: STORE_KEY }, byPassword: true });
  const nina = await NioHuman.enter(house.homeserver, "nina");
  try {
    house.pool.onJob = (job) => {
      job.start("maple");
      job.text("So it is.");
      job.done();
    };
    const room = await nina.encryptedRoom([house.bot.userId]);
    await nina.sees((one) => one.decrypted && isFrom(house, one));
    /** The first message of the answer to a question, when its last words are there. */
    const answerTo = async (question: string): Promise<string> => {
      const isHere = ({ event: { content } }: NioEvent) =>
        content["m.relates_to"]?.rel_type === "m.thread" &&
        content["m.relates_to"].event_id === question;
      const first = await nina.sees((one) => one.decrypted && isFrom(house, one) && isHere(one));
      await nina.sees(({ decrypted, event: { event_id, content } }) => {
        const about = content["m.relates_to"];
        const isIts = event_id === first.event.event_id || about?.event_id === first.event.event_id;
        const shown = (content["m.new_content"] ?? content)["org.substrate.shown"];
        return decrypted && isIts && shown?.final === true;
      });
      return first.event.event_id;
    };
    const question = await nina.say(room, "!ask Who planted it?");
    const answer = await answerTo(question);
    const first = house.pool.last().job.id;
    const backedUp = async () => {
      const answer = await fetch(`${house.homeserver.url}/_matrix/client/v3/room_keys/version`, {
        headers: { authorization: `Bearer ${house.bot.token}` },
      });
      return ((await answer.json()) as { count: number }).count;
    };
    // Nina's keys for the room, and the door's own.
    while ((await backedUp()) < 2) await new Promise(setImmediate);

    await house.shut();
    rmSync(join(house.dataDir, "matrix"), { recursive: true });
    await house.open();
    // Now her client knows the new device, and can give it keys.
    const hellos = () =>
      nina.events.filter(
        (one) => one.decrypted && isFrom(house, one) && /^Hello/.test(one.event.content.body),
      );
    await nina.sees(() => hellos().length === 2);
    const inThread = { rel_type: "m.thread", event_id: question, is_falling_back: true };
    const more = await nina.say(room, "And when?", {
      "m.relates_to": { ...inThread, "m.in_reply_to": { event_id: answer } },
    });
    await nina.sees(({ decrypted, event: { content } }) => {
      const about = content["m.relates_to"]?.["m.in_reply_to"];
      return decrypted && about?.event_id === more;
    });
    const asked = house.pool.asked.at(-1);
    assert.deepEqual([asked?.prompt, asked?.continues], ["And when?", first]);
    await nina.send(room, "m.reaction", {
      "m.relates_to": { rel_type: "m.annotation", event_id: answer, key: "🔎" },
    });
    await nina.sees(({ decrypted, event: { content } }) => {
      const shown = content["org.substrate.shown"];
      return decrypted && shown?.kind === "provenance" && shown.job === first;
    });
    assert.deepEqual(nina.locked, []);
  } finally {
    nina.close();
    await house.close();
  }
});

function isFrom(house: MatrixHouse, { event }: NioEvent): boolean {
  return event.sender === house.bot.userId && event.type === "m.room.message";
}

/** The thread in which an event of the bot stands. */
function threadOf(nina: NioHuman, id: string): string | undefined {
  const first = nina.events.find(({ event }) => event.event_id === id);
  return first?.event.content["m.relates_to"]?.event_id;
}
