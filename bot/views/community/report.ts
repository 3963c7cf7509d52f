import type { Report } from "../../../protocol/wire/moderation.ts";
import type { Names } from "../../commands/command.ts";
import { filled, momentIn, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { CardView, Row } from "../view.ts";

/** A reported answer as moderators see it: why, its receipt, who wrote it, and what can be done. */
export function reportCard(report: Report, words: Words, names: Names): CardView {
  const row = (term: string, detail: string): Row => ({
    term,
    detail: sanitiseLine(detail, 1000),
    code: false,
  });
  const handled = report.handledBy !== null;
  return {
    kind: "card",
    id: "report",
    title: words.report_card,
    line: handled
      ? filled(words.report_handled_by, {
          name: sanitiseLine(names.nameOf("account", report.handledBy ?? ""), 80),
        })
      : null,
    sections: [
      {
        id: "reason",
        title: words.report_because,
        rows: [],
        lines: [sanitiseLine(report.reason, 1000)],
        ordered: false,
      },
      {
        id: "answer",
        title: words.report_what,
        rows: [
          row(words.report_by, names.nameOf("account", report.account)),
          row(words.report_room, names.nameOf("room", report.room)),
          ...(report.receiptId === null
            ? []
            : [
                {
                  term: words.report_receipt,
                  detail: sanitiseLine(report.receiptId, 40),
                  code: true,
                },
              ]),
          ...report.nodes.map(({ name }) => row(words.report_node, name)),
          { ...row(words.date, momentIn(words, report.at)), at: report.at },
        ],
        lines: [],
        ordered: false,
      },
    ],
    actions: [
      ...(report.receiptId === null
        ? []
        : [{ id: `where:${report.jobId}`, label: words.button_where, member: null }]),
      ...report.nodes.slice(0, 2).map(({ keyId, name }) => ({
        id: `node:bar:${keyId}`,
        label: sanitiseLine(`${words.node_bar}: ${name}`, 78),
        member: null,
      })),
      ...(handled
        ? []
        : [{ id: `handled:${report.id}`, label: words.report_handled, member: null }]),
    ],
  };
}
