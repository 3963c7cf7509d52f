import { errorNotice } from "../../views/notice.ts";
import { actorOf, type Command, privately, wordsOf } from "../command.ts";
import { published } from "./card.ts";
import { numberIn, placeOf } from "./place.ts";

/** A moderator's question to the members; what is left out comes from the rules. */
export const poll: Command = {
  name: "poll",
  summary: "Moderators: put a question to the members, as question | option | option",
  options: [
    { name: "question", summary: "Question | option | option", type: "text", required: true },
    { name: "method", summary: "How ballots are counted", type: "word", required: false },
    { name: "seats", summary: "How many are elected, by stv", type: "word", required: false },
    { name: "days", summary: "Days to vote", type: "word", required: false },
    { name: "binding", summary: "yes: the result binds", type: "word", required: false },
    { name: "sealed", summary: "no: everybody sees who votes how", type: "word", required: false },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const { text, flags } = flagsBehind(values.question ?? "");
    const asked = { ...flags, ...values };
    const [question = "", ...options] = text.split("|").map((part) => part.trim());
    if (question === "") return privately(errorNotice("no_question", words.no_question));
    const days = numberIn(asked.days);
    const seats = numberIn(asked.seats);
    const made = await context.pool.poll({
      actor: actorOf(context),
      requestKey: context.requestKey,
      place: placeOf(context),
      question: question.slice(0, 300),
      options: options.filter((option) => option !== "").slice(0, 20),
      ...(asked.method ? { method: asked.method.toLowerCase() } : {}),
      ...(seats === null ? {} : { seats: Math.min(seats, 20) }),
      ...(days === null ? {} : { days: Math.min(days, 60) }),
      ...(asked.binding === undefined ? {} : { binding: isYes(asked.binding) }),
      ...(asked.sealed === undefined ? {} : { sealed: isYes(asked.sealed) }),
    });
    return published(context, made);
  },
};

function isYes(typed: string): boolean {
  return /^(y|yes|ja|j|oui|o|s[ií]|sim|true|1)$/i.test(typed);
}

/** `--days 3` behind the question counts as well as before it: that is where people write it. */
function flagsBehind(typed: string) {
  const flags: Record<string, string> = {};
  let text = typed.trim();
  for (;;) {
    const match = /^([\s\S]*)\s--(method|seats|days|binding|sealed)[ =]+(\S+)$/.exec(text);
    if (match === null) return { text, flags };
    const [, before = "", name = "", value = ""] = match;
    flags[name] = value;
    text = before.trim();
  }
}
