import { splitMessage } from "../../stream/split.ts";
import { plainLines } from "../../views/plain.ts";
import { escapeHtml } from "../../views/text/markdown.ts";
import type { DisplayText } from "../../views/text/sanitise.ts";
import type {
  Action,
  AnswerView,
  CardView,
  HelpView,
  ProvenanceView,
  Section,
  View,
} from "../../views/view.ts";
import type { Words } from "../../words/catalogue.ts";
import { inRoomDialect } from "../lines.ts";
import { inlineHtml, linesHtml, modelHtml } from "./html.ts";
import { fits, type ShownMessage, withoutOurMarks } from "./message.ts";
import { answerSigns, signsOf } from "./signs.ts";

/** An edit holds the text about four times in at most 64 KB: so much of it goes into one message. */
const MOST_CHARS = 12_000;
const FEWEST_CHARS = 500;
/** Room for a title above a group of lines. */
const SPARE_CHARS = 200;

/** What a door adds to a view. */
export interface Setting {
  /** Lines below it. */
  readonly more?: readonly string[];
  /** Only one member reads it. */
  readonly alone?: boolean;
}

/** A view as one or more messages, in order. Kinds without a form of their own are shown as plain lines. */
export function messagesOf(view: View, words: Words, setting: Setting = {}): ShownMessage[] {
  if (view.kind === "answer") return sized((max) => answerMessages(view, words, max));
  if (view.kind === "provenance") return sized((max) => provenanceMessages(view, words, max));
  return sized((max) => blockMessages(view, words, setting, max));
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
  const { signs, line } = answerSigns(actions);
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
  const { signs, line } = answerSigns([save]);
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

/** Any other view: as blocks, parted where they get too long, with what can be done below the last. */
function blockMessages(
  view: View,
  words: Words,
  { more = [], alone = false }: Setting,
  max: number,
): ShownMessage[] {
  const { signs, line } = signsOf(view, words, alone);
  const jobId = "jobId" in view ? (view.jobId as string) : null;
  const proposal = Number(/^proposal:(\d+)$/.exec(view.kind === "card" ? view.id : "")?.[1] ?? 0);
  const isError = view.kind === "notice" && view.tone === "error";
  const kind = isError ? "error" : view.kind;
  const parts = packed([...blocksOf(view, max), ...linesBlocks(more, max)], max);
  return parts.map(({ body, html }, at) => {
    const isLast = at === parts.length - 1;
    const told = line !== null && isLast;
    return {
      kind,
      jobId,
      ...(proposal > 0 ? { proposal } : {}),
      final: true,
      signs: isLast ? signs : {},
      body: told ? `${body}\n\n${line}` : body,
      html: told ? `${html}<p>${inlineHtml(line)}</p>` : html,
    };
  });
}

function blocksOf(view: View, max: number): Block[] {
  if (view.kind === "card") return cardBlocks(view, max);
  if (view.kind === "help") return helpBlocks(view, max);
  return linesBlocks(plainLines(view).map(inRoomDialect), max);
}

/** Lines parted by empty ones: what stands together stays together. */
function linesBlocks(lines: readonly string[], max: number): Block[] {
  const paragraphs = lines.join("\n").split(/\n{2,}/);
  return paragraphs
    .map((text) => text.replace(/^\n+|\n+$/g, ""))
    .filter((text) => text.trim() !== "")
    .flatMap((text) => {
      const items = text.split("\n").map((line) => ({ body: line, html: line }));
      return grouped(items, max).map((group) => linesBlock(group.map(({ body }) => body)));
    });
}

function linesBlock(lines: readonly string[]): Block {
  const text = lines.join("\n");
  return { body: text, html: linesHtml([text.replace(/^ {2}/gm, "· ")]) };
}

/** Facts below their titles. A section longer than a message goes on in the next one. */
function cardBlocks({ title, line, sections, ballot }: CardView, max: number): Block[] {
  const [head = "", gist] = [title, ...(line === null ? [] : [line])].map(inRoomDialect);
  const below = gist === undefined ? "" : `<br>${inlineHtml(gist)}`;
  // A greeting is a sentence, and no heading.
  const bold = head.endsWith(".") ? inlineHtml(head) : `<strong>${inlineHtml(head)}</strong>`;
  return [
    {
      body: gist === undefined ? head : `${head}\n${gist}`,
      html: `<p>${bold}${below}</p>`,
    },
    ...sections
      // How to answer yes or no stands below, with its signs.
      .filter(({ id }) => id !== "voting" || ballot?.kind !== "yes-no")
      .map((section) => (section.title === title ? { ...section, title: "" } : section))
      .flatMap((section) => cardSection(section, max)),
  ];
}

/** A title without anything below it says nothing, and is left out. */
function cardSection({ title, rows, lines, ordered }: Section, max: number): Block[] {
  const items = [
    ...rows.map(({ term, detail, code }) => {
      const [name = "", told = ""] = [term, detail].map(inRoomDialect);
      const value = code ? `<code>${escapeHtml(told)}</code>` : inlineHtml(told);
      return { body: `  ${name}: ${told}`, html: `<li>${inlineHtml(name)}: ${value}</li>` };
    }),
    ...lines.map((line, at) => {
      const text = `${ordered ? `${at + 1}. ` : ""}${inRoomDialect(line)}`;
      return { body: `  ${text}`, html: `<li>${inlineHtml(text)}</li>` };
    }),
  ];
  return grouped(items, max).map((group, at) => {
    const body = group.map((item) => item.body).join("\n");
    const html = `<ul>${group.map((item) => item.html).join("")}</ul>`;
    return at > 0 || title === ""
      ? { body, html }
      : { body: `${title}\n${body}`, html: `<p><strong>${inlineHtml(title)}</strong></p>${html}` };
  });
}

/** Commands stand in a list, for screens are narrow and letters differ in width. */
function helpBlocks({ intro, commands }: HelpView, max: number): Block[] {
  const items = commands.map(({ usage, summary }) => {
    const typed = inRoomDialect(usage);
    const html = `<li><code>${escapeHtml(typed)}</code><br>${inlineHtml(summary)}</li>`;
    return { body: `${typed}\n  ${summary}`, html };
  });
  const lists = grouped(items, max).map((group) => ({
    body: group.map(({ body }) => body).join("\n"),
    html: `<ul>${group.map(({ html }) => html).join("")}</ul>`,
  }));
  return [...linesBlocks(intro.map(inRoomDialect), max), ...lists];
}

/** Items in groups of at most about `max` characters. */
function grouped(items: readonly Block[], max: number): Block[][] {
  const groups: Block[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const item of items) {
    if (length + item.body.length > max - SPARE_CHARS) {
      groups.push([]);
      length = 0;
    }
    groups.at(-1)?.push(item);
    length += item.body.length + 1;
  }
  return groups;
}

interface Block {
  readonly body: string;
  readonly html: string;
}

/** Blocks put together into messages of at most `max` characters; one that is longer is cut at the end. */
function packed(blocks: readonly Block[], max: number): Block[] {
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
    body = body === "" ? text : `${body}\n\n${text}`;
    html += markup;
  }
  if (body !== "" || messages.length === 0) messages.push({ body, html });
  return messages;
}
