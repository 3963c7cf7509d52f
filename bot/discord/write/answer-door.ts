import type { APIMessage } from "discord.js";
import { type Door, type DoorLimits, LIMITS, type Outgoing } from "../../door.ts";
import type { Log } from "../../log.ts";
import { bitmapOf } from "../../views/pictures/bitmap.ts";
import type { View } from "../../views/view.ts";
import type { Words } from "../../words/catalogue.ts";
import { BREAK } from "../render/markdown.ts";
import { bodyOf, type Form, type ShownMessage } from "../render/message.ts";
import { messagesOf } from "../render/views.ts";
import { isRefusedBody, type Place } from "./place.ts";

export interface AnswerDoorOptions {
  readonly place: Place;
  readonly words: Words;
  readonly threads: boolean;
  readonly log: Log;
  /** Told of each message of ours: where, its id, and whether what it shows is final. */
  readonly onMessage?: (channelId: string, id: string, final: boolean) => void;
  /** Messages that show the answer already, in order. */
  readonly shown?: readonly string[];
}

interface Sent {
  readonly id: string;
  content: string;
}

/**
 * The messages of one answer as a door of its own (bot/door.ts): for the conversation it is one message,
 * here it becomes as many as Discord needs. Ids given out are those of the first message.
 */
export class AnswerDoor implements Door {
  readonly name = "discord";
  readonly #options: AnswerDoorOptions;
  readonly #sent: Sent[];
  /** A card, until Discord refuses one of this answer's; other answers begin with a card all the same. */
  #form: Form = "card";
  #granted = false;
  #newest: View | null = null;
  #pausedAt: string | null = null;

  constructor(options: AnswerDoorOptions) {
    this.#options = options;
    this.#sent = (options.shown ?? []).map((id) => ({ id, content: "" }));
  }

  limits(): DoorLimits {
    // Splitting is done below, with the characters that safety adds counted in.
    return { ...LIMITS.discord, maxChars: Number.MAX_SAFE_INTEGER };
  }

  async turn(): Promise<void> {
    if (!this.#granted) await this.#options.place.turn();
    this.#granted = true;
  }

  async post(_room: string, { view }: Outgoing): Promise<string> {
    await this.#show(view);
    return this.#sent[0]?.id ?? "";
  }

  async edit(_room: string, _id: string, { view }: Outgoing): Promise<void> {
    await this.#show(view);
  }

  async remove(): Promise<void> {
    for (const { id } of this.#sent.splice(0)) await this.#options.place.remove(id);
  }

  /** The last frame before nothing more can be written here: it says so, and a press goes on. */
  async pause(jobId: string): Promise<void> {
    this.#pausedAt = jobId;
    if (this.#newest) await this.#show(this.#newest);
  }

  async whisper(): Promise<void> {
    throw new Error("an answer's messages whisper to nobody");
  }

  async #show(view: View): Promise<void> {
    const { words, threads, place, log } = this.#options;
    this.#newest = view;
    const picture = await bitmapOf(view, log);
    const messages = messagesOf(view, { form: this.#form, words, threads, picture });
    if (this.#pausedAt !== null) messages.push(paused(messages.pop(), this.#pausedAt, words));
    const final = view.kind !== "answer" || view.final;
    for (const [at, message] of messages.entries()) {
      try {
        await this.#match(at, message, final);
      } catch (error) {
        if (this.#form === "plain" || !isRefusedBody(error)) throw error;
        log.warn({ error: String(error) }, "a card was refused; this answer goes on as plain text");
        this.#form = "plain";
        // A card stays a card: what is shown already is taken away and written anew.
        await this.remove();
        return this.#show(view);
      }
    }
    // An answer that moved to another node starts over and may need fewer messages.
    while (this.#sent.length > messages.length) {
      await place.remove((this.#sent.at(-1) as Sent).id);
      this.#sent.pop();
    }
  }

  /** Makes the message at this position show this; nothing is sent when it does already. */
  async #match(at: number, message: ShownMessage, final: boolean): Promise<void> {
    const { place } = this.#options;
    const body = bodyOf(message, this.#form);
    const content = JSON.stringify([body, message.files.map(({ name }) => name)]);
    const known = this.#sent[at];
    if (known?.content === content) return;
    let stored: APIMessage;
    if (known) {
      await this.turn();
      this.#granted = false;
      stored = await place.edit(known.id, body, message.files);
      if (final) assertShown(stored, body);
      known.content = content;
    } else {
      stored = await place.create(body, message.files);
      this.#sent.push({ id: stored.id, content });
      if (final) assertShown(stored, body);
    }
    const channelId = place.channelId() ?? stored.channel_id;
    this.#options.onMessage?.(channelId, stored.id, final);
  }
}

/** The last message of a view with the note and the button that go on with it. */
function paused(last: ShownMessage | undefined, jobId: string, words: Words): ShownMessage {
  const button = { customId: `show:${jobId}`, label: words.button_show, style: "main" as const };
  const message = last as ShownMessage;
  return {
    ...message,
    notices: [words.time_over, ...message.notices],
    buttons: [button, ...message.buttons],
  };
}

/** Reads back what Discord kept of the last frame. Throws when it is not what was sent: it is then sent again. */
function assertShown(stored: APIMessage, sent: ReturnType<typeof bodyOf>): void {
  const wanted = textsIn(sent.components).concat(sent.content ?? "");
  const kept = textsIn(stored.components).concat(stored.content ?? "");
  if (comparable(wanted) !== comparable(kept)) {
    throw new Error("Discord kept another text than the last one");
  }
}

function comparable(texts: readonly string[]): string {
  return texts.join("\n").replaceAll(BREAK, "").replace(/\s+/g, " ").trim();
}

function textsIn(components: unknown): string[] {
  if (!Array.isArray(components)) return [];
  return components.flatMap((one: { content?: string; components?: unknown }) => [
    ...(typeof one.content === "string" ? [one.content] : []),
    ...textsIn(one.components),
  ]);
}
