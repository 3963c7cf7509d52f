import { governanceFailures } from "../failures.ts";
import { say } from "../words/say.ts";
import { looksLike } from "../written.ts";
import { field, fieldValue, type Kind } from "./kind.ts";

/** Options are lines or parts between semicolons; without any it is yes or no. */
export const questionKind: Kind<"question"> = {
  kind: "question",
  fields: [
    field("question", say("field_question"), "text"),
    field("options", say("field_options"), "options", {
      required: false,
      maxLength: 4000,
      help: say("help_options"),
    }),
  ],
  types: ["poll.advisory", "poll.binding"],
  type: () => "poll.advisory",
  async draft(values) {
    const question = fieldValue(this.fields, values, "question");
    if (looksLike(question) === "") {
      throw governanceFailures.field(say("field_question"), say("why_missing"));
    }
    return { action: { kind: "question" }, title: question, changes: [], expected: null };
  },
};

/** The options of a question, as written. */
export function writtenOptions(written: string): string[] {
  return written
    .split(/[\n;]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}
