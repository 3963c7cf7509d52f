import type { Answer } from "../../protocol/wire/http.ts";
import { footerLine } from "./answer.ts";
import { answersInWords } from "./pictures/pool.ts";
import { pictureInWords } from "./pictures/provenance.ts";
import type { PoolView, ProvenanceView, View } from "./view.ts";

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
      return view.models.map((model) =>
        [model.name, model.size, model.lineage, model.online, model.isDefault ? "default" : null]
          .filter((part) => part !== null)
          .join(" · "),
      );
    case "help":
      return [
        ...view.intro,
        "",
        ...view.commands.map(({ usage, summary }) => `${usage.padEnd(26)} ${summary}`),
      ];
    case "notice":
      return [view.text];
  }
}

/** An answer's footer as lines for a terminal. */
export function answerFooter(answer: Answer): string[] {
  return [footerLine(answer)];
}

function provenanceLines(view: ProvenanceView): string[] {
  const lines = [view.summary, "", pictureInWords(view)];
  const ran = view.checks.filter((check) => check.state !== "not run");
  const notRun = view.checks.filter((check) => check.state === "not run");
  lines.push("", "Checks that ran");
  lines.push(...ran.map(({ state, title, detail }) => `  ${state}: ${title}. ${detail}`));
  lines.push("", "Checks that did not run");
  lines.push(...notRun.map(({ title, detail }) => `  ${title}. ${detail}`));
  for (const section of view.sections) {
    lines.push("", section.title);
    lines.push(...section.rows.map(({ term, detail }) => `  ${term}: ${detail}`));
    lines.push(
      ...section.lines.map((line, at) => (section.ordered ? `  ${at + 1}. ${line}` : `  ${line}`)),
    );
  }
  return lines;
}

function poolLines(view: PoolView): string[] {
  const lines = [`${view.name}: ${view.line}`];
  if (view.defaultModel) lines.push(`Questions are answered by ${view.defaultModel}.`);
  for (const node of view.nodes) {
    const models = node.models.join(", ") || "no model";
    lines.push(
      [`  ${node.name}`, node.places, models, node.speed, `${node.lastHour} this hour`]
        .filter((part) => part !== null)
        .join(" · "),
    );
  }
  for (const fetch of view.fetches) {
    lines.push(`  ${fetch.node} fetches ${fetch.model}: ${fetch.text}`);
  }
  lines.push(answersInWords(view));
  return lines;
}
