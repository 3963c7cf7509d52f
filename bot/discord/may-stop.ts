import { PermissionFlagsBits, type PermissionsBitField } from "discord.js";
import { errorNotice } from "../views/notice.ts";
import type { NoticeView } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";
import { type Desk, poolIds } from "./desk.ts";

/**
 * Only the asker and moderators may stop an answer. The pool trusts its doors in this, so the right is looked
 * up at every press, command and message. Returns the refusal, or null. Throws PoolError.
 */
export async function refusedToStop(
  desk: Desk,
  jobId: string,
  userId: string,
  permissions: Readonly<PermissionsBitField> | null,
  words: Words,
): Promise<NoticeView | null> {
  if (permissions?.has(PermissionFlagsBits.ManageMessages)) return null;
  const job = await desk.pool.job(jobId);
  if (job.member === poolIds.member(userId)) return null;
  return errorNotice("not_yours", words.not_yours_to_stop);
}
