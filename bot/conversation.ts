import type { Job } from "../protocol/wire/http.ts";
import type { Command, CommandContext, OptionValues, Outcome } from "./commands/command.ts";
import { privately, wordsOf } from "./commands/command.ts";
import type { Door } from "./door.ts";
import type { Log } from "./log.ts";
import { PoolError } from "./pool/errors.ts";
import { type Clock, pacer } from "./stream/pacer.ts";
import { type AnswerProgress, answerView, applyEvent, beginAnswer } from "./views/answer.ts";
import { answerParts } from "./views/answer-parts.ts";
import { refusalNotice } from "./views/notice.ts";
import { sanitiseLine } from "./views/text/sanitise.ts";
import type { AnswerView } from "./views/view.ts";
import { ENGLISH, type Words } from "./words/catalogue.ts";
import { poolSentence } from "./words/pool-sentences.ts";

/** Runs a command; a refusal by the pool becomes a private notice. */
export async function runCommand(
  command: Command,
  context: CommandContext,
  values: OptionValues,
): Promise<Outcome> {
  try {
    return await command.run(context, values);
  } catch (error) {
    if (error instanceof PoolError) return privately(refusalNotice(error, wordsOf(context)));
    throw error;
  }
}

export interface Delivery {
  readonly door: Door;
  readonly pool: CommandContext["pool"];
  readonly room: string;
  readonly job: Job;
  /** The question's message. */
  readonly replyTo: string | null;
  /** Messages that already show this answer, in order: after a restart they are taken up again. */
  readonly shown?: readonly string[];
  /** Fires when the door closes: the answer is left as it is and can be taken up later. */
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Language of what stands around the answer; absent: English. */
  readonly words?: Words;
  readonly clock?: Clock;
}

/**
 * Shows an answer from its first frame (place in the queue, estimate) to its last (text, footer, buttons).
 * Resolves when the last frame arrived, or when the door closed. The first post may fail: that throws, for
 * the door knows best what to do when it cannot speak in a room at all.
 */
export async function deliverAnswer(delivery: Delivery): Promise<void> {
  const { door, job, log, words = ENGLISH } = delivery;
  const limits = door.limits();
  const messages = messagesOf(delivery, limits.maxChars);
  let progress = beginAnswer(job);
  if (!delivery.shown?.length) await messages.show(answerView(progress, words));
  const paced = pacer<AnswerView>({
    pace: limits.pace,
    edit: async (view) => {
      await door.turn?.(delivery.room);
      // Text that came while waiting is shown at once; a reader never gets an older frame than needed.
      await messages.show(view.final ? view : answerView(progress, words));
    },
    clock: delivery.clock,
    onFailure: (error, isLast) =>
      log.warn({ job: job.id, door: door.name, isLast, error: String(error) }, "edit failed"),
  });
  const abandon = () => paced.abandon();
  delivery.signal.addEventListener("abort", abandon);
  try {
    for await (const event of delivery.pool.events(job.id, delivery.signal)) {
      progress = applyEvent(progress, event);
      if (event.event !== "end") paced.show(answerView(progress, words));
    }
    if (delivery.signal.aborted) return;
    await paced.finish(answerView(progress, words));
  } catch (error) {
    if (!(error instanceof PoolError)) throw error;
    log.warn({ job: job.id, code: error.code }, "lost sight of an answer");
    await paced.finish(lostView(progress, error, words));
  } finally {
    delivery.signal.removeEventListener("abort", abandon);
  }
}

/** The messages an answer takes up in a room; `show` makes them match a view and may be repeated. */
function messagesOf({ door, room, replyTo, shown = [] }: Delivery, maxChars: number) {
  const sent: { id: string; content: string }[] = shown.map((id) => ({ id, content: "" }));
  return {
    async show(view: AnswerView): Promise<void> {
      const parts = answerParts(view, maxChars);
      for (const [at, part] of parts.entries()) {
        const message = { view: part, replyTo };
        const content = JSON.stringify(part);
        const known = sent[at];
        if (!known) sent.push({ id: await door.post(room, message), content });
        else if (known.content !== content) {
          await door.edit(room, known.id, message);
          known.content = content;
        }
      }
      // An answer that moved to another node starts over and may need fewer messages than before.
      while (sent.length > parts.length) {
        await door.remove(room, (sent[sent.length - 1] as { id: string }).id);
        sent.pop();
      }
    },
  };
}

/** The last frame when the pool will not say how the job ended. */
function lostView(progress: AnswerProgress, error: PoolError, words: Words): AnswerView {
  const view = answerView(progress, words);
  const told = poolSentence(words, error.code, error.message);
  return {
    ...view,
    phase: "failed",
    final: true,
    status: null,
    notices: [...view.notices, sanitiseLine(told, 1000)],
    actions: [{ id: `again:${view.jobId}`, label: words.button_again, member: null }],
  };
}
