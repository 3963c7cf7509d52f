import type { Check } from "../wire/http.ts";
import type { GenerateStatement } from "./statement.ts";

/**
 * What nobody has checked about an answer, or nobody can. Pages and `npm run verify` print these rows beside
 * the checks that ran, so that no answer ever looks simply "verified". One list, one wording.
 */
export function checksNotRun(statement: GenerateStatement): readonly Check[] {
  const { engine } = statement.predicate;
  const rescoring = engine.auditable
    ? "This pool does not audit answers yet. That the named model wrote the text is the node's word, although its sampler leaves what a second node needs to re-score it."
    : `Answers of the engine “${engine.name}” cannot be re-scored. That the named model wrote the text is the node's word.`;
  return [
    notRun("rescored", "Weights re-scored by a second node", rescoring),
    ...(engine.name === "openai" ? [serversWord(engine.library)] : []),
    notRun(
      "seed-margin",
      "Tokens follow from the seed (seed margin)",
      "Needs the same second run. Until then nobody but the node has compared the chosen tokens with the committed seed.",
    ),
    notRun(
      "log-inclusion",
      "Receipt is in a public log",
      "The pool keeps a log leaf for this answer but publishes no log yet, so it could still drop or replace the receipt unseen.",
    ),
    notRun(
      "node-word",
      "Software, timings and prompt length",
      "Engine build, durations, prompt token count and dropped turns are the node's own word.",
    ),
    notRun(
      "node-owner",
      "Who runs the node",
      "A signature shows which key signed, not which person holds it, nor that one person holds only one key.",
    ),
    notRun(
      "training-data",
      "Declared training data is the real training data",
      "Lineage repeats what the file header and the model's makers declare. No receipt can show that it is complete or true.",
    ),
    notRun(
      "deletion",
      "The volunteer deleted the conversation",
      "Nodes are told to keep nothing. Deletion on another person's machine cannot be checked.",
    ),
    notRun(
      "truth",
      "The answer is true",
      "Never checked. A receipt says where a text came from, not whether it is right.",
    ),
  ];
}

/** Answers that another server on the volunteer's side wrote: what its digest is worth. */
function serversWord(server: string): Check {
  return notRun(
    "server-word",
    "Digest is that of the weights in use",
    `${server} wrote this answer. Where it names its model file, the digest is that file's by its word; where the ` +
      "model's name says “weights not identified”, the digest is of the server's description and not of any weights.",
  );
}

/** A row for a check that did not run, with the reason. */
export function notRun(id: string, title: string, detail: string): Check {
  return { id, title, state: "not run", detail };
}
