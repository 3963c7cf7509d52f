import { NO_NODE } from "../views/answer.ts";
import { infoNotice } from "../views/notice.ts";
import { answerMeant, askerOf, type Command, privately, wordsOf } from "./command.ts";

/** Asks the same question again: the same conversation, a new job and a new seed. */
export const again: Command = {
  name: "again",
  summary: "Ask the same question again, with fresh dice",
  options: [
    { name: "answer", summary: "The answer you mean", type: "answer", required: false },
    { name: "model", summary: "Name or SHA-256 of a model", type: "word", required: false },
  ],
  async run(context, values) {
    const jobId = answerMeant(context, values);
    if (jobId === null) {
      return privately(infoNotice("no_answer_yet", wordsOf(context).no_answer_yet));
    }
    // Nobody was there for it: asking again would fail the same way, so this one waits for a node.
    const wait = (await context.pool.job(jobId)).notice?.code === NO_NODE ? { wait: true } : {};
    const options = {
      ...context.askOptions,
      ...wait,
      ...(values.model ? { model: values.model } : {}),
    };
    const job = await context.pool.again(jobId, {
      member: context.member,
      requestKey: context.requestKey,
      options,
      ...askerOf(context),
    });
    return { kind: "job", job };
  },
};
