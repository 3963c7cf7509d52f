import type { Message } from "discord.js";
import { ask } from "../commands/ask.ts";
import { parseLine } from "../commands/parse.ts";
import { COMMANDS } from "../commands/table.ts";
import { runCommand } from "../conversation.ts";
import { errorNotice } from "../views/notice.ts";
import type { View } from "../views/view.ts";
import { ENGLISH, filled, type Words } from "../words/catalogue.ts";
import { type Asker, askerOfMessage, managesMessages } from "./asker.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Desk, poolIds, showView, tellElsewhere } from "./desk.ts";
import { questionIn } from "./question.ts";
import { channelPlace, directPlace, isNoAccess } from "./write/place.ts";

/** Views that are for one reader: where an answer came from, what a member has left, settings. */
const PERSONAL = new Set<View["kind"]>(["provenance", "card"]);

export interface MessageHandlerOptions {
  /** The operator lets us read messages that do not mention us: in our own threads none is needed. */
  readonly messageContent: boolean;
  readonly isDiscordFile: (url: URL) => boolean;
}

/** Conversation by mention, by reply to an answer, in direct messages, and in our own threads. */
export class MessageHandler {
  readonly #desk: Desk;
  readonly #deliveries: Deliveries;
  readonly #options: MessageHandlerOptions;

  constructor(desk: Desk, deliveries: Deliveries, options: MessageHandlerOptions) {
    this.#desk = desk;
    this.#deliveries = deliveries;
    this.#options = options;
  }

  /** Takes a message. Never throws: what fails is logged, and the member is told where that is possible. */
  async take(message: Message): Promise<void> {
    if (message.author.bot || message.webhookId || message.system || !this.#isForUs(message))
      return;
    const asker = await askerOfMessage(this.#desk, message);
    try {
      await this.#answer(message, asker);
    } catch (error) {
      await this.#tell(message, asker.publicWords ?? ENGLISH, error);
    }
  }

  async #answer(message: Message, asker: Asker): Promise<void> {
    const { rest, lanes, pool, own, botId } = this.#desk;
    const { channelId, author } = message;
    const words = asker.publicWords ?? ENGLISH;
    const question = await questionIn(message, botId, this.#options.isDiscordFile);
    const parsed = parseLine(question, COMMANDS, ask, words);
    const place = channelPlace(rest, lanes, channelId, message.id);
    if (parsed.kind === "refused") {
      await showView(this.#desk, place, words, errorNotice(parsed.code, parsed.message));
      return;
    }
    const { command, values } = parsed;
    const replied = message.reference?.messageId;
    const replyTo = replied ? await own.jobOf(channelId, replied) : await this.#threadsJob(message);
    const outcome = await runCommand(
      command,
      {
        ...asker,
        ...(command.name === "stop" && mayStop(message) ? { moderator: true } : {}),
        requestKey: poolIds.requestKey(message.id),
        replyTo,
        recentJobs: command === ask ? [] : await own.recentJobs(channelId, author.id),
        askOptions: {},
        pool: pool.speaking(words.locale),
      },
      values,
    );
    if (outcome.kind === "view") {
      if (outcome.elsewhere) await tellElsewhere(this.#desk, words, outcome.elsewhere);
      await this.#show(message, asker, outcome.view);
    } else {
      const threads = message.inGuild() && !message.channel.isThread();
      const showing = { place, words, threads, privateTo: null };
      this.#deliveries.start(outcome.job, showing, (error) => this.#tell(message, words, error));
    }
  }

  #isForUs(message: Message): boolean {
    const { botId } = this.#desk;
    if (!message.inGuild()) return true;
    if (message.mentions.users.has(botId)) return true;
    return this.#options.messageContent && this.#isOwnThread(message);
  }

  #isOwnThread({ channel }: Message): boolean {
    return channel.isThread() && channel.ownerId === this.#desk.botId;
  }

  /** In a thread of ours, a message without a reply goes on from the newest answer, or from the thread's start. */
  async #threadsJob(message: Message): Promise<string | null> {
    if (!this.#isOwnThread(message) || !message.channel.isThread()) return null;
    const { own, journal } = this.#desk;
    const [newest] = journal.recentJobs(message.channelId, message.author.id);
    const parentId = message.channel.parentId;
    if (newest || parentId === null) return newest ?? null;
    // A thread has the id of the message it started at.
    return own.jobOf(parentId, message.channelId);
  }

  /** What concerns its reader alone goes to them alone; everything else is a reply in the room. */
  async #show(message: Message, { words = ENGLISH, publicWords = words }: Asker, view: View) {
    const { rest, lanes } = this.#desk;
    const inRoom = channelPlace(rest, lanes, message.channelId, message.id);
    if (!PERSONAL.has(view.kind) || !message.inGuild()) {
      await showView(this.#desk, inRoom, publicWords, view);
      return;
    }
    try {
      await showView(this.#desk, directPlace(rest, lanes, message.author.id), words, view);
    } catch (error) {
      if (!isNoAccess(error)) throw error;
      const told = errorNotice("only_privately", publicWords.only_privately);
      await showView(this.#desk, inRoom, publicWords, told);
    }
  }

  async #tell(message: Message, words: Words, error: unknown): Promise<void> {
    const { rest, lanes, log } = this.#desk;
    const channel = "name" in message.channel ? `#${message.channel.name}` : "";
    const refused = isNoAccess(error);
    const text = refused ? filled(words.may_not_write, { channel }) : words.failed;
    if (!refused) log.error({ error: String(error) }, "a message could not be answered");
    const place = refused
      ? directPlace(rest, lanes, message.author.id)
      : channelPlace(rest, lanes, message.channelId, message.id);
    try {
      await showView(this.#desk, place, words, errorNotice("failed", text));
    } catch (second) {
      log.warn({ error: String(second) }, "a member could not be told");
    }
  }
}

/** Who manages the messages of a channel may stop answers in it. */
function mayStop(message: Message): boolean {
  const { member } = message;
  if (!member || !message.inGuild()) return false;
  return managesMessages(message.channel.permissionsFor(member));
}
