import { field, fieldValue, type Kind } from "./kind.ts";

/** Options are lines or parts between semicolons; without any it is yes or no. */
export const questionKind: Kind<"question"> = {
  kind: "question",
  title: "A question",
  words: "Asks the members; nothing changes by itself.",
  fields: [
    field("question", "Question", "text"),
    field("options", "Options", "options", {
      required: false,
      maxLength: 4000,
      help: "one a line; none: yes or no",
    }),
  ],
  types: ["poll.advisory", "poll.binding"],
  type: () => "poll.advisory",
  async draft(values) {
    const question = fieldValue(this.fields, values, "question");
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
