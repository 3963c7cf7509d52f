import { splitMessage } from "../stream/split.ts";
import type { DisplayText } from "./text/sanitise.ts";
import type { AnswerView } from "./view.ts";

/**
 * An answer as one or more messages of at most `maxChars` characters. Status, notices, footer and buttons
 * stand under the last one; where they do not fit there, they get a message of their own.
 */
export function answerParts(view: AnswerView, maxChars: number): AnswerView[] {
  const texts = splitMessage(view.text, maxChars) as DisplayText[];
  const last = texts[texts.length - 1] as DisplayText;
  const below = [view.status ?? "", ...view.notices, view.footer ?? ""].join("\n").length + 2;
  if (last !== "" && last.length + below > maxChars) texts.push("" as DisplayText);
  const parts = texts.length;
  return texts.map((text, at) =>
    at === parts - 1
      ? { ...view, text, part: at + 1, parts }
      : {
          ...view,
          text,
          part: at + 1,
          parts,
          status: null,
          notices: [],
          footer: null,
          actions: [],
        },
  );
}
