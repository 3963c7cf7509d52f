import { EventEmitter } from "node:events";
import type Type from "typebox";
import { ask } from "../commands/ask.ts";
import {
  actorOf,
  type Command,
  type CommandContext,
  type Names,
  type Outcome,
} from "../commands/command.ts";
import { type ParsedLine, parseAction, parseLine } from "../commands/parse.ts";
import { COMMANDS } from "../commands/table.ts";
import { runCommand } from "../conversation.ts";
import { type Door, type DoorLimits, LIMITS, type Outgoing } from "../door.ts";
import type { Log } from "../log.ts";
import type { ExportStream, PoolClient } from "../pool/client.ts";
import { PoolError } from "../pool/errors.ts";
import { communityLanguages, type Languages } from "../pool/languages.ts";
import type { PoolSight, PoolWatch } from "../pool/watch.ts";
import { MessageGone } from "../stream/pacer.ts";
import { reportCard } from "../views/community/report.ts";
import { proposalCard } from "../views/governance/proposal.ts";
import { errorNotice, refusalNotice } from "../views/notice.ts";
import { provenanceView } from "../views/provenance.ts";
import { sanitiseText } from "../views/text/sanitise.ts";
import type { NoticeView, ProvenanceView } from "../views/view.ts";
import { ENGLISH, type Words, wordsFor } from "../words/catalogue.ts";
import { Deliveries } from "./deliveries.ts";
import { localNames, ROOM } from "./names.ts";
import type { People } from "./people.ts";
import { picturesOf } from "./render.ts";
import type { Room } from "./room.ts";
import type { PersonId, PressRequest, RoomMessage, SayRequest } from "./wire.ts";

type Say = Type.Static<typeof SayRequest>;
type Press = Type.Static<typeof PressRequest>;

/** Whoever opens the pool on this machine: what others have by a server's roles, the first person has here. */
const MODERATOR: PersonId = "first";

export interface LocalDoorOptions {
  readonly community: string;
  readonly pool: PoolClient;
  readonly watch: PoolWatch;
  readonly people: People;
  readonly room: Room;
  readonly log: Log;
}

/** The local room as a door: what people do comes in, views go out into the room. */
export class LocalDoor implements Door {
  readonly name = "local";
  readonly people: People;
  readonly room: Room;
  readonly watch: PoolWatch;
  readonly #options: LocalDoorOptions;
  readonly #events = new EventEmitter().setMaxListeners(0);
  readonly #deliveries: Deliveries;
  /** Keys of events already taken, so that a repeated delivery says nothing twice. */
  readonly #taken = new Map<string, Promise<NoticeView | null>>();
  readonly #languages: Languages;
  #limits: DoorLimits = LIMITS.local;

  constructor(options: LocalDoorOptions) {
    this.#options = options;
    this.people = options.people;
    this.room = options.room;
    this.watch = options.watch;
    this.#languages = communityLanguages(options.pool);
    const { pool, room, log } = options;
    this.#deliveries = new Deliveries(this, { pool, room, log });
  }

  limits(): DoorLimits {
    return this.#limits;
  }

  sight(words: Words): PoolSight {
    return this.watch.sight(words);
  }

  /** Takes a line from a person. Returns a refusal for the composer, or null: it is in the room. */
  say(person: PersonId, say: Say, own: Words): Promise<NoticeView | null> {
    return this.#once(`${person}:${say.key}`, async () => {
      const target = say.replyTo === null ? null : this.room.find(say.replyTo);
      if (say.replyTo !== null && !this.#mayRead(target, person)) {
        return errorNotice("reply_gone", "The message you reply to is no longer in the room.");
      }
      const words = await this.words(own);
      const parsed = parseLine(say.text, COMMANDS, ask, words);
      const context = this.#context(person, say.key, target?.jobId ?? null, say, words);
      return this.#carryOut(parsed, person, context, say.text, target?.id ?? null);
    });
  }

  /** Takes a press on a button below an answer. */
  press(person: PersonId, press: Press, own: Words): Promise<NoticeView | null> {
    return this.#once(`${person}:${press.key}`, async () => {
      const words = await this.words(own);
      const asked = { model: press.model, wait: false };
      const context = this.#context(person, press.key, null, asked, words);
      const [, report] = /^handled:([0-9a-f-]{36})$/.exec(press.action) ?? [];
      if (report) return this.#handled(report, context, words);
      const parsed = parseAction(press.action, COMMANDS);
      if (parsed === null) return errorNotice("unknown_button", words.button_gone);
      const jobId = press.action.split(":")[1] ?? null;
      const question = this.room.messages().find(({ jobId: job, said }) => said && job === jobId);
      return this.#carryOut(parsed, person, context, null, question?.id ?? null);
    });
  }

  /** Carries out what a form of the page says; a refusal goes back to the form. */
  submit(
    person: PersonId,
    key: string,
    run: Command["run"],
    own: Words,
  ): Promise<NoticeView | null> {
    return this.#once(`${person}:${key}`, async () => {
      const command = { name: "form", summary: "", options: [], run };
      const asked = { model: null, wait: false };
      const context = this.#context(person, key, null, asked, await this.words(own));
      return this.#carryOut({ kind: "command", command, values: {} }, person, context, null, null);
    });
  }

  /** What the pool says of proposals and kinds, for forms; the door's own place in it. */
  get pool(): PoolClient {
    return this.#options.pool;
  }

  get place(): { readonly community: string; readonly room: string } {
    return { community: this.#options.community, room: ROOM };
  }

  rename(person: PersonId, name: string): void {
    this.people.rename(person, name);
    this.#events.emit("people");
  }

  /** Holds from the next answer on. Returns what is chosen now. */
  chooseLimits(id: string): string {
    const chosen = Object.values(LIMITS).find((limits) => limits.id === id);
    if (chosen) this.#limits = chosen;
    this.#events.emit("limits", this.#limits.id);
    return this.#limits.id;
  }

  /** Full provenance of an answer, with its picture. Throws PoolError. */
  async whereFrom(
    person: PersonId,
    jobId: string,
    own: Words,
  ): Promise<{ view: ProvenanceView; pictures: Record<string, string> }> {
    const source = await this.#options.pool.provenance(jobId, person);
    const view = provenanceView(source, await this.words(own));
    return { view, pictures: picturesOf(view, "where") };
  }

  /** The answer and its receipt as a zip. Throws PoolError. */
  exportPack(person: PersonId, jobId: string): Promise<ExportStream> {
    return this.#options.pool.exportPack(jobId, person);
  }

  /** Called when somebody chose another name. */
  onPeople(listener: () => void): () => void {
    this.#events.on("people", listener);
    return () => this.#events.off("people", listener);
  }

  /** Called when the community may have chosen another language. */
  onLanguage(listener: () => void): () => void {
    this.#events.on("language", listener);
    return () => this.#events.off("language", listener);
  }

  onLimits(listener: (id: string) => void): () => void {
    this.#events.on("limits", listener);
    return () => this.#events.off("limits", listener);
  }

  async post(_room: string, { view, replyTo }: Outgoing): Promise<string> {
    this.watch.nudge();
    const jobId = view.kind === "answer" ? view.jobId : null;
    return this.room.add({ from: "pool", view, replyTo, jobId }).id;
  }

  async edit(_room: string, id: string, { view }: Outgoing): Promise<void> {
    if (view.kind === "answer" && view.final) this.watch.nudge();
    if (!this.room.replace(id, view)) throw new MessageGone(`message ${id} is gone`);
  }

  /** A proposal's card as it is now; one that is no longer in the room is not shown again. */
  async renewCard(id: string, number: number): Promise<void> {
    const words = await this.words();
    const proposal = await this.#options.pool.speaking(words.locale).proposal(number);
    this.room.replace(id, proposalCard(proposal, words, this.names(words)));
  }

  async remove(_room: string, id: string): Promise<void> {
    this.room.remove(id);
  }

  async whisper(_room: string, member: string, { view, replyTo }: Outgoing): Promise<void> {
    const jobId = view.kind === "provenance" ? view.jobId : null;
    this.room.add({ from: "pool", to: member as PersonId, view, replyTo, jobId });
  }

  /** Takes up answers that were under way when the program last ended. */
  resume(): Promise<void> {
    return this.#deliveries.resume();
  }

  /** Stops following answers; they stay in the pool and in the journal. */
  close(): Promise<void> {
    return this.#deliveries.close();
  }

  async #carryOut(
    parsed: ParsedLine,
    person: PersonId,
    context: CommandContext,
    text: string | null,
    replyTo: string | null,
  ): Promise<NoticeView | null> {
    if (parsed.kind === "refused") return errorNotice(parsed.code, parsed.message);
    const outcome = await runCommand(parsed.command, context, parsed.values);
    if (outcome.kind === "view") {
      const { view } = outcome;
      if (outcome.erased) this.room.forget(person);
      // A setting may have been changed, the language among them.
      this.#languages.forget(context.community);
      if (view.kind === "notice" && view.code === "changed") this.#events.emit("language");
      if (view.kind === "notice" && view.tone === "error") return view;
      await this.#tellAll(outcome);
      // A press on Stop shows in the answer itself; a typed command gets its reply.
      if (text === null && view.kind === "notice") return null;
      if (outcome.private) await this.whisper(ROOM, person, { view, replyTo });
      else await this.post(ROOM, { view, replyTo });
      return null;
    }
    const question =
      text === null ? replyTo : this.#postQuestion(person, text, replyTo, outcome.job.id);
    this.#deliveries.follow(outcome.job, question, context.words);
    return null;
  }

  /** What the command says to everybody, and the cards that show a ballot or a backer more now. */
  async #tellAll({ view, elsewhere }: Extract<Outcome, { kind: "view" }>): Promise<void> {
    if (elsewhere) {
      // The room has one place for what moderators see: the moderator's own pane.
      if (elsewhere.forModerators) {
        return this.whisper(ROOM, MODERATOR, { view: elsewhere.view, replyTo: null });
      }
      const message = await this.post(ROOM, { view: elsewhere.view, replyTo: null });
      await elsewhere.posted?.({ message, thread: null });
    }
    const number = /^(?:proposal|receipt):(\d+)$/.exec(view.kind === "card" ? view.id : "")?.[1];
    if (number === undefined) return;
    const shown = this.room
      .messages()
      .filter(
        ({ to, view }) => to === null && view?.kind === "card" && view.id === `proposal:${number}`,
      );
    for (const { id } of shown) await this.renewCard(id, Number(number));
  }

  #postQuestion(person: PersonId, text: string, replyTo: string | null, jobId: string): string {
    const said = sanitiseText(text.trim());
    return this.room.add({ from: person, said, replyTo, jobId }).id;
  }

  #context(
    member: PersonId,
    requestKey: string,
    replyTo: string | null,
    { model, wait }: { model: string | null; wait: boolean },
    words: Words,
  ): CommandContext {
    const { community, pool } = this.#options;
    return {
      community,
      room: ROOM,
      member,
      requestKey,
      replyTo,
      recentJobs: this.room.recentJobs(),
      askOptions: { ...(model ? { model } : {}), ...(wait ? { wait } : {}) },
      pool: pool.speaking(words.locale),
      words,
      moderator: member === MODERATOR,
      keepsMessages: true,
      names: this.names(words),
    };
  }

  names(words: Words): Names {
    return localNames(this.people, words);
  }

  /** The community's language, for everything; where it chose none, the reader's own. */
  async words(own: Words = ENGLISH): Promise<Words> {
    const chosen = await this.#languages.of(this.#options.community, ROOM);
    return chosen === null ? own : wordsFor(chosen);
  }

  /** A report is dealt with: every board that shows it says by whom. */
  async #handled(report: string, context: CommandContext, words: Words) {
    try {
      const done = await this.#options.pool.reportHandled(report, actorOf(context));
      const view = reportCard(done, words, this.names(words));
      for (const message of this.room.messages()) {
        const shown = message.view?.kind === "card" ? message.view.actions : [];
        if (shown.some(({ id }) => id === `handled:${report}`)) this.room.replace(message.id, view);
      }
      return null;
    } catch (error) {
      if (error instanceof PoolError) return refusalNotice(error, words);
      throw error;
    }
  }

  /** The same event again gets the same result; a refused one may be sent again after mending. */
  #once(key: string, work: () => Promise<NoticeView | null>): Promise<NoticeView | null> {
    const known = this.#taken.get(key);
    if (known) return known;
    const result = work();
    this.#taken.set(key, result);
    result.then(
      (refusal) => refusal && this.#taken.delete(key),
      () => this.#taken.delete(key),
    );
    const oldest = this.#taken.keys().next().value;
    if (this.#taken.size > 1000 && oldest !== undefined) this.#taken.delete(oldest);
    return result;
  }

  #mayRead(message: RoomMessage | null | undefined, person: PersonId): boolean {
    return !!message && (message.to === null || message.to === person);
  }
}
