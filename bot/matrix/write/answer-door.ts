import { type Door, type DoorLimits, LIMITS, type Outgoing } from "../../door.ts";
import { MessageGone } from "../../stream/pacer.ts";
import type { AnswerView, View } from "../../views/view.ts";
import type { Words } from "../../words/catalogue.ts";
import type { AnswerJournal } from "../journal.ts";
import type { ShownMessage, Standing } from "../render/message.ts";
import { messagesOf } from "../render/views.ts";
import type { Writer } from "./writer.ts";

export interface AnswerDoorOptions {
  readonly writer: Writer;
  readonly journal: AnswerJournal;
  readonly room: string;
  readonly standing: Standing;
  /** The event that asked. */
  readonly question: string | null;
  readonly jobId: string;
  readonly words: Words;
  /** Messages that show the answer already, in order. */
  readonly shown: readonly string[];
  /** Taken up from an earlier run, which may have sent a message without hearing that it was. */
  readonly resumed: boolean;
  /** The answer as it is now; asked for when the first message had to wait for its turn. */
  readonly refresh: () => Promise<AnswerView>;
  readonly signal: AbortSignal;
}

interface Sent {
  readonly id: string;
  content: string;
}

/**
 * The messages of one answer as a door of its own (bot/door.ts): for the conversation it is one message, here
 * it becomes as many as Matrix needs. Ids given out are those of the first message. One event is under way at
 * a time, because the conversation waits for each.
 */
export class AnswerDoor implements Door {
  readonly name = "matrix";
  readonly #options: AnswerDoorOptions;
  readonly #sent: Sent[];

  constructor(options: AnswerDoorOptions) {
    this.#options = options;
    this.#sent = options.shown.map((id) => ({ id, content: "" }));
  }

  limits(): DoorLimits {
    // Splitting is done by bytes of the finished event (render/views.ts).
    return { ...LIMITS.matrix, maxChars: Number.MAX_SAFE_INTEGER };
  }

  async post(_room: string, { view }: Outgoing): Promise<string> {
    await this.#show(view);
    return this.#sent[0]?.id ?? "";
  }

  async edit(_room: string, _id: string, { view }: Outgoing): Promise<void> {
    await this.#show(view);
  }

  async remove(): Promise<void> {
    while (this.#sent.length > 0) await this.#removeLast();
  }

  async whisper(): Promise<void> {
    throw new Error("an answer's messages whisper to nobody");
  }

  async #show(view: View): Promise<void> {
    const messages = messagesOf(view, this.#options.words);
    for (const [at, message] of messages.entries()) {
      if (this.#sent[at]) await this.#replace(this.#sent[at], message);
      else await this.#add(message, at === 0);
    }
    // An answer that moved to another node starts over and may need fewer messages.
    while (this.#sent.length > messages.length) await this.#removeLast();
  }

  /** A first message that waited long for its turn shows what is known by then: that saves an edit. */
  async #add(message: ShownMessage, isFirst: boolean): Promise<void> {
    const { writer, journal, room, standing, jobId, words, refresh, signal, resumed } =
      this.#options;
    const asked = performance.now();
    let shown = message;
    const make = async () => {
      if (isFirst && performance.now() - asked > 1000) {
        shown = messagesOf(await refresh(), words)[0] ?? message;
      }
      return shown;
    };
    const txnId = `p.${jobId}.${journal.countOf(jobId)}`;
    const id = await writer.post(room, standing, make, txnId, signal);
    const sent = { id, content: resumed ? "" : JSON.stringify(shown) };
    this.#sent.push(sent);
    this.#note(id, !resumed && shown.final);
    // One transaction is one event (spec: transaction identifiers): it may show what the earlier run put into it.
    if (resumed) await this.#replace(sent, shown);
  }

  async #replace(known: Sent, message: ShownMessage): Promise<void> {
    const { writer, journal, room, signal } = this.#options;
    const content = JSON.stringify(message);
    if (known.content !== content) {
      if (journal.find(known.id)?.gone) throw new MessageGone(`${known.id} was taken away`);
      if (!(await writer.edit(room, known.id, message, signal))) return;
      known.content = content;
    }
    this.#note(known.id, message.final);
  }

  async #removeLast(): Promise<void> {
    const last = this.#sent.at(-1) as Sent;
    const { writer, room, signal } = this.#options;
    await writer.remove(room, last.id, signal);
    this.#sent.pop();
    this.#note(last.id, false, true);
  }

  #note(id: string, final: boolean, gone = false): void {
    const { journal, room, jobId, standing, question } = this.#options;
    journal.write({ id, room, jobId, final, thread: standing.thread, question, gone });
  }
}
