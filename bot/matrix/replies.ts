import type { CommandContext, HandedFile } from "../commands/command.ts";
import { PoolError } from "../pool/errors.ts";
import { errorNotice, infoNotice, refusalNotice } from "../views/notice.ts";
import type { View } from "../views/view.ts";
import { ENGLISH, type Words } from "../words/catalogue.ts";
import { askerOf } from "./asker.ts";
import { beside, type Desk, poolIds, type Reply, showView } from "./desk.ts";
import type { RoomEvent } from "./events.ts";
import { sendFile } from "./files.ts";
import { MatrixRefusal } from "./homeserver.ts";
import { showPicture } from "./pictures.ts";

/** Who did something where, and what it is about. */
export interface Act {
  readonly event: RoomEvent;
  readonly words: Words;
  /** Where a reply stands, and where an answer does. */
  readonly reply: Reply;
  readonly thread: string | null;
  readonly question: string;
  /** Job of the answer it is about. */
  readonly replyTo: string | null;
}

/** What people are told in answer to what they did: in the room, or in their conversation with us. */
export class Replies {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Who acts and where, as commands want to know it. `thread`: answers in it are meant before others. */
  async context({ event, replyTo, thread }: Act, aboutAnswers = true): Promise<CommandContext> {
    const { journal, pool } = this.#desk;
    const recent = aboutAnswers ? journal.recentJobs(event.room, null) : [];
    const inThread = thread === null ? [] : journal.recentJobs(event.room, thread);
    const asker = await askerOf(this.#desk, event);
    return {
      ...asker,
      requestKey: poolIds.requestKey(event.id),
      replyTo,
      recentJobs: [...new Set([...inThread, ...recent])],
      askOptions: {},
      files: true,
      pool: pool.speaking((asker.words ?? ENGLISH).locale),
    };
  }

  async show(act: Act, view: View, more: readonly string[] = []): Promise<true> {
    const { encryption } = this.#desk;
    const { words, reply } = act;
    const own = view.kind === "pool" ? await encryption.lines(act.event.room, words) : [];
    await showView(this.#desk, reply, view, words, { more: [...own, ...more] });
    showPicture(this.#desk, reply, view, reply.about);
    return true;
  }

  /** Tells one member alone, in their conversation with us; a room of only two is one. */
  async whisper(
    act: Act,
    view: View,
    more: readonly string[] = [],
    file: HandedFile | null = null,
  ): Promise<true> {
    const { event, words } = act;
    const alone = await this.alone(act);
    if (this.#desk.rooms.isDirect(event.room)) await this.show(act, view, more);
    else {
      await showView(this.#desk, alone, view, words, { more, alone: true });
      showPicture(this.#desk, alone, view, alone.about);
    }
    if (file !== null) await sendFile(this.#desk, alone, file);
    return true;
  }

  /** A place in the member's conversation with us, for what only they shall see; the room hears where to look. */
  async alone(act: Act): Promise<Reply> {
    const { rooms, direct } = this.#desk;
    const { room, sender, id } = act.event;
    if (rooms.isDirect(room)) return act.reply;
    const there = await direct.with(sender, rooms.isEncrypted(room));
    if (there.isNew) {
      // Somebody who never wrote with us must know where to look.
      await this.show(act, infoNotice("sent_privately", act.words.matrix_sent_privately));
    } else if (act.event.type === "m.room.message") {
      this.#mark(room, id);
    }
    return { room: there.room, standing: { thread: null, replyTo: null }, about: id };
  }

  /** What fails is told in words; what may be mended by trying again later is left for the log. */
  async guarded(
    act: Act,
    work: () => Promise<boolean>,
    refuse: (view: View) => Promise<boolean> = (view) => this.show(act, view),
  ): Promise<boolean> {
    const { signal, log } = this.#desk;
    const { words } = act;
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PoolError) return refuse(refusalNotice(error, words));
      const refused = error instanceof MatrixRefusal;
      log[refused ? "warn" : "error"]({ error: String(error) }, "a message could not be answered");
      return refuse(errorNotice("failed", words.failed));
    }
  }

  /** Below a command that was answered elsewhere: it was heard. */
  #mark(room: string, event: string): void {
    const { writer, signal } = this.#desk;
    beside(this.#desk, writer.sign(room, event, "✉️", signal), "a sign could not be put");
  }
}
