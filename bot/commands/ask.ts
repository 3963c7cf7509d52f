import { errorNotice } from "../views/notice.ts";
import { askerOf, type Command, privately, wordsOf } from "./command.ts";

/** Asks the pool a question; a reply to an answer goes on with its conversation. */
export const ask: Command = {
  name: "ask",
  summary: "Ask the pool a question",
  options: [
    { name: "question", summary: "What you want to know", type: "text", required: true },
    { name: "model", summary: "Name or SHA-256 of a model", type: "word", required: false },
  ],
  async run(context, values) {
    const prompt = values.question ?? "";
    if (prompt.trim() === "") {
      return privately(errorNotice("empty_prompt", wordsOf(context).no_question));
    }
    const options = { ...context.askOptions, ...(values.model ? { model: values.model } : {}) };
    const job = await context.pool.ask({
      community: context.community,
      member: context.member,
      room: context.room,
      requestKey: context.requestKey,
      prompt,
      ...(context.replyTo ? { continues: context.replyTo } : {}),
      options,
      ...askerOf(context),
    });
    return { kind: "job", job };
  },
};
