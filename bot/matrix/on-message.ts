import { ask } from "../commands/ask.ts";
import type { Command, CommandContext, OptionValues } from "../commands/command.ts";
import { parseAction } from "../commands/parse.ts";
import { COMMANDS } from "../commands/table.ts";
import { runCommand } from "../conversation.ts";
import { PoolError } from "../pool/errors.ts";
import { helpView } from "../views/help.ts";
import { errorNotice, infoNotice, refusalNotice } from "../views/notice.ts";
import type { View } from "../views/view.ts";
import { addressed } from "./address.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Desk, poolIds, type Reply, showView, wordsHere } from "./desk.ts";
import type { Reaction, RoomEvent, TextMessage } from "./events.ts";
import { MatrixRefusal } from "./homeserver.ts";
import { readLine } from "./lines.ts";
import type { MatrixPolls } from "./polls.ts";
import { saveAnswer } from "./save.ts";
import { showSettings } from "./settings-state.ts";

/** Who did something where, and what it is about. */
interface Act {
  readonly event: RoomEvent;
  /** Where a reply stands, and where an answer does. */
  readonly reply: Reply;
  readonly thread: string | null;
  readonly question: string;
  /** Job of the answer it is about. */
  readonly replyTo: string | null;
}

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
    const words = wordsHere();
    const act: Act = {
      event,
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
      if (/^save:/.test(action)) return this.#save(act);
      const parsed = parseAction(action, COMMANDS);
      if (parsed?.kind !== "command") return false;
      return this.#run(act, parsed.command, parsed.values, true);
    });
  }

  /** Somebody wrote the state event that shows the settings: the pool's records count, and it says so. */
  async settingsChanged(event: RoomEvent): Promise<boolean> {
    const { rooms } = this.#desk;
    const words = wordsHere();
    const standing = { thread: null, replyTo: null };
    const reply: Reply = { room: event.room, standing, about: event.id };
    if (!rooms.mayModerate(event.room, event.sender)) return false;
    await showSettings(this.#desk, event.room);
    await showView(
      this.#desk,
      reply,
      infoNotice("settings_elsewhere", words.matrix_settings_elsewhere),
      words,
    );
    return true;
  }

  async #run(act: Act, command: Command, values: OptionValues, pressed = false): Promise<boolean> {
    const refused = command.name === "stop" ? await this.#refusedToStop(act, values) : null;
    if (refused) return this.#show(act, refused);
    const context = this.#context(act, command);
    const outcome = await runCommand(command, context, values);
    if (outcome.kind === "job") {
      const { event, thread, question } = act;
      const standing = { thread, replyTo: question };
      void this.#deliveries.start(outcome.job, { room: event.room, standing, question });
      return true;
    }
    const { view } = outcome;
    // A press on stop shows in the answer itself; only what went wrong is worth a message.
    if (pressed && view.kind === "notice" && view.tone === "info") return true;
    if (command.name.startsWith("settings") || command.name.startsWith("pool settings")) {
      await showSettings(this.#desk, act.event.room);
    }
    const personal = outcome.private && (view.kind === "provenance" || view.kind === "card");
    return personal ? this.#whisper(act, view) : this.#show(act, view);
  }

  #context({ event, replyTo, thread }: Act, command: Command): CommandContext {
    const { rooms, journal, pool } = this.#desk;
    const { room, sender, id } = event;
    const recent = command === ask ? [] : journal.recentJobs(room, null);
    const inThread = thread === null ? [] : journal.recentJobs(room, thread);
    return {
      community: poolIds.community(rooms.community(room)),
      room: poolIds.room(room),
      member: poolIds.member(sender),
      requestKey: poolIds.requestKey(id),
      replyTo,
      recentJobs: [...new Set([...inThread, ...recent])],
      askOptions: {},
      pool,
    };
  }

  /** Only the asker and those who may moderate the room may stop an answer. Throws PoolError. */
  async #refusedToStop({ event, replyTo }: Act, values: OptionValues): Promise<View | null> {
    const jobId = values.answer ?? replyTo;
    const { rooms, pool } = this.#desk;
    if (!jobId || rooms.mayModerate(event.room, event.sender)) return null;
    const job = await pool.job(jobId);
    if (job.member === poolIds.member(event.sender)) return null;
    return errorNotice("not_yours", wordsHere().not_yours_to_stop);
  }

  async #show(act: Act, view: View): Promise<boolean> {
    const { encryption } = this.#desk;
    const words = wordsHere();
    const more = view.kind === "pool" ? await encryption.lines(act.event.room, words) : [];
    await showView(this.#desk, act.reply, view, words, more);
    return true;
  }

  /** Tells one member alone, in their conversation with us; a room of only two is one. */
  async #whisper(act: Act, view: View): Promise<boolean> {
    const { rooms, direct } = this.#desk;
    const { room, sender, id } = act.event;
    const words = wordsHere();
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
    const words = wordsHere();
    const jobId = act.replyTo ?? journal.recentJobs(act.event.room, null)[0];
    if (!jobId) return this.#show(act, infoNotice("no_answer_yet", words.no_answer_yet));
    const name = await saveAnswer(this.#desk, act.reply, jobId);
    const saved = words.saved.replace("{file}", name);
    return this.#show(act, infoNotice("saved", saved));
  }

  /** What fails is told in words; what may be mended by trying again later is left for the log. */
  async #guarded(act: Act, work: () => Promise<boolean>): Promise<boolean> {
    const { signal, log } = this.#desk;
    const words = wordsHere();
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
