import { ask } from "../commands/ask.ts";
import type { Command, CommandContext, OptionValues } from "../commands/command.ts";
import { COMMANDS } from "../commands/table.ts";
import { runCommand } from "../conversation.ts";
import { PoolError } from "../pool/errors.ts";
import { helpView } from "../views/help.ts";
import { errorNotice, infoNotice, refusalNotice } from "../views/notice.ts";
import type { View } from "../views/view.ts";
import { filled, type Words } from "../words/catalogue.ts";
import { actionOf, isSave } from "./actions.ts";
import { addressed } from "./address.ts";
import { askerOf, wordsIn } from "./asker.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Desk, poolIds, type Reply, showView } from "./desk.ts";
import { tellElsewhere } from "./elsewhere.ts";
import type { Reaction, RoomEvent, TextMessage } from "./events.ts";
import { MatrixRefusal } from "./homeserver.ts";
import { readLine } from "./lines.ts";
import type { MatrixPolls } from "./polls.ts";
import { saveAnswer } from "./save.ts";
import { SETTINGS_TYPE, showSettings } from "./settings-state.ts";

/** Who did something where, and what it is about. */
interface Act {
  readonly event: RoomEvent;
  readonly words: Words;
  /** Where a reply stands, and where an answer does. */
  readonly reply: Reply;
  readonly thread: string | null;
  readonly question: string;
  /** Job of the answer it is about. */
  readonly replyTo: string | null;
}

/** Refusals of the pool that speak of rights, not of values. */
const STANDING_REFUSALS = new Set(["not_moderator", "not_pool_moderator", "policy_voted"]);

/** Commands by line, mention, reply and thread, and by the signs below our messages. */
export class MessageHandler {
  readonly #desk: Desk;
  readonly #deliveries: Deliveries;
  readonly #polls: MatrixPolls;

  constructor(desk: Desk, deliveries: Deliveries, polls: MatrixPolls) {
    this.#desk = desk;
    this.#deliveries = deliveries;
    this.#polls = polls;
  }

  /** Takes a message; true when it was for us. */
  async say(event: RoomEvent, message: TextMessage): Promise<boolean> {
    const { rooms, own, botId } = this.#desk;
    const { thread, replyTo: target } = message.relation;
    const replied = target === null ? null : await own.find(event.room, target);
    const inThread = thread === null ? null : await own.newestIn(event.room, thread);
    const here = addressed(message, {
      botId,
      displayName: rooms.ownName(event.room),
      direct: rooms.isDirect(event.room),
      continues: replied !== null || inThread !== null,
    });
    if (here === null) return false;
    const words = await wordsIn(this.#desk, event.room);
    const act: Act = {
      event,
      words,
      reply: {
        room: event.room,
        standing: { thread, replyTo: event.id },
        about: event.id,
      },
      // An answer always stands in a thread: the one its question is in, or the question's own.
      thread: thread ?? replied?.thread ?? event.id,
      question: event.id,
      replyTo: replied?.jobId ?? inThread,
    };
    const vote = /^[!/]vote\s+(\d{1,9})\s+(\S{1,40})\s*$/i.exec(here.line);
    if (vote && (await this.#polls.voteByText(event, Number(vote[1]), vote[2] as string)))
      return true;
    const save = /^[!/](?:pool\s+)?save\s*$/i.test(here.line);
    return this.#guarded(act, async () => {
      if (save) return this.#save(act);
      const line = readLine(here, COMMANDS, ask, words);
      if (line === null) return false;
      if (line.kind === "help") return this.#show(act, helpView([line.command], words));
      if (line.kind === "refused") return this.#show(act, errorNotice(line.code, line.message));
      return this.#run(act, line.command, line.values);
    });
  }

  /** Takes a sign below a message of ours; true when it means something. */
  async press(event: RoomEvent, { target, key }: Reaction): Promise<boolean> {
    const { own, journal } = this.#desk;
    const shown = await own.find(event.room, target);
    const action = shown && Object.hasOwn(shown.signs, key) ? shown.signs[key] : undefined;
    if (!shown || action === undefined) return false;
    const question = journal.find(target)?.question ?? target;
    const act: Act = {
      event,
      words: await wordsIn(this.#desk, event.room),
      reply: {
        room: event.room,
        standing: { thread: shown.thread, replyTo: target },
        about: event.id,
      },
      thread: shown.thread ?? target,
      question,
      replyTo: shown.jobId,
    };
    return this.#guarded(act, async () => {
      if (isSave(action)) return this.#save(act);
      const wanted = actionOf(action);
      return wanted !== null && this.#run(act, wanted.command, wanted.values, true);
    });
  }

  /** Somebody wrote the state event that shows the settings: the pool's records count, and it says so. */
  async settingsChanged(event: RoomEvent): Promise<boolean> {
    const words = await wordsIn(this.#desk, event.room);
    const standing = { thread: null, replyTo: null };
    const reply: Reply = { room: event.room, standing, about: event.id };
    const shown = await showSettings(this.#desk, event.room);
    const told = shown ? words.matrix_settings_mended : words.matrix_settings_elsewhere;
    await showView(this.#desk, reply, infoNotice("settings_elsewhere", told), words);
    return true;
  }

  async #run(act: Act, command: Command, values: OptionValues, pressed = false): Promise<boolean> {
    const { event, thread, question } = act;
    const outcome = await runCommand(command, await this.#context(act, command), values);
    if (outcome.kind === "job") {
      const standing = { thread, replyTo: question };
      void this.#deliveries.start(outcome.job, { room: event.room, standing, question });
      return true;
    }
    const { view, elsewhere } = outcome;
    if (elsewhere) await tellElsewhere(this.#desk, elsewhere, event.id);
    // A press on stop shows in the answer itself; only what went wrong is worth a message.
    if (pressed && view.kind === "notice" && view.tone === "info") return true;
    const personal = outcome.private && (view.kind === "provenance" || view.kind === "card");
    // What holds in a room is everybody's to see there; what a member has left is not.
    const isPublic = view.kind === "card" && view.id === "settings";
    if (personal && !isPublic) await this.#whisper(act, view);
    else await this.#show(act, view);
    if (command.name === "pool settings") await this.#settings(act, view);
    return true;
  }

  async #context(act: Act, command: Command): Promise<CommandContext> {
    const { journal, pool } = this.#desk;
    const { event, replyTo, thread } = act;
    const recent = command === ask ? [] : journal.recentJobs(event.room, null);
    const inThread = thread === null ? [] : journal.recentJobs(event.room, thread);
    return {
      ...(await askerOf(this.#desk, event)),
      requestKey: poolIds.requestKey(event.id),
      replyTo,
      recentJobs: [...new Set([...inThread, ...recent])],
      askOptions: {},
      pool,
    };
  }

  /** The room's state follows what holds; power in the room without standing in the pool is told apart. */
  async #settings(act: Act, view: View): Promise<void> {
    const { rooms, languages, ledger } = this.#desk;
    const { room, sender } = act.event;
    languages.forget(poolIds.community(rooms.community(room)));
    const shown = await showSettings(this.#desk, room);
    const refused = view.kind === "notice" && view.tone === "error" ? view.code : null;
    const { words } = act;
    if (refused !== null && STANDING_REFUSALS.has(refused) && rooms.mayModerate(room, sender)) {
      const power = powerInWords(rooms.power(room, sender));
      await this.#show(
        act,
        infoNotice("standing_differs", filled(words.matrix_standing_differs, { power })),
      );
    } else if (!shown && refused === null && ledger.once(`no power ${room}`)) {
      const needed = String(rooms.powerFor(room, SETTINGS_TYPE));
      const own = powerInWords(rooms.power(room, this.#desk.botId));
      await this.#show(act, infoNotice("no_power", filled(words.matrix_no_power, { needed, own })));
    }
  }

  async #show(act: Act, view: View): Promise<boolean> {
    const { encryption } = this.#desk;
    const { words } = act;
    const more = view.kind === "pool" ? await encryption.lines(act.event.room, words) : [];
    await showView(this.#desk, act.reply, view, words, more);
    return true;
  }

  /** Tells one member alone, in their conversation with us; a room of only two is one. */
  async #whisper(act: Act, view: View): Promise<boolean> {
    const { rooms, direct } = this.#desk;
    const { room, sender, id } = act.event;
    const { words } = act;
    if (rooms.isDirect(room)) return this.#show(act, view);
    const there = await direct.with(sender, rooms.isEncrypted(room));
    const standing = { thread: null, replyTo: null };
    await showView(this.#desk, { room: there.room, standing, about: id }, view, words);
    // Somebody who never wrote with us must know where to look.
    if (there.isNew)
      await this.#show(act, infoNotice("sent_privately", words.matrix_sent_privately));
    return true;
  }

  async #save(act: Act): Promise<boolean> {
    const { journal } = this.#desk;
    const { words } = act;
    const jobId = act.replyTo ?? journal.recentJobs(act.event.room, null)[0];
    if (!jobId) return this.#show(act, infoNotice("no_answer_yet", words.no_answer_yet));
    const name = await saveAnswer(this.#desk, act.reply, jobId);
    const saved = filled(words.saved, { file: name });
    return this.#show(act, infoNotice("saved", saved));
  }

  /** What fails is told in words; what may be mended by trying again later is left for the log. */
  async #guarded(act: Act, work: () => Promise<boolean>): Promise<boolean> {
    const { signal, log } = this.#desk;
    const { words } = act;
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PoolError) return this.#show(act, refusalNotice(error, words));
      const refused = error instanceof MatrixRefusal;
      log[refused ? "warn" : "error"]({ error: String(error) }, "a message could not be answered");
      return this.#show(act, errorNotice("failed", words.failed));
    }
  }
}

/** Creators of rooms of version 12 have more power than any number. */
function powerInWords(power: number): string {
  return Number.isFinite(power) ? String(power) : "∞";
}
