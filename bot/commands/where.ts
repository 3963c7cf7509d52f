import { infoNotice } from "../views/notice.ts";
import { provenanceView } from "../views/provenance.ts";
import { answerMeant, type Command, privately, wordsOf } from "./command.ts";

/** Tells where an answer came from. */
export const where: Command = {
  name: "where",
  summary: "Where did an answer come from? Reply to it, or get the last one",
  options: [{ name: "answer", summary: "The answer you mean", type: "answer", required: false }],
  async run(context, values) {
    const jobId = answerMeant(context, values);
    if (jobId === null) {
      return privately(infoNotice("no_answer_yet", wordsOf(context).no_answer_yet));
    }
    return privately(
      provenanceView(await context.pool.provenance(jobId, context.member), wordsOf(context)),
    );
  },
};
