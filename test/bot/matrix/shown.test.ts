// What the sync has shown and what not yet: a client that reads a sync step by step, as its test tells it.
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { ClientEvent, type MatrixClient, RoomEvent, SyncState } from "matrix-js-sdk";
import { directRooms } from "../../../bot/matrix/direct.ts";
import type { Homeserver } from "../../../bot/matrix/homeserver.ts";
import { shownBy } from "../../../bot/matrix/shown.ts";
import { MessageGone } from "../../../bot/stream/pacer.ts";
import { fakeClock } from "../fake-clock.ts";

const BEN = "@ben:localhost";

/** A client of the SDK between two steps of a sync, and the homeserver that knows more. */
class Reading extends EventEmitter {
  readonly closing = new AbortController();
  readonly clock = fakeClock();
  readonly memberships = new Map<string, string>();
  readonly direct: string[] = [];
  /** Conversations begun. */
  begun = 0;
  joined: string[] = [];
  getUserId = () => "@substrate:localhost";
  getAccountData = () => ({ getContent: () => ({ [BEN]: this.direct }) });
  getRoom(id: string) {
    if (!this.memberships.has(id)) return null;
    return {
      getMyMembership: () => this.memberships.get(id),
      getMember: () => ({ membership: "join" }),
      getJoinedMemberCount: () => 2,
      getInvitedMemberCount: () => 0,
      hasEncryptionStateEvent: () => false,
    };
  }
  lookUp = async () => ({ joined_rooms: this.joined });
  async persist(method: string) {
    if (method === "POST") this.begun++;
    return { room_id: "!begun" };
  }

  readonly shown = shownBy(
    this as unknown as MatrixClient,
    this as unknown as Homeserver,
    this.closing.signal,
    this.clock,
  );
  readonly rooms = directRooms(
    this as unknown as MatrixClient,
    this as unknown as Homeserver,
    this.shown,
    this.closing.signal,
  );

  /** A room as a sync tells of it, which goes on. */
  reads(room: string, membership: string): void {
    this.memberships.set(room, membership);
    this.emit(RoomEvent.MyMembership, { roomId: room });
  }
  /** The sync is read. */
  ends(): void {
    this.emit(ClientEvent.Sync, SyncState.Syncing);
  }
}

/** True when it has resolved by now, as far as nothing outside is waited for. */
async function isDone(work: Promise<unknown>): Promise<boolean> {
  let done = false;
  work.then(
    () => {
      done = true;
    },
    () => {},
  );
  await new Promise(setImmediate);
  return done;
}

test("a room is shown when the sync that tells of it has been read to its end", async () => {
  const client = new Reading();
  const waiting = client.shown.room("!a", client.closing.signal);
  client.ends();
  client.reads("!a", "join");
  assert.equal(await isDone(waiting), false);
  // Nor for who asks meanwhile: it is there, and the SDK is not ready to write into it.
  const late = client.shown.room("!a", client.closing.signal);
  assert.equal(await isDone(late), false);
  client.ends();
  await Promise.all([waiting, late]);
});

test("an invitation from before is not the room: it is waited for till the bot is in it, or out of it", async () => {
  const client = new Reading();
  client.reads("!a", "invite");
  client.ends();
  const waiting = client.shown.room("!a", client.closing.signal);
  assert.equal(await isDone(waiting), false);
  client.reads("!a", "join");
  client.ends();
  await waiting;
  const put = client.shown.room("!b", client.closing.signal);
  client.reads("!b", "leave");
  client.ends();
  await assert.rejects(put, MessageGone);
});

test("all is shown when the sync has every room that the homeserver has the bot in", async () => {
  const client = new Reading();
  client.joined = ["!a", "!b"];
  client.reads("!a", "join");
  client.ends();
  assert.equal(await isDone(client.shown.all), false);
  client.reads("!b", "join");
  assert.equal(await isDone(client.shown.all), false);
  client.ends();
  await client.shown.all;
});

test("syncs from a cache show a room as it was: it is waited for, but not for ever", async () => {
  const client = new Reading();
  client.joined = ["!a", "!never"];
  client.ends();
  client.reads("!a", "invite");
  client.ends();
  client.reads("!a", "join");
  client.ends();
  assert.equal(await isDone(client.shown.all), false);
  await client.clock.advance(30_000);
  await client.shown.all;
  assert.equal(client.clock.pending(), 0);
});

test("all is shown at once where nothing is missing; a door that closes waits no more", async () => {
  const client = new Reading();
  client.joined = ["!a"];
  client.reads("!a", "join");
  client.ends();
  await client.shown.all;
  assert.equal(client.clock.pending(), 0);
  const closed = new Reading();
  closed.ends();
  closed.joined = ["!a"];
  await isDone(closed.shown.all);
  closed.closing.abort();
  await assert.rejects(closed.shown.all, { name: "AbortError" });
});

test("a conversation that the sync has not shown yet is waited for, not begun a second time", async () => {
  const client = new Reading();
  client.direct.push("!ours");
  client.joined = ["!ours"];
  client.ends();
  const asked = client.rooms.with(BEN, false);
  assert.equal(await isDone(asked), false);
  client.reads("!ours", "join");
  assert.equal(await isDone(asked), false);
  client.ends();
  assert.deepEqual(await asked, { room: "!ours", isNew: false });
  assert.equal(client.begun, 0);
});

test("a conversation is used when the sync that shows it has been read to its end", async () => {
  const client = new Reading();
  client.ends();
  const asked = client.rooms.with(BEN, false);
  assert.equal(await isDone(asked), false);
  client.reads("!begun", "join");
  assert.equal(await isDone(asked), false);
  client.direct.push("!begun");
  const again = client.rooms.with(BEN, false);
  assert.equal(await isDone(again), false);
  client.ends();
  assert.deepEqual(await asked, { room: "!begun", isNew: true });
  assert.equal((await again).room, "!begun");
  assert.equal(client.begun, 1);
});
