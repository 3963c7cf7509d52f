import type { BallotReceipt, ChoiceInput } from "../../../protocol/wire/governance.ts";
import { actorOf } from "../../commands/command.ts";
import { PoolError } from "../../pool/errors.ts";
import { proposalCard } from "../../views/governance/proposal.ts";
import { receiptCard } from "../../views/governance/receipt.ts";
import { infoNotice } from "../../views/notice.ts";
import { sanitiseLine } from "../../views/text/sanitise.ts";
import type { View } from "../../views/view.ts";
import { filled } from "../../words/catalogue.ts";
import { type SignAct, signAct } from "../actions.ts";
import { type Desk, poolIds, showView } from "../desk.ts";
import type { MatrixPolls, PaperAnswer } from "../polls.ts";
import type { Act, Replies } from "../replies.ts";
import type { BallotJournal, Cast } from "./journal.ts";
import { choiceOf, type LitSign, litSigns } from "./lit.ts";

type Choice = Extract<SignAct, { readonly kind: "choice" }>;

/**
 * Votes by signs below a card and by ballot papers: polls in the voter's own conversation with us, which Matrix
 * clients show as buttons. What stands below a card when we look is what counts: one who takes a sign away, or
 * adds another, votes anew. Receipts go to the voter alone.
 */
export class Ballots {
  readonly #desk: Desk;
  readonly #replies: Replies;
  readonly #polls: MatrixPolls;
  readonly #journal: BallotJournal;
  /** One thing at a time for each voter: signs come faster than the pool answers. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(desk: Desk, replies: Replies, polls: MatrixPolls, journal: BallotJournal) {
    this.#desk = desk;
    this.#replies = replies;
    this.#polls = polls;
    this.#journal = journal;
  }

  /** A choice below a card. `signs`: what each sign there means. */
  press(
    act: Act,
    card: string,
    choice: Choice,
    signs: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    return this.#guarded(act, card, async () => {
      const lit = await this.#litChoices(act, card, signs);
      // A later sign decides, or this one is gone again: each has an event of its own.
      if (lit.at(-1)?.event !== act.event.id) return true;
      const { number, form, revision } = choice;
      const wanted = choiceOf(
        form,
        lit.map(({ value }) => value),
      );
      return wanted === null ? false : this.#cast(act, number, wanted, { card, revision });
    });
  }

  /** An answer to a ballot paper of ours. */
  answer(act: Act, { poll, chosen }: PaperAnswer): Promise<boolean> {
    const { number, revision } = poll;
    const wanted = chosen === null ? null : choiceOf("yes-no", [chosen]);
    const work = async () =>
      wanted === null
        ? this.#withdraw(act, number)
        : this.#cast(act, number, wanted, { card: null, revision });
    return this.#guarded(act, poll.event, work, async (error) => {
      if (!(error instanceof PoolError && OVER.has(error.code))) return;
      // Its buttons go; clients show the sentence in their place.
      await this.#polls.end(poll, filled(act.words.matrix_paper_over, { number: String(number) }));
    });
  }

  /** What cast a ballot was taken away. True when it was that; only by the voter does it change anything. */
  async takenBack(act: Act, event: string): Promise<boolean> {
    const { sender } = act.event;
    // What is still being counted is known when its turn is over.
    await this.#turns.get(sender);
    const cast = this.#journal.find(event);
    if (cast === undefined) return false;
    // A moderator may clear signs away; ballots are not theirs.
    if (cast.voter !== sender) return true;
    return this.#guarded(act, cast.card ?? event, async () => {
      const { number, card } = cast;
      const latest = this.#journal.latest(sender, number);
      const { mine } = await this.#desk.pool.proposal(number, poolIds.member(sender));
      const ballot = mine?.ballot;
      // Voted again since, elsewhere or by typing: that stays.
      if (ballot?.state !== "counts" || ballot.receipt !== latest?.receipt) return true;
      if (card === null || latest.card !== card) {
        return latest.event === event ? this.#withdraw(act, number) : true;
      }
      const signs = (await this.#desk.own.find(act.event.room, card))?.signs ?? {};
      const lit = await this.#litChoices(act, card, signs);
      const form = lit[0]?.form ?? "";
      if (form === "yes-no" && latest.event !== event) return true;
      const wanted = choiceOf(
        form,
        lit.map(({ value }) => value),
      );
      if (wanted === null) return this.#withdraw(act, number);
      const { revision = 1, event: last } = lit.at(-1) ?? {};
      return this.#cast(act, number, wanted, { card, revision, event: last ?? event });
    });
  }

  /** Hands a member a ballot of their own; where nothing can be voted on, the card says why. */
  async hand(act: Act, number: number): Promise<boolean> {
    const { pool, names } = this.#desk;
    const { words, event } = act;
    const proposal = await pool
      .speaking(words.locale)
      .proposal(number, poolIds.member(event.sender));
    const card = proposalCard(proposal, words, names);
    const { ballot } = card;
    const { mine } = proposal;
    if (ballot && mine?.mayVote === false && act.event.type === "m.reaction") {
      // Why not, without a conversation for everybody who tries.
      return this.#refuse(act, `seat ${number}`, infoNotice("no_seat", sanitiseLine(mine.words)));
    }
    if (ballot?.kind !== "yes-no" || mine?.mayVote === false) {
      return this.#replies.whisper(act, card);
    }
    const { room, standing } = await this.#replies.alone(act);
    const title = sanitiseLine(proposal.title, 150);
    const question = filled(words.matrix_paper, { number: String(number), title });
    const answers = [
      { id: "yes", text: words.button_yes },
      { id: "no", text: words.button_no },
      { id: "abstain", text: words.button_abstain },
    ];
    // Only the voter is there, so that a client's own count of the poll tells them their own ballot.
    const paper = { question, answers, maxSelections: 1, disclosed: true };
    await this.#polls.start(room, paper, { key: event.id, standing, about: ballot });
    return true;
  }

  /** For whoever wrote a sealed ballot where everybody reads it; null where it was no secret. */
  async saidAloud({ event, words }: Act, number: number): Promise<string | null> {
    const { rooms, pool } = this.#desk;
    if (rooms.isDirect(event.room)) return null;
    const { secrecy } = await pool.proposal(number);
    if (secrecy.level === "open") return null;
    return filled(words.matrix_said_aloud, { number: String(number) });
  }

  async #cast(
    act: Act,
    number: number,
    choice: ChoiceInput,
    { card, revision, event }: { card: string | null; revision?: number; event?: string },
  ): Promise<BallotReceipt> {
    const context = await this.#replies.context(act);
    const receipt = await context.pool.vote(number, {
      actor: actorOf(context),
      eventId: context.requestKey,
      choice,
      ...(revision === undefined ? {} : { revision }),
    });
    const { id, sender } = act.event;
    this.#note({ event: event ?? id, voter: sender, number, card, receipt: receipt.receipt });
    return receipt;
  }

  async #withdraw(act: Act, number: number): Promise<BallotReceipt> {
    const context = await this.#replies.context(act);
    return this.#desk.pool.withdrawBallot(number, actorOf(context), context.requestKey);
  }

  #note(cast: Cast): void {
    this.#journal.write(cast);
  }

  /** The signs of this member below a card that are choices of a ballot, oldest first. */
  async #litChoices(
    { event: { room, sender } }: Act,
    card: string,
    signs: Readonly<Record<string, string>>,
  ): Promise<(LitSign & Choice)[]> {
    const { homeserver, signal } = this.#desk;
    const lit = await litSigns(homeserver, { room, message: card, member: sender }, signal);
    return lit.flatMap((sign) => {
      const act = Object.hasOwn(signs, sign.key) ? signAct(signs[sign.key] as string) : null;
      return act?.kind === "choice" ? [{ ...sign, ...act }] : [];
    });
  }

  /**
   * Counts in the voter's turn and tells after it: a receipt may wait long for its place among what has to be
   * said, and the next choice must not wait for it, for votes close.
   */
  #guarded(
    act: Act,
    about: string,
    work: () => Promise<BallotReceipt | boolean>,
    failed: (error: unknown) => Promise<void> = async () => {},
  ): Promise<boolean> {
    const { sender } = act.event;
    const counted = (this.#turns.get(sender) ?? Promise.resolve()).then(work);
    const ended = counted
      .then(
        () => {},
        () => {},
      )
      .finally(() => {
        if (this.#turns.get(sender) === ended) this.#turns.delete(sender);
      });
    this.#turns.set(sender, ended);
    const told = async () => {
      const outcome = await counted.catch(async (error: unknown) => {
        await failed(error);
        throw error;
      });
      if (typeof outcome === "boolean") return outcome;
      return this.#replies.whisper(act, receiptCard(outcome, act.words));
    };
    return this.#replies.guarded(act, told, (view) => this.#refuse(act, about, view));
  }

  /**
   * Told in private to those we talk with; to strangers in the card's thread, each refusal once, so that many
   * who may not vote cannot keep us busy with conversations.
   */
  async #refuse(act: Act, about: string, view: View): Promise<boolean> {
    const { direct, rooms, ledger } = this.#desk;
    const { room, sender, id } = act.event;
    if (rooms.isDirect(room)) return this.#replies.show(act, view);
    const known = direct.known(sender, rooms.isEncrypted(room));
    if (known === null) {
      const code = view.kind === "notice" ? view.code : view.kind;
      if (!ledger.once(`refused ${about} ${code}`)) return true;
      const standing = { thread: act.thread, replyTo: act.reply.standing.replyTo };
      return this.#replies.show({ ...act, reply: { ...act.reply, standing } }, view);
    }
    const reply = { room: known, standing: { thread: null, replyTo: null }, about: id };
    await showView(this.#desk, reply, view, act.words, { alone: true });
    return true;
  }
}

/** A paper with one of these is no good any more. */
const OVER = new Set(["vote_closed", "revision_changed"]);
