import { reportCard } from "../views/community/report.ts";
import { errorNotice, infoNotice } from "../views/notice.ts";
import { actorOf, answerMeant, type Command, namesOf, wordsOf } from "./command.ts";

/** Tells the moderators what is wrong with an answer; they see it with its receipt in the room they named. */
export const report: Command = {
  name: "report",
  summary: "Tell the moderators what is wrong with an answer",
  options: [
    { name: "answer", summary: "The answer you mean", type: "answer", required: false },
    { name: "reason", summary: "What is wrong with it", type: "text", required: false },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const jobId = answerMeant(context, values);
    const refused = (code: string, text: string) =>
      ({ kind: "view", view: errorNotice(code, text), private: true }) as const;
    if (jobId === null) return refused("no_answer_yet", words.no_answer_yet);
    const reason = values.reason?.trim() ?? "";
    if (reason === "") return refused("reason_missing", words.report_missing);
    const made = await context.pool.report(jobId, {
      actor: actorOf(context),
      reason: reason.slice(0, 1000),
    });
    const room = made.reportRoom;
    const thanks = infoNotice("reported", room === null ? words.report_nobody : words.report_done);
    return {
      kind: "view",
      view: thanks,
      private: true,
      ...(room === null
        ? {}
        : {
            elsewhere: {
              room,
              forModerators: true,
              view: reportCard(made, context.publicWords ?? words, namesOf(context)),
            },
          }),
    };
  },
};
