import type { Answer, Job, JobEvent } from "../../protocol/wire/http.ts";
import { counted, ENGLISH, filled, type Words } from "../words/catalogue.ts";
import { phrasesInWords, poolSentence } from "../words/pool-sentences.ts";
import { durationInWords, speedInWords } from "./measures.ts";
import { sanitiseLine, sanitiseModelText } from "./text/sanitise.ts";
import type { Action, AnswerPhase, AnswerView } from "./view.ts";

/** What is known of a running answer: the job, and what its events added. Plain data; see applyEvent. */
export interface AnswerProgress {
  readonly job: Job;
  /** Text of the attempt that is running; void when it moves. */
  readonly attempt: number;
  readonly text: string;
}

/** The pool's notice code for a question that nobody could take. */
export const NO_NODE = "no_node";

/** Progress at the moment a job is accepted (or found again after a restart). */
export function beginAnswer(job: Job): AnswerProgress {
  return { job, attempt: 0, text: "" };
}

/**
 * Progress after one event. Text counts by (attempt, offset): a piece that repeats what is known replaces
 * it, a piece of an earlier attempt is ignored, and a piece past a gap is ignored too, because the pool
 * sends the whole text again on the next connection and with `end`.
 */
export function applyEvent(progress: AnswerProgress, event: JobEvent): AnswerProgress {
  const { job } = progress;
  switch (event.event) {
    case "queued": {
      const { ahead, etaMs, notice } = event.data;
      // The stream tells no code, and there is one reason to wait for a node at all.
      const told = notice === null ? null : { code: "waiting_for_node", message: notice };
      return {
        ...progress,
        job: { ...job, state: "queued", node: null, ahead, etaMs, notice: told },
      };
    }
    case "started": {
      const { attempt, node } = event.data;
      const running = { ...job, state: "running" as const, node, ahead: null, notice: null };
      const text = attempt === progress.attempt ? progress.text : "";
      return { job: running, attempt, text };
    }
    case "text": {
      const { attempt, offset, text } = event.data;
      const known = attempt > progress.attempt ? "" : progress.text;
      if (attempt < progress.attempt || offset > known.length) return progress;
      return { ...progress, attempt, text: known.slice(0, offset) + text };
    }
    case "moved": {
      const lost = job.lostAttempts.filter((earlier) => earlier.attempt !== event.data.attempt);
      return {
        job: { ...job, state: "queued", node: null, lostAttempts: [...lost, event.data] },
        attempt: Math.max(progress.attempt, event.data.attempt),
        text: "",
      };
    }
    case "end":
      return { ...progress, job: event.data };
  }
}

/** The view of an answer as far as it is known. */
export function answerView({ job, text }: AnswerProgress, words: Words = ENGLISH): AnswerView {
  const phase = PHASES[job.state];
  const final = phase !== "waiting" && phase !== "writing";
  return {
    kind: "answer",
    jobId: job.id,
    asker: job.member,
    phase,
    final,
    status: final ? null : statusLine(job, text !== "", words),
    notices: notices(job, words),
    text: sanitiseModelText(job.answer?.text ?? text),
    part: 1,
    parts: 1,
    footer: job.answer ? footerLine(job.answer, words) : null,
    actions: actions(job, final, words),
  };
}

const PHASES: Record<Job["state"], AnswerPhase> = {
  queued: "waiting",
  running: "writing",
  done: "done",
  cancelled: "stopped",
  failed: "failed",
  expired: "expired",
};

/** One line for a message's end: `node "maple" · Substrate demo · 812 tokens/s · CC0-1.0, training data open · receipt k3x…`. */
export function footerLine(answer: Answer, words: Words = ENGLISH): string {
  const nodes = answer.nodes.map((node) => `"${sanitiseLine(node.name, 60)}"`).join(", ");
  const model = sanitiseLine(answer.model.name, 120);
  const line = sanitiseLine(phrasesInWords(words, answer.lineageLine), 300);
  const named = line.startsWith(`${model} · `);
  const lineage = named ? line.slice(model.length + 3).replaceAll(" · ", ", ") : line;
  const parts = [
    filled(answer.nodes.length === 1 ? words.footer_node : words.footer_nodes, { nodes }),
    named ? model : null,
    speedInWords(answer.tokensPerSecond, words),
    lineage,
    answer.auditable ? null : words.footer_not_auditable,
    filled(words.footer_receipt, { id: sanitiseLine(answer.receiptId, 40) }),
  ];
  return parts.filter((part) => part !== null).join(" · ");
}

function statusLine(job: Job, hasText: boolean, words: Words): string {
  if (job.state === "running") {
    const node = job.node ? sanitiseLine(job.node.name, 60) : null;
    if (node === null) return hasText ? words.some_node_writing : words.some_node_reading;
    return filled(hasText ? words.node_writing : words.node_reading, { node });
  }
  if (job.notice) return words.waiting_for_node;
  const ahead = job.ahead ?? 0;
  const place = ahead === 0 ? words.next_in_line : counted(words, words.answers_ahead, ahead);
  if (job.etaMs === null) return place;
  const time = durationInWords(job.etaMs, words);
  // "About under a second" says less than either half.
  const eta = job.etaMs < 1000 ? time : filled(words.about_time, { time });
  return `${place} · ${eta}`;
}

function notices(job: Job, words: Words): string[] {
  const model = job.model.name;
  const lines = job.lostAttempts.map(({ code, message, node }) =>
    poolSentence(words, code, message, node ? { node: node.name } : {}),
  );
  if (job.notice) lines.push(poolSentence(words, job.notice.code, job.notice.message, { model }));
  if (job.state === "cancelled") {
    lines.push(job.answer?.text ? words.answer_stopped_midway : words.answer_stopped);
  }
  if (job.answer?.finishReason === "length") lines.push(words.answer_cut_short);
  const dropped = job.answer?.turnsDropped ?? 0;
  if (dropped > 0) lines.push(counted(words, words.turns_dropped, dropped));
  return lines.map((line) => sanitiseLine(line, 1000));
}

function actions(job: Job, final: boolean, words: Words): Action[] {
  if (!final) return [{ id: `stop:${job.id}`, label: words.button_stop, member: job.member }];
  const lonely = job.notice?.code === NO_NODE;
  const label = lonely ? words.button_again_wait : words.button_again;
  const again = { id: `again:${job.id}`, label, member: null };
  if (!job.answer) return [again];
  return [
    { id: `where:${job.id}`, label: words.button_where, member: null },
    again,
    { id: `report:${job.id}`, label: words.report_button, member: null },
  ];
}
