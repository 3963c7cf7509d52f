import type { Answer } from "../../protocol/wire/http.ts";
import { footerLine } from "./answer.ts";
import type { CardView, PoolView, ProvenanceView, Section, View } from "./view.ts";

/** A view as lines for a terminal; the same words as in every other door, no markup. */
export function plainLines(view: View): string[] {
  switch (view.kind) {
    case "answer": {
      const lines = [...(view.status ? [view.status] : []), ...view.notices];
      if (view.text) lines.push("", ...view.text.split("\n"));
      if (view.footer) lines.push("", view.footer);
      return lines;
    }
    case "provenance":
      return provenanceLines(view);
    case "pool":
      return poolLines(view);
    case "models":
      if (view.none !== null) return [view.none];
      return view.models.map((model) =>
        [model.name, model.size, model.lineage, model.online, model.mark]
          .filter((part) => part !== null)
          .join(" · "),
      );
    case "help":
      return [
        ...view.intro,
        "",
        ...view.commands.map(({ usage, summary }) => `${usage.padEnd(26)} ${summary}`),
      ];
    case "card":
      return cardLines(view);
    case "notice":
      return [view.text];
  }
}

/** An answer's footer as lines for a terminal. */
export function answerFooter(answer: Answer): string[] {
  return [footerLine(answer)];
}

function provenanceLines(view: ProvenanceView): string[] {
  const lines = [view.summary, "", view.pictureInWords];
  const ran = view.checks.filter((check) => check.state !== "not run");
  const notRun = view.checks.filter((check) => check.state === "not run");
  lines.push("", view.checkTitles.ran);
  lines.push(
    ...ran.map(({ stateInWords, title, detail }) => `  ${stateInWords}: ${title}. ${detail}`),
  );
  lines.push("", view.checkTitles.notRun);
  lines.push(...notRun.map(({ title, detail }) => `  ${title}. ${detail}`));
  return [...lines, ...view.sections.flatMap(sectionLines)];
}

function cardLines(view: CardView): string[] {
  const head = view.line === null ? [view.title] : [view.title, view.line];
  return [...head, ...view.sections.flatMap(sectionLines)];
}

function sectionLines({ title, rows, lines, ordered }: Section): string[] {
  return [
    "",
    title,
    ...rows.map(({ term, detail }) => `  ${term}: ${detail}`),
    ...lines.map((line, at) => (ordered ? `  ${at + 1}. ${line}` : `  ${line}`)),
  ];
}

function poolLines(view: PoolView): string[] {
  const lines = [`${view.name}: ${view.line}`];
  if (view.defaultLine !== null) lines.push(view.defaultLine);
  for (const { name, places, told } of view.nodes) lines.push(`  ${name} · ${places} · ${told}`);
  for (const { told } of view.fetches) lines.push(`  ${told}`);
  lines.push(view.minutes.inWords);
  return lines;
}
