import type { Job } from "../../protocol/wire/http.ts";
import { infoNotice } from "../views/notice.ts";
import { actorOf, type Command, type CommandContext, privately, wordsOf } from "./command.ts";

/** Answers looked at when none was named; a member rarely has more running. */
const LOOK_BACK = 10;

/** Stops an answer that is waiting or being written. Pressing twice does no harm. */
export const stop: Command = {
  name: "stop",
  summary: "Stop your answer while it is waiting or being written",
  options: [{ name: "answer", summary: "The answer you mean", type: "answer", required: false }],
  async run(context, values) {
    const words = wordsOf(context);
    const named = values.answer ?? context.replyTo;
    const jobId = named ?? (await ownRunning(context))?.id;
    if (!jobId) {
      return privately(infoNotice("nothing_to_stop", words.nothing_to_stop));
    }
    const { moderator, roles, community } = actorOf(context);
    const job = await context.pool.cancel(jobId, context.member, { moderator, roles, community });
    const text = job.state === "cancelled" ? words.stop_done : words.stop_too_late;
    return privately(infoNotice("stopped", text));
  },
};

async function ownRunning(context: CommandContext): Promise<Job | null> {
  for (const jobId of context.recentJobs.slice(0, LOOK_BACK)) {
    const job = await context.pool.job(jobId);
    const running = job.state === "queued" || job.state === "running";
    if (running && job.member === context.member) return job;
  }
  return null;
}
