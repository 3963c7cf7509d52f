import { errorNotice } from "../views/notice.ts";
import { wordsIn } from "./asker.ts";
import type { Ballots } from "./ballots/ballots.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Desk, poolIds, showView } from "./desk.ts";
import type { RoomEvent } from "./events.ts";
import { reactionIn, redactionIn, textIn } from "./events.ts";
import type { MessageHandler } from "./on-message.ts";
import type { MatrixPolls } from "./polls.ts";
import type { Act } from "./replies.ts";
import { SETTINGS_TYPE } from "./settings-state.ts";

/** Sends each event to who deals with it. Returns true when something was said or done about it. */
export class EventHandler {
  readonly #desk: Desk;
  readonly #messages: MessageHandler;
  readonly #polls: MatrixPolls;
  readonly #ballots: Ballots;
  readonly #deliveries: Deliveries;

  constructor(
    desk: Desk,
    deliveries: Deliveries,
    messages: MessageHandler,
    polls: MatrixPolls,
    ballots: Ballots,
  ) {
    this.#desk = desk;
    this.#deliveries = deliveries;
    this.#messages = messages;
    this.#polls = polls;
    this.#ballots = ballots;
  }

  async handle(event: RoomEvent): Promise<boolean> {
    if (!this.#desk.rooms.isOpen(event.room)) return false;
    if (event.unreadable) return this.#cannotRead(event);
    const message = textIn(event);
    // A changed text is not asked again: its first form was.
    if (message) return message.relation.replaces === null && this.#messages.say(event, message);
    const reaction = reactionIn(event);
    if (reaction) return this.#messages.press(event, reaction);
    const redacted = redactionIn(event);
    if (redacted) return this.#redacted(event, redacted);
    if (event.type === SETTINGS_TYPE) return this.#messages.settingsChanged(event);
    const answer = this.#polls.paperAnswer(event);
    if (answer) return this.#ballots.answer(await this.#actOf(event, answer.poll.event), answer);
    return this.#polls.take(event);
  }

  /** An act that is no message and no command: what is told of it stands as a reply to `about`. */
  async #actOf(event: RoomEvent, about: string | null): Promise<Act> {
    const words = await wordsIn(this.#desk, event.room);
    const standing = { thread: null, replyTo: about };
    const reply = { room: event.room, standing, about: event.id };
    return { event, words, reply, thread: null, question: event.id, replyTo: null };
  }

  /** A question that its asker or a moderator took away is not answered any more; an answer not written on. */
  async #redacted(event: RoomEvent, target: string): Promise<boolean> {
    const { journal, rooms } = this.#desk;
    if (this.#polls.withdraw(event)) return true;
    if (await this.#ballots.takenBack(await this.#actOf(event, null), target)) return true;
    const own = journal.find(target);
    if (own) {
      journal.write({ ...own, gone: true });
      return true;
    }
    const rights = {
      moderator: rooms.mayModerate(event.room, event.sender),
      community: poolIds.community(rooms.community(event.room)),
    };
    return this.#deliveries.withdraw(target, { member: poolIds.member(event.sender), rights });
  }

  /** Said once in a thread, not for every message of it. */
  async #cannotRead(event: RoomEvent): Promise<boolean> {
    const { ledger, encryption } = this.#desk;
    const words = await wordsIn(this.#desk, event.room);
    const on = encryption.isOn;
    const thread = on ? (threadOf(event) ?? "room") : "room";
    if (!ledger.once(`${on ? "keys" : "encryption"} ${event.room} ${thread}`)) return false;
    const text = on ? words.matrix_no_keys : words.matrix_encryption_off;
    const standing = { thread: on ? threadOf(event) : null, replyTo: event.id };
    const reply = { room: event.room, standing, about: event.id };
    await showView(this.#desk, reply, errorNotice(on ? "no_keys" : "encryption_off", text), words);
    return true;
  }
}

/** The relation of an encrypted event stands outside its ciphertext. */
function threadOf({ content }: RoomEvent): string | null {
  const about = content["m.relates_to"] as { rel_type?: unknown; event_id?: unknown } | undefined;
  return about?.rel_type === "m.thread" && typeof about.event_id === "string"
    ? about.event_id
    : null;
}
