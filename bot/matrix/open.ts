import "./quiet.ts";

import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { announce } from "../governance/announcer.ts";
import type { Log } from "../log.ts";
import type { PoolClient } from "../pool/client.ts";
import { communityLanguages } from "../pool/languages.ts";
import { wallClock } from "../stream/pacer.ts";
import { infoNotice } from "../views/notice.ts";
import { matrixNames, wordsIn } from "./asker.ts";
import { Ballots } from "./ballots/ballots.ts";
import { openBallotJournal } from "./ballots/journal.ts";
import { eventBudget } from "./budget.ts";
import { newClient, startSync } from "./client.ts";
import { Deliveries } from "./deliveries.ts";
import { type Desk, poolIds, showView } from "./desk.ts";
import { directRooms } from "./direct.ts";
import { withoutEncryption } from "./encryption/encryption.ts";
import { openKeys } from "./encryption/open-keys.ts";
import { encryptedClient } from "./encryption/rust.ts";
import { matrixTeller } from "./governance-teller.ts";
import { Homeserver } from "./homeserver.ts";
import { Intake } from "./intake.ts";
import { openAnswerJournal } from "./journal.ts";
import { openLedger } from "./ledger.ts";
import { Membership } from "./membership.ts";
import { EventHandler } from "./on-event.ts";
import { MessageHandler } from "./on-message.ts";
import { ownMessages } from "./own-messages.ts";
import { MatrixPolls } from "./polls.ts";
import { Replies } from "./replies.ts";
import { roomsOf } from "./rooms.ts";
import { type Credentials, openSession } from "./session.ts";
import { shownBy } from "./shown.ts";
import { Writer } from "./write/writer.ts";

export interface MatrixDoorOptions {
  readonly pool: PoolClient;
  /** Address clients use, for example `https://matrix.example.org`. */
  readonly homeserverUrl: string;
  readonly credentials: Credentials;
  /** Its folder `matrix` keeps the session, the ledger, which message shows which answer, polls and keys. */
  readonly dataDir: string;
  /** User ids and server names whose invitations are accepted; `*`: everybody's. */
  readonly inviteFrom: readonly string[];
  /** Events a second and at once that the homeserver allows the bot; 0: no limit. */
  readonly eventsPerSecond: number;
  readonly eventsBurst: number;
  /** Reads encrypted rooms; the key seals the store of keys. */
  readonly encryption: { readonly storeKey: string } | null;
  readonly log: Log;
}

export interface OpenMatrixDoor {
  readonly userId: string;
  /** Polls of this door's rooms. */
  readonly polls: MatrixPolls;
  close(): Promise<void>;
}

/** Logs in and serves every room the bot is in. Throws MatrixLoginError when the homeserver refuses. */
export async function openMatrixDoor(options: MatrixDoorOptions): Promise<OpenMatrixDoor> {
  const { pool, dataDir, log } = options;
  const url = options.homeserverUrl.replace(/\/+$/, "");
  const folder = join(dataDir, "matrix");
  const keys = options.encryption
    ? await openKeys(url, folder, options.credentials, options.encryption.storeKey)
    : null;
  const session =
    keys?.session ?? (await openSession(url, options.credentials, join(folder, "session.json")));
  const closing = new AbortController();
  const { signal } = closing;
  const budget = eventBudget({ perSecond: options.eventsPerSecond, burst: options.eventsBurst });
  const homeserver = new Homeserver({ url, token: session.token, budget });
  const encrypted = keys
    ? await encryptedClient({ ...options, ...keys, url, storeKey: keys.storeKey }).catch(
        async (error: unknown) => {
          await keys.store.close();
          throw error;
        },
      )
    : null;
  const client = encrypted?.client ?? newClient(url, session);
  const rooms = roomsOf(client);
  const shown = shownBy(client, homeserver, signal);
  const encryption = encrypted?.encryption ?? withoutEncryption(rooms.isEncrypted);
  const journal = openAnswerJournal(join(folder, "answers.jsonl"));
  const ledger = openLedger(join(folder, "ledger.jsonl"));
  const writer = new Writer(homeserver, encryption.seal, randomUUID());
  const desk: Desk = {
    botId: session.userId,
    homeserver,
    writer,
    rooms,
    shown,
    direct: directRooms(client, homeserver, shown, signal),
    own: ownMessages(homeserver, session.userId, journal, encryption.open, signal),
    journal,
    ledger,
    pool,
    languages: communityLanguages(pool),
    names: matrixNames(client),
    encryption,
    log,
    signal,
  };
  const polls = new MatrixPolls({
    botId: session.userId,
    writer,
    file: join(folder, "polls.jsonl"),
    now: Date.now,
    mayModerate: rooms.mayModerate,
    signal,
  });
  const deliveries = new Deliveries(desk);
  const replies = new Replies(desk);
  const ballotJournal = openBallotJournal(join(folder, "ballots.jsonl"));
  const ballots = new Ballots(desk, replies, polls, ballotJournal);
  const messages = new MessageHandler(desk, deliveries, replies, ballots);
  const handler = new EventHandler(desk, deliveries, messages, polls, ballots);
  const membership = new Membership(desk, client, deliveries, options.inviteFrom);
  const intake = new Intake({
    client,
    homeserver,
    ledger,
    handle: (event) => handler.handle(event),
    onMembership: (room, somebodyLeft) => membership.look(room, somebodyLeft),
    onMissed(room) {
      tellMissed(desk, room).catch((error: unknown) =>
        log.warn({ room, error: String(error) }, "a room could not be told of missed messages"),
      );
    },
    log,
    signal,
  });
  deliveries.resume();
  await intake.start(() => startSync(client));
  await encrypted?.setUp();
  membership.lookAtAll();
  // News for a room that the sync has not shown yet would count as told there.
  const telling = shown.all.then(
    () =>
      announce({
        ...{ door: poolIds.member(session.userId), pool, log, signal, clock: wallClock },
        teller: matrixTeller(desk),
      }),
    () => {},
  );
  log.info({ user: session.userId, rooms: client.getRooms().length }, "the Matrix door is open");
  return {
    userId: session.userId,
    polls,
    async close() {
      closing.abort();
      client.stopClient();
      await intake.settled();
      await Promise.all([deliveries.settled(), telling]);
      ledger.flush();
      await encryption.close();
    },
  };
}

/** More happened while we were away than can be looked through: the room is told instead of left waiting. */
async function tellMissed(desk: Desk, room: string): Promise<void> {
  const words = await wordsIn(desk, room);
  const reply = { room, standing: { thread: null, replyTo: null }, about: randomUUID() };
  await showView(desk, reply, infoNotice("missed", words.matrix_missed), words);
}
