import { splitMessage } from "../../stream/split.ts";
import { plainLines } from "../../views/plain.ts";
import { escapeHtml } from "../../views/text/markdown.ts";
import type { DisplayText } from "../../views/text/sanitise.ts";
import type { Action, AnswerView, ProvenanceView, Section, View } from "../../views/view.ts";
import type { Words } from "../../words/catalogue.ts";
import { inRoomDialect } from "../lines.ts";
import { inlineHtml, linesHtml, modelHtml } from "./html.ts";
import { fits, type ShownMessage, signsOf, withoutOurMarks } from "./message.ts";

/** An edit holds the text about four times in at most 64 KB: so much of it goes into one message. */
const MOST_CHARS = 12_000;
const FEWEST_CHARS = 500;

/**
 * A view as one or more messages, in order. Kinds without a form of their own are shown as plain lines, with
 * `more` of the door's own below.
 */
export function messagesOf(view: View, words: Words, more: readonly string[] = []): ShownMessage[] {
  if (view.kind === "answer") return sized((max) => answerMessages(view, words, max));
  if (view.kind === "provenance") return sized((max) => provenanceMessages(view, words, max));
  return sized((max) => lineMessages(view, more, max));
}

/** Halves the size of the parts until each of them fits in an event: letters differ in bytes. */
function sized(make: (maxChars: number) => ShownMessage[]): ShownMessage[] {
  for (let max = MOST_CHARS; ; max = Math.floor(max / 2)) {
    const messages = make(max);
    if (messages.every(fits) || max <= FEWEST_CHARS) return messages;
  }
}

function answerMessages(view: AnswerView, words: Words, max: number): ShownMessage[] {
  const texts = splitMessage(view.text, max) as DisplayText[];
  const actions: Action[] = [...view.actions];
  if (view.footer !== null) {
    actions.push({ id: `save:${view.jobId}`, label: words.button_export, member: null });
  }
  const { signs, line } = signsOf(actions);
  const base = { kind: "answer", jobId: view.jobId, final: view.final };
  return texts.map((text, at) => {
    const isLast = at === texts.length - 1;
    const below = isLast
      ? [
          ...(view.status === null ? [] : [`⏳ ${view.status}`]),
          ...view.notices.map((notice) => `ℹ️ ${notice}`),
          ...(view.footer === null ? [] : [`— ${view.footer}`]),
          ...(line === null ? [] : [line]),
        ]
      : [];
    const parts = texts.length > 1 && !isLast ? [] : below;
    return {
      ...base,
      signs: isLast ? signs : {},
      body: [withoutOurMarks(text), parts.join("\n")].filter((part) => part !== "").join("\n\n"),
      html: answerHtml(text, isLast ? view : null, line),
    };
  });
}

function answerHtml(text: DisplayText, view: AnswerView | null, actions: string | null): string {
  const parts = [modelHtml(text)];
  if (view !== null) {
    if (view.status !== null) parts.push(`<p>⏳ <em>${escapeHtml(view.status)}</em></p>`);
    for (const notice of view.notices) parts.push(`<p>ℹ️ <em>${escapeHtml(notice)}</em></p>`);
    if (text !== "" && (view.footer ?? actions) !== null) parts.push("<hr>");
    if (view.footer !== null) parts.push(`<p><sub>— ${escapeHtml(view.footer)}</sub></p>`);
    if (actions !== null) parts.push(`<p><sub>${inlineHtml(actions)}</sub></p>`);
  }
  return parts.join("");
}

/** Everything that is known, the long parts folded away where the client can. */
function provenanceMessages(view: ProvenanceView, words: Words, max: number): ShownMessage[] {
  const ran = view.checks.filter(({ state }) => state !== "not run");
  const notRun = view.checks.filter(({ state }) => state === "not run");
  const list = (title: string, lines: readonly string[], none: string): Section => ({
    id: title,
    title,
    rows: [],
    lines: lines.length > 0 ? lines : [none],
    ordered: false,
  });
  const { checkTitles } = view;
  const ranLines = ran.map(
    ({ stateInWords, title, detail }) => `${stateInWords}: ${title}. ${detail}`,
  );
  const notRunLines = notRun.map(({ title, detail }) => `${title}. ${detail}`);
  const sections = [
    list(checkTitles.ran, ranLines, checkTitles.noneRan),
    list(checkTitles.notRun, notRunLines, checkTitles.allRan),
    ...view.sections,
  ];
  const save: Action = { id: `save:${view.jobId}`, label: words.button_export, member: null };
  const { signs, line } = signsOf([save]);
  const blocks = [
    {
      body: `${view.summary}\n\n${view.pictureInWords}`,
      html: linesHtml([view.summary, "", view.pictureInWords]),
    },
    ...sections.map((section) => ({ body: sectionText(section), html: sectionHtml(section) })),
    { body: line ?? "", html: `<p><sub>${inlineHtml(line ?? "")}</sub></p>` },
  ];
  return packed(blocks, max).map(({ body, html }) => ({
    kind: "provenance",
    jobId: view.jobId,
    final: true,
    signs,
    body,
    html,
  }));
}

function sectionText({ title, rows, lines, ordered }: Section): string {
  const told = rows.map(({ term, detail }) => `- ${term}: ${detail}`);
  const below = lines.map((line, at) => `${ordered ? `${at + 1}.` : "-"} ${line}`);
  return [`**${title}**`, ...told, ...below].join("\n");
}

function sectionHtml({ title, rows, lines, ordered }: Section): string {
  const told = rows.map(({ term, detail, code }) => {
    const value = escapeHtml(detail);
    return `<li>${escapeHtml(term)}: ${code ? `<code>${value}</code>` : value}</li>`;
  });
  const below = lines.map((line) => `<li>${inlineHtml(line)}</li>`).join("");
  const list = told.length > 0 ? `<ul>${told.join("")}</ul>` : "";
  const more = below === "" ? "" : ordered ? `<ol>${below}</ol>` : `<ul>${below}</ul>`;
  return `<details><summary>${escapeHtml(title)}</summary>${list}${more}</details>`;
}

/** Any other view: its lines, parted where they get too long, with its actions below. */
function lineMessages(view: View, more: readonly string[], max: number): ShownMessage[] {
  const actions = "actions" in view ? (view.actions as readonly Action[]) : [];
  const { signs, line } = signsOf(actions);
  const jobId = "jobId" in view ? (view.jobId as string) : null;
  const lines = [...plainLines(view), ...more].map(inRoomDialect);
  const isError = view.kind === "notice" && view.tone === "error";
  const kind = isError ? "error" : view.kind;
  const blocks = lines.map((text) => ({ body: text, html: text }));
  const parts = packed(blocks, max, "\n");
  return parts.map(({ body }, at) => {
    const told = line !== null && at === parts.length - 1 ? [body, "", line] : [body];
    return {
      kind,
      jobId,
      final: true,
      signs,
      body: told.join("\n"),
      html: linesHtml(told.map((text) => text.replace(/^ {2}/gm, "· "))),
    };
  });
}

interface Block {
  readonly body: string;
  readonly html: string;
}

/** Blocks put together into messages of at most `max` characters; one that is longer is cut at the end. */
function packed(blocks: readonly Block[], max: number, between = "\n\n"): Block[] {
  const messages: Block[] = [];
  let body = "";
  let html = "";
  for (const block of blocks) {
    const text =
      block.body.length > max ? `${block.body.slice(0, max - 1).toWellFormed()}…` : block.body;
    const markup = text === block.body ? block.html : linesHtml([text]);
    if (body !== "" && body.length + text.length > max) {
      messages.push({ body, html });
      body = "";
      html = "";
    }
    body = body === "" ? text : `${body}${between}${text}`;
    html += markup;
  }
  if (body !== "" || messages.length === 0) messages.push({ body, html });
  return messages;
}
