import type { PrivacyClass } from "../../protocol/wire/policy.ts";
import type { Notice } from "../storage/tables.ts";

const MACHINE: Record<PrivacyClass, string> = {
  open: "volunteer machine",
  trusted: "machine that this community trusts",
  own: "machine of this community's own",
};

/** Sentences on a job that has no answer, or none yet. */
export const notices = {
  noNode: (model: string, privacy: PrivacyClass = "open"): Notice => ({
    code: "no_node",
    message: `No ${MACHINE[privacy]} with ${model} is online right now, so nobody can answer. Try again later, or pick another model.`,
  }),
  waitingForNode: (model: string, limitMs: number, privacy: PrivacyClass = "open"): Notice => ({
    code: "waiting_for_node",
    message: `No ${MACHINE[privacy]} with ${model} is online right now. The question is kept for ${duration(limitMs)} and answered when one joins.`,
  }),
  modelRemoved: (model: string): Notice => ({
    code: "model_removed",
    message: `${model} is no longer served in this pool, so this question has no answer. Ask again: another model answers.`,
  }),
  expired: (limitMs: number): Notice => ({
    code: "expired",
    message: `Nobody could answer within ${duration(limitMs)}, so the question was given up. Ask again when more machines are online.`,
  }),
  erased: (): Notice => ({
    code: "erased",
    message:
      "This question and its answer were erased. The receipt's digest stays in the records; the words are gone.",
  }),
  stoppedBefore: (): Notice => ({
    code: "stopped",
    message: "Stopped before an answer was written.",
  }),
  tooManyAttempts: (attempts: number): Notice => ({
    code: "too_many_attempts",
    message: `${attempts} attempts on volunteers' machines ended without an answer, so the pool gave up. Ask again, or pick another model.`,
  }),
};

/** Why an attempt ended without an answer, told to the asker. */
export type LostCode =
  | "node_left"
  | "node_silent"
  | "node_refused"
  | "receipt_refused"
  | "bad_frames"
  | "pool_restarted"
  | "node_barred";

const WHY: Record<LostCode, (node: string) => string> = {
  node_left: (node) => `The node “${node}” left`,
  node_silent: (node) => `The node “${node}” fell silent`,
  node_refused: (node) => `The node “${node}” could not do it`,
  receipt_refused: (node) => `The node “${node}” sent a receipt that does not fit its answer`,
  bad_frames: (node) => `The node “${node}” broke the rules of the line`,
  node_barred: (node) => `Moderators took the node “${node}” out`,
  pool_restarted: () => "The part of the pool that led this answer went away",
};

/** For the asker: what happened to an attempt and what comes next. */
export function lostMessage(code: LostCode, node: string): string {
  return `${WHY[code](node)}; the answer starts again on another node.`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds <= 1) return "one second";
  if (seconds < 120) return `${seconds} seconds`;
  return `${Math.round(seconds / 60)} minutes`;
}
