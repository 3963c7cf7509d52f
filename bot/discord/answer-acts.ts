import { type ButtonInteraction, MessageFlags, PermissionFlagsBits, Routes } from "discord.js";
import type { HandedFile } from "../commands/command.ts";
import { errorNotice, infoNotice } from "../views/notice.ts";
import type { NoticeView } from "../views/view.ts";
import { filled, type Words } from "../words/catalogue.ts";
import { type Desk, poolIds } from "./desk.ts";
import { threadName } from "./thread-name.ts";
import type { Place } from "./write/place.ts";

/** Hands out an answer with its receipt as a file. Throws PoolError. */
export async function exportAnswer(
  { pool }: Desk,
  interaction: ButtonInteraction,
  place: Place,
  jobId: string,
  words: Words,
): Promise<null> {
  const viewer = poolIds.member(interaction.user.id);
  const { body } = await pool.exportPack(jobId, viewer);
  const bytes = new Uint8Array(await new Response(body).arrayBuffer());
  const name = `answer-${jobId.slice(0, 8)}.zip`;
  await place.create(
    {
      content: filled(words.saved, { file: name }),
      flags: MessageFlags.SuppressEmbeds,
      allowed_mentions: { parse: [] },
    },
    [{ name, bytes }],
  );
  return null;
}

/** A file beside what was just shown; it says no more than its name. */
export async function handOver(place: Place, file: HandedFile, words: Words): Promise<void> {
  await place.create(
    {
      content: filled(words.data_file, { file: file.name }),
      flags: MessageFlags.SuppressEmbeds,
      allowed_mentions: { parse: [] },
    },
    [file],
  );
}

/** Begins a thread below an answer, for members who may; resolves to what they are told. */
export async function startThread(
  { pool, rest, log }: Desk,
  interaction: ButtonInteraction,
  jobId: string,
  words: Words,
): Promise<NoticeView> {
  if (!interaction.memberPermissions?.has(PermissionFlagsBits.CreatePublicThreads)) {
    return errorNotice("no_threads", words.no_threads_for_you);
  }
  const job = await pool.job(jobId);
  try {
    await rest.post(Routes.threads(interaction.channelId, interaction.message.id), {
      body: { name: threadName(job.answer?.text ?? ""), auto_archive_duration: 1440 },
    });
  } catch (error) {
    log.warn({ error: String(error) }, "a thread could not be started");
    return errorNotice("no_thread", words.no_thread);
  }
  return infoNotice("thread_made", words.thread_made);
}

/** The job of a message of this channel, by its link or its id; null where that is no answer. */
export async function jobAtLink(
  { own }: Desk,
  channelId: string,
  link: string,
): Promise<string | null> {
  const [, channel, message] = /\/channels\/(?:@me|\d+)\/(\d+)\/(\d+)\s*$/.exec(link) ?? [];
  const id = message ?? /^\s*(\d{15,21})\s*$/.exec(link)?.[1];
  if (!id || (channel !== undefined && channel !== channelId)) return null;
  return own.jobOf(channelId, id);
}
