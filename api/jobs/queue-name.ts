import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import type { PrivacyClass } from "../../protocol/wire/policy.ts";

/** Who may serve a queue: every node (`open`), or those that one community's rules leave. */
export type Tier = string;

export const OPEN: Tier = "open";

/**
 * Tier of a community's jobs. `restricted`: the community has paused or barred nodes, so that its open jobs
 * wait in a queue of their own and nobody else's stand behind a job that a free node must not have.
 */
export function tierOf(community: string, privacy: PrivacyClass, restricted: boolean): Tier {
  return privacy === "open" && !restricted ? OPEN : `${privacy}-${communityHash(community)}`;
}

/** Queue of a model class and trust tier. BullMQ refuses names with a colon. */
export function queueName(modelSha256: string, tier: Tier = OPEN): string {
  return `${modelSha256.slice(0, 16)}.${tier}`;
}

/** The tier in a queue's name. */
export function tierIn(queue: string): Tier {
  return queue.slice(17);
}

/** 16 hexadecimal digits that stand for a community in names of queues. */
function communityHash(community: string): string {
  return sha256Hex(community).slice(0, 16);
}
