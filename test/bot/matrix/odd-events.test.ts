// Events that no well-behaved client or homeserver makes: clocks that are wrong, circles, state of the wrong types.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { after, before, describe, test } from "node:test";
import { type OpenMatrixDoor, openMatrixDoor } from "../../../bot/matrix/open.ts";
import { poolClient } from "../../../bot/pool/client.ts";
import { scratch } from "../../support/services.ts";
import { type FakePool, startFakePool } from "../fake-pool.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";
import { type ReplayedEvent, ReplayHomeserver } from "./replay-homeserver.ts";

const ALICE = "@member1:replay";
const BOB = "@member2:replay";
const IN_1970 = 0;
const IN_2100 = Date.UTC(2100, 0);

describe("the Matrix door and odd events", { timeout: 120_000 }, () => {
  const dataDir = scratch("matrix-odd-");
  const logged: string[] = [];
  let homeserver: ReplayHomeserver;
  let pool: FakePool;
  let door: OpenMatrixDoor;
  before(async () => {
    [homeserver, pool] = await Promise.all([ReplayHomeserver.start(), startFakePool()]);
    const say = (fields: object, message: string) =>
      void logged.push(`${message} ${JSON.stringify(fields)}`);
    door = await openMatrixDoor({
      pool: poolClient({ url: pool.url, serviceToken: SERVICE_TOKEN }),
      homeserverUrl: homeserver.url,
      credentials: { token: "replayed" },
      ...{ dataDir, inviteFrom: [], eventsPerSecond: 0, eventsBurst: 10, encryption: null },
      log: { info: say, warn: say, error: say },
    });
  });
  after(async () => {
    await door?.close();
    await pool?.close();
    homeserver?.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const message = (id: string, body: string, more: object = {}): ReplayedEvent => ({
    type: "m.room.message",
    sender: ALICE,
    event_id: id,
    content: { msgtype: "m.text", body, ...more },
  });

  /** Hands events out and resolves when the pool was asked for every one of these, one after the other. */
  async function pushed(events: readonly ReplayedEvent[], questions: readonly string[]) {
    const missing = new Set(questions.map((id) => `matrix:${id}`));
    const { promise, resolve } = Promise.withResolvers<void>();
    pool.onJob = () => {
      missing.delete(pool.asked.at(-1)?.requestKey ?? "");
      if (missing.size === 0) resolve();
    };
    await homeserver.push(events);
    if (questions.length > 0) await promise;
  }
  const timesAsked = (id: string) =>
    pool.asked.filter(({ requestKey }) => requestKey === `matrix:${id}`).length;

  test("dates of 1970 and 2100 change nothing: each is answered, once, also when it comes again", async () => {
    const at = (event: ReplayedEvent, origin_server_ts: number) => ({ ...event, origin_server_ts });
    const future = message("$future", "!ask From the future?");
    const past = message("$past", "!ask From the past?");
    await pushed([at(future, IN_2100), at(past, IN_1970)], ["$future", "$past"]);
    const again = [at(future, IN_1970), at(past, IN_2100), message("$now", "!ask Now?")];
    await pushed(again, ["$now"]);
    assert.deepEqual(["$future", "$past", "$now"].map(timesAsked), [1, 1, 1]);
  });

  test("votes count in the order in which they come, whatever they are dated; the end is an end", async () => {
    const poll = {
      question: { body: "Tea?" },
      answers: ["yes", "no"].map((id) => ({ id, "org.matrix.msc1767.text": id })),
    };
    const about = { "m.relates_to": { rel_type: "m.reference", event_id: "$poll" } };
    const vote = (id: string, chosen: string, origin_server_ts: number): ReplayedEvent => ({
      ...{ type: "org.matrix.msc3381.poll.response", sender: BOB, event_id: id, origin_server_ts },
      content: { ...about, "org.matrix.msc3381.poll.response": { answers: [chosen] } },
    });
    const begun = Date.now();
    await pushed(
      [
        {
          ...{ type: "org.matrix.msc3381.poll.start", sender: ALICE, event_id: "$poll" },
          content: { "org.matrix.msc3381.poll.start": poll },
        },
        vote("$vote1", "yes", IN_2100),
        vote("$vote2", "no", IN_1970),
        {
          ...{ type: "org.matrix.msc3381.poll.end", sender: ALICE, event_id: "$end" },
          origin_server_ts: IN_2100,
          content: { ...about, "org.matrix.msc3381.poll.end": {} },
        },
        vote("$vote3", "yes", IN_1970),
        message("$behind", "!ask Behind them?"),
      ],
      ["$behind"],
    );
    const [counted, ...more] = door.polls.votes("$poll");
    assert.deepEqual([counted?.chosen, more], [["no"], []]);
    assert.ok(Number(counted?.at) >= begun && Number(counted?.at) <= Date.now(), "by our clock");
  });

  test("relations in a circle, edits of edits: each question once, no edit asks", async () => {
    const relation = (rel_type: string, event_id: string) => ({
      "m.relates_to": { rel_type, event_id },
    });
    const edit = (id: string, of: string) =>
      message(id, "* !ask changed", {
        "m.new_content": { msgtype: "m.text", body: "!ask changed" },
        ...relation("m.replace", of),
      });
    const toItself = { "m.relates_to": { "m.in_reply_to": { event_id: "$self" } } };
    await pushed(
      [
        message("$a", "!ask A?", relation("m.thread", "$b")),
        message("$b", "!ask B?", relation("m.thread", "$a")),
        message("$self", "!ask Myself?", toItself),
        edit("$edit1", "$a"),
        edit("$edit2", "$edit1"),
        edit("$edit3", "$edit3"),
        message("$after", "!ask After them?"),
      ],
      ["$a", "$b", "$self", "$after"],
    );
    const ids = ["$a", "$b", "$self", "$edit1", "$edit2", "$edit3"];
    assert.deepEqual(ids.map(timesAsked), [1, 1, 1, 0, 0, 0]);
  });

  test("state of the wrong types gives nobody power and takes the door from nobody", async () => {
    const state = (type: string, state_key: string, content: object): ReplayedEvent => ({
      ...{ type, state_key, content, sender: BOB },
    });
    await pushed(
      [
        state("m.room.power_levels", "", { users: "everyone", users_default: "100", events: 7 }),
        state("m.room.member", "@member3:replay", { membership: 7, displayname: {} }),
        state("m.room.encryption", "", []),
        state("m.space.parent", "nowhere", { via: "x", canonical: "yes" }),
        state("m.room.tombstone", "", { replacement_room: [] }),
        state("m.room.join_rules", "", { join_rule: {} }),
        state("org.substrate.settings", "", []),
        message("$power", "!ask Have I any power?"),
      ],
      ["$power"],
    );
    const asked = pool.asked.find(({ requestKey }) => requestKey === "matrix:$power");
    assert.equal(asked?.moderator, false);
    assert.ok(!logged.some((line) => /could not be dealt with/.test(line)), logged.join("\n"));
  });
});
