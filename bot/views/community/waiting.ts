import type { Failures, Waiting } from "../../../protocol/wire/moderation.ts";
import type { Names } from "../../commands/command.ts";
import { counted, filled, type Words } from "../../words/catalogue.ts";
import { poolSentence } from "../../words/pool-sentences.ts";
import { durationInWords } from "../measures.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView, Row } from "../view.ts";

/** Rows of each list that a card shows. */
const MOST = 12;

/** Who waits and for how long, and the last day's questions without an answer, each with its reason. */
export function waitingCard(
  waiting: Waiting,
  failures: Failures,
  nowMs: number,
  words: Words,
  names: Names,
): CardView {
  const row = (member: string, room: string, detail: string): Row => ({
    term: sanitiseLine(`${names.nameOf("account", member)}, ${names.nameOf("room", room)}`, 120),
    detail: sanitiseLine(detail, 500),
    code: false,
  });
  return {
    kind: "card",
    id: "waiting",
    title: words.waiting_title,
    line: null,
    sections: [
      {
        id: "waiting",
        title: counted(words, words.waiting_section, waiting.total),
        rows: waiting.jobs.slice(0, MOST).map((job) =>
          row(
            job.member,
            job.room,
            filled(words.waiting_line, {
              model: job.model.name,
              ahead:
                job.ahead === 0
                  ? words.next_in_line
                  : counted(words, words.answers_ahead, job.ahead),
              since: durationInWords(Math.max(0, nowMs - job.askedAt), words),
            }),
          ),
        ),
        lines: waiting.total === 0 ? [words.waiting_none] : [],
        ordered: false,
      },
      {
        id: "failed",
        title: counted(words, words.failed_section, failures.total),
        rows: failures.jobs.slice(0, MOST).map((job) => {
          const { notice, model, attempts } = job;
          const why = notice
            ? poolSentence(words, notice.code, notice.message, { model: model.name })
            : job.state;
          const nodes = attempts.map(({ code, message, node }) =>
            poolSentence(words, code, message, node ? { node: node.name } : {}),
          );
          return row(job.member, job.room, [why, ...nodes].join(" "));
        }),
        lines: failures.total === 0 ? [words.failed_none] : [],
        ordered: false,
      },
    ],
    actions: [],
  };
}
