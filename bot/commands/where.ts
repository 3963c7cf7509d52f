import { infoNotice } from "../views/notice.ts";
import { provenanceView } from "../views/provenance.ts";
import { answerMeant, type Command, privately } from "./command.ts";

/** Tells where an answer came from. */
export const where: Command = {
  name: "where",
  summary: "Where did an answer come from? Reply to it, or get the last one",
  options: [{ name: "answer", summary: "The answer you mean", type: "answer", required: false }],
  async run(context, values) {
    const jobId = answerMeant(context, values);
    if (jobId === null) {
      return privately(
        infoNotice("no_answer_yet", "There is no answer in this room yet. Ask something first."),
      );
    }
    return privately(provenanceView(await context.pool.provenance(jobId)));
  },
};
