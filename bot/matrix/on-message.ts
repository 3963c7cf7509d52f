import { ask } from "../commands/ask.ts";
import { actorOf, type Command, namesOf, type OptionValues } from "../commands/command.ts";
import { vote } from "../commands/governance/vote.ts";
import { nameIn } from "../commands/names.ts";
import { COMMANDS } from "../commands/table.ts";
import { runCommand } from "../conversation.ts";
import { reportCard } from "../views/community/report.ts";
import { commandHelp } from "../views/help.ts";
import { errorNotice, infoNotice } from "../views/notice.ts";
import type { View } from "../views/view.ts";
import { filled } from "../words/catalogue.ts";
import { signAct } from "./actions.ts";
import { addressed } from "./address.ts";
import { wordsIn } from "./asker.ts";
import type { Ballots } from "./ballots/ballots.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Desk, poolIds, type Reply, showView } from "./desk.ts";
import { tellElsewhere } from "./elsewhere.ts";
import type { Reaction, RoomEvent, TextMessage } from "./events.ts";
import { saveAnswer, saveCount } from "./files.ts";
import { readLine } from "./lines.ts";
import { isSign } from "./render/signs.ts";
import { messagesOf } from "./render/views.ts";
import type { Act, Replies } from "./replies.ts";
import { SETTINGS_TYPE, showSettings } from "./settings-state.ts";

/** Refusals of the pool that speak of rights, not of values. */
const STANDING_REFUSALS = new Set(["not_moderator", "not_pool_moderator", "policy_voted"]);

/** Commands by line, mention, reply and thread, and by the signs below our messages. */
export class MessageHandler {
  readonly #desk: Desk;
  readonly #deliveries: Deliveries;
  readonly #replies: Replies;
  readonly #ballots: Ballots;

  constructor(desk: Desk, deliveries: Deliveries, replies: Replies, ballots: Ballots) {
    this.#desk = desk;
    this.#deliveries = deliveries;
    this.#replies = replies;
    this.#ballots = ballots;
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
    return this.#replies.guarded(act, async () => {
      const own = ownLine(here.line, nameIn(words, vote));
      if (own?.what === "save") return this.#save(act, own.number);
      if (own?.what === "vote") return this.#ballots.hand(act, own.number);
      const line = readLine(here, COMMANDS, ask, words);
      if (line === null) return false;
      if (line.kind === "help") return this.#replies.show(act, commandHelp(line.command, words));
      if (line.kind === "refused") {
        return this.#replies.show(act, errorNotice(line.code, line.message));
      }
      return this.#run(act, line.command, line.values);
    });
  }

  /** Takes a sign below a message of ours; true when it means something. */
  async press(event: RoomEvent, { target, key }: Reaction): Promise<boolean> {
    const { own, journal } = this.#desk;
    if (!isSign(key)) return false;
    const shown = await own.find(event.room, target);
    if (!shown) return false;
    const action = Object.hasOwn(shown.signs, key) ? (shown.signs[key] as string) : null;
    const wanted = action === null ? null : signAct(action);
    const number = shown.proposal;
    // A number below a card is meant as a vote, also when there is none now: the card says why.
    const late = wanted === null && number !== null && /^[1-9]\u20e3$/.test(key);
    if (wanted === null && !late) return false;
    const act: Act = {
      event,
      words: await wordsIn(this.#desk, event.room),
      reply: {
        room: event.room,
        standing: { thread: shown.thread, replyTo: target },
        about: event.id,
      },
      thread: shown.thread ?? target,
      question: journal.find(target)?.question ?? target,
      replyTo: shown.jobId,
    };
    if (wanted?.kind === "choice") return this.#ballots.press(act, target, wanted, shown.signs);
    return this.#replies.guarded(act, async () => {
      switch (wanted?.kind) {
        case "save":
          return this.#save(act, null);
        case "count":
          return this.#save(inThread(act, target), wanted.number);
        case "paper":
          return this.#ballots.hand(act, wanted.number);
        case "handled":
          return this.#handled(act, target, wanted.report);
        case "command":
          return this.#run(act, wanted.command, wanted.values, true);
        default:
          return number !== null && this.#ballots.hand(act, number);
      }
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
    const context = await this.#replies.context(act, command !== ask);
    const outcome = await runCommand(command, context, values);
    if (outcome.kind === "job") {
      const standing = { thread, replyTo: question };
      const showing = { room: event.room, standing, question, cause: event.id };
      void this.#deliveries.start(outcome.job, showing);
      return true;
    }
    const { view, elsewhere } = outcome;
    if (elsewhere) await tellElsewhere(this.#desk, elsewhere, event.id);
    const isDone = view.kind === "notice" && view.tone === "info";
    // A press on stop shows in the answer itself, a card in the room it stands in: only what went wrong is
    // worth a message.
    if (isDone && (pressed || elsewhere?.room === context.room)) return true;
    const personal = outcome.private && (view.kind === "provenance" || view.kind === "card");
    // What holds in a room is everybody's to see there; what a member has left is not.
    const isPublic = view.kind === "card" && view.id === "settings";
    if (personal && !isPublic) {
      const aloud = pressed ? null : await this.#saidAloud(act, view);
      await this.#replies.whisper(act, view, aloud === null ? [] : [aloud], outcome.file);
    } else {
      await this.#replies.show(act, view, view.kind === "help" ? [act.words.matrix_help] : []);
    }
    if (command.name === "pool settings") await this.#settings(act, view);
    return true;
  }

  /** What to tell somebody who typed a sealed ballot into a room. */
  async #saidAloud(act: Act, view: View): Promise<string | null> {
    const number = view.kind === "card" ? /^receipt:(\d+)$/.exec(view.id)?.[1] : undefined;
    return number === undefined ? null : this.#ballots.saidAloud(act, Number(number));
  }

  /** A report was dealt with: its message says by whom. */
  async #handled(act: Act, message: string, report: string): Promise<boolean> {
    const { pool, writer, signal, rooms } = this.#desk;
    const { room } = act.event;
    const context = await this.#replies.context(act);
    const done = await pool.reportHandled(report, actorOf(context));
    const card = reportCard(done, act.words, namesOf(context));
    const [shown] = messagesOf(card, act.words, { alone: rooms.isDirect(room) });
    if (shown) await writer.edit(room, message, shown, signal);
    return true;
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
      await this.#replies.show(
        act,
        infoNotice("standing_differs", filled(words.matrix_standing_differs, { power })),
      );
    } else if (!shown && refused === null && ledger.once(`no power ${room}`)) {
      const needed = String(rooms.powerFor(room, SETTINGS_TYPE));
      const own = powerInWords(rooms.power(room, this.#desk.botId));
      const told = filled(words.matrix_no_power, { needed, own });
      await this.#replies.show(act, infoNotice("no_power", told));
    }
  }

  /** A file: of a vote's count, or of the answer that is meant. */
  async #save(act: Act, proposal: number | null): Promise<boolean> {
    const { journal } = this.#desk;
    const { words } = act;
    if (proposal !== null) {
      const file = await saveCount(this.#desk, act.reply, proposal);
      const told = words.gov_recount_how.replace("FILE", file);
      return this.#replies.show(act, infoNotice("saved", told));
    }
    const jobId = act.replyTo ?? journal.recentJobs(act.event.room, null)[0];
    if (!jobId) return this.#replies.show(act, infoNotice("no_answer_yet", words.no_answer_yet));
    const file = await saveAnswer(this.#desk, act.reply, jobId);
    return this.#replies.show(act, infoNotice("saved", filled(words.saved, { file })));
  }
}

/** What only this door does: `!save`, `!save 12`, and `!vote 12` without a choice, which asks for a ballot. */
function ownLine(line: string, voteName: string) {
  const [, typed = "", digits] =
    /^[!/](?:pool\s+)?([\p{L}-]{1,32})(?:\s+#?(\d{1,9}))?\s*$/u.exec(line) ?? [];
  const what = typed.toLowerCase();
  const number = digits === undefined ? null : Number(digits);
  if (what === "save") return { what, number } as const;
  if ((what === "vote" || what === voteName) && number !== null && number > 0) {
    return { what: "vote", number } as const;
  }
  return null;
}

/** What a card is asked for stands in the thread below it, where it is talked over. */
function inThread(act: Act, card: string): Act {
  const { reply, thread } = act;
  return { ...act, reply: { ...reply, standing: { thread: thread ?? card, replyTo: card } } };
}

/** Creators of rooms of version 12 have more power than any number. */
function powerInWords(power: number): string {
  return Number.isFinite(power) ? String(power) : "∞";
}
