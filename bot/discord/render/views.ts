import type { Bitmap } from "../../views/pictures/bitmap.ts";
import { provenanceSvg } from "../../views/pictures/provenance.ts";
import { plainLines } from "../../views/plain.ts";
import type {
  Action,
  AnswerView,
  CardView,
  HelpView,
  ModelsView,
  NoticeView,
  PoolView,
  ProvenanceView,
  Section,
  View,
} from "../../views/view.ts";
import type { Words } from "../../words/catalogue.ts";
import { discordParts, plainLine } from "./markdown.ts";
import { BODY_MAX, type Form, type ShownButton, type ShownMessage } from "./message.ts";

/** Messages one view may take up; what is longer comes as a file. */
const MOST_MESSAGES = 3;

const EMPTY: Omit<ShownMessage, "kind"> = {
  body: "",
  status: null,
  notices: [],
  footer: null,
  buttons: [],
  menus: [],
  files: [],
};

export interface Rendering {
  readonly form: Form;
  readonly words: Words;
  /** A thread can be started at this answer. */
  readonly threads: boolean;
  /** The view's picture, where it was drawn. */
  readonly picture?: Bitmap | null;
}

/** A view as one or more messages, in order. */
export function messagesOf(view: View, rendering: Rendering): ShownMessage[] {
  switch (view.kind) {
    case "answer":
      return answerMessages(view, rendering);
    case "provenance":
      return provenanceMessages(view, rendering);
    case "pool":
      return withPicture(listMessages("pool", view, poolText(view), rendering), rendering, "pool");
    case "models":
      return listMessages("models", view, modelsText(view), rendering);
    case "help":
      return listMessages("help", view, helpText(view, rendering.words), rendering);
    case "card":
      return withPicture(cardMessages(view, rendering), rendering, "result");
    case "notice":
      return [noticeMessage(view)];
  }
}

/** One sentence, as the whole message. */
export function noticeMessage({ tone, text }: Pick<NoticeView, "tone" | "text">): ShownMessage {
  return { ...EMPTY, kind: tone === "error" ? "error" : "notice", body: plainLine(text) };
}

function answerMessages(view: AnswerView, { form, words, threads }: Rendering): ShownMessage[] {
  const parts = discordParts(view.text, BODY_MAX[form]);
  const shown = parts.slice(0, MOST_MESSAGES);
  const long = parts.length > MOST_MESSAGES;
  const notices = view.notices.map(plainLine);
  if (long) notices.unshift(view.final ? words.whole_as_file : words.goes_on);
  const file = { name: "answer.md", bytes: new TextEncoder().encode(`${view.text}\n`) };
  return shown.map((body, at) =>
    at < shown.length - 1
      ? { ...EMPTY, kind: "answer", body }
      : {
          kind: "answer",
          body,
          status: view.status === null ? null : plainLine(view.status),
          notices,
          footer: view.footer === null ? null : plainLine(view.footer),
          buttons: answerButtons(view, words, threads),
          menus: [],
          files: long && view.final ? [file] : [],
        },
  );
}

function actionButton({ id, label }: Action): ShownButton {
  const style = ASKED_FOR.test(id) ? "main" : (STYLE[id.split(":")[0] ?? ""] ?? "quiet");
  return { customId: id, label, style };
}

/** What a proposal's card asks its reader for; yes and no look alike. */
const ASKED_FOR = /^gov:\d+:(?:vote|yes|no|abstain|back)\b/;

const STYLE: Readonly<Record<string, ShownButton["style"]>> = { where: "main", stop: "danger" };

function answerButtons(view: AnswerView, words: Words, threads: boolean): ShownButton[] {
  const buttons = view.actions.map(actionButton);
  if (!threads || !view.final || view.footer === null) return buttons;
  const thread = { customId: `thread:${view.jobId}`, label: words.button_thread, style: "quiet" };
  // What goes on stands before what complains.
  const at = buttons.findIndex(({ customId }) => customId.startsWith("report:"));
  return buttons.toSpliced(at === -1 ? buttons.length : at, 0, thread as ShownButton);
}

/** What stands in the message, in this order; a file has all of it. */
const TOLD_FIRST = ["model", "sampler", "verify", "nodes"];
/** There is no line below such a body but that the file holds the rest. */
const ORIGIN_MAX = { card: 3600, plain: BODY_MAX.plain } as const;

/** One message that fits a phone: the gist, which checks ran and which did not, the picture; the rest as a file. */
function provenanceMessages(
  view: ProvenanceView,
  { form, words, picture }: Rendering,
): ShownMessage[] {
  const ran = view.checks
    .filter(({ state }) => state !== "not run")
    .map(({ title, state, stateInWords, detail }) => {
      const told = state === "passed" ? title : `${title}. ${detail}`;
      return `- **${stateInWords}**: ${plainLine(told)}`;
    });
  const notRun = view.checks
    .filter(({ state }) => state === "not run")
    .map(({ title, detail }) => `- ${plainLine(`${title}. ${detail}`)}`);
  const sections = TOLD_FIRST.flatMap((id) => view.sections.filter((one) => one.id === id));
  const blocks = [
    picture ? plainLine(view.summary) : plainLine(`${view.summary} ${view.pictureInWords}`),
    [`**${view.checkTitles.ran}**`, ...(ran.length > 0 ? ran : [view.checkTitles.noneRan])].join(
      "\n",
    ),
    [
      `**${view.checkTitles.notRun}**`,
      ...(notRun.length > 0 ? notRun : [view.checkTitles.allRan]),
    ].join("\n"),
    ...sections.map((each) => sectionText(each)),
  ];
  const name = `where-from-${view.receiptId}`;
  const text = new TextEncoder().encode(`${plainLines(view).join("\n")}\n`);
  const drawn = picture
    ? { name: `${name}.png`, bytes: picture.png, alt: picture.alt }
    : { name: `${name}.svg`, bytes: new TextEncoder().encode(provenanceSvg(view, "across")) };
  return [
    {
      ...EMPTY,
      kind: "provenance",
      body: packedBlocks([fitting(blocks, ORIGIN_MAX[form])], ORIGIN_MAX[form])[0] ?? "",
      notices: [words.rest_as_file],
      buttons: [{ customId: `export:${view.jobId}`, label: words.button_export, style: "main" }],
      files: [{ name: `${name}.txt`, bytes: text }, drawn],
    },
  ];
}

/** The first blocks that fit together; the very first always. */
function fitting(blocks: readonly string[], max: number): string {
  let text = blocks[0] ?? "";
  for (const block of blocks.slice(1)) {
    if (text.length + block.length + 2 > max) break;
    text += `\n\n${block}`;
  }
  return text;
}

/** Facts with buttons and lists; below the last message of it. */
function cardMessages(view: CardView, rendering: Rendering): ShownMessage[] {
  const blocks = [
    [`**${plainLine(view.title)}**`, ...(view.line === null ? [] : [plainLine(view.line)])].join(
      "\n",
    ),
    ...view.sections
      .filter(({ typing }) => !(typing && (view.menus?.length || view.actions.length > 0)))
      .map((each) => sectionText(each, isNamedTwice(each, view))),
  ];
  const shown = packedMessages("card", view.id, view, blocks, rendering);
  const last = shown.pop() as ShownMessage;
  return [...shown, { ...last, buttons: view.actions.map(actionButton), menus: view.menus ?? [] }];
}

/** Blocks as messages; where they are too many, the last one says so and has everything as a file. */
function packedMessages(
  kind: "card" | "pool" | "models" | "help",
  name: string,
  view: View,
  blocks: readonly string[],
  { form, words }: Rendering,
): ShownMessage[] {
  const packed = packedBlocks(blocks, BODY_MAX[form]);
  const shown = packed
    .slice(0, MOST_MESSAGES)
    .map((body): ShownMessage => ({ ...EMPTY, kind, body }));
  if (packed.length <= MOST_MESSAGES) return shown;
  const bytes = new TextEncoder().encode(`${plainLines(view).join("\n")}\n`);
  const file = { name: `${name.replace(/[^\w-]+/g, "-")}.txt`, bytes };
  const last = shown.pop() as ShownMessage;
  return [...shown, { ...last, notices: [words.card_as_file], files: [file] }];
}

/** Its only row, or its card, is called the same. */
function isNamedTwice({ title, rows }: Section, view: CardView): boolean {
  return title === view.title || (rows.length === 1 && rows[0]?.term === title);
}

/** `untitled`: what stands above it says the same. */
function sectionText({ title, rows, lines, ordered }: Section, untitled = false): string {
  const told = rows.map(({ term, detail, code, at }) => {
    // Discord shows `<t:…>` in its reader's own time.
    const shown = at === undefined ? plainLine(detail) : `<t:${Math.floor(at / 1000)}:f>`;
    return `- ${plainLine(term)}: ${code ? inCode(detail) : shown}`;
  });
  const below = lines.map((line, at) => (ordered ? `${at + 1}. ` : "") + plainLine(line));
  return [...(untitled ? [] : [`**${plainLine(title)}**`]), ...told, ...below].join("\n");
}

/** A digest or key in a fixed-width face. */
function inCode(text: string): string {
  return `\`${text.replaceAll("`", "'")}\``;
}

/** Blocks put together into bodies of at most `max` characters; a block that is longer is cut at line ends. */
function packedBlocks(blocks: readonly string[], max: number): string[] {
  const packed: string[] = [];
  let body = "";
  for (const line of blocks.join("\n\n").split("\n")) {
    const piece = line.length > max ? `${line.slice(0, max - 1)}…` : line;
    if (body.length + piece.length + 1 > max) {
      packed.push(body.trim());
      body = "";
    }
    body += `${piece}\n`;
  }
  if (body.trim() !== "") packed.push(body.trim());
  return packed;
}

function listMessages(
  kind: "pool" | "models" | "help",
  view: View,
  lines: readonly string[],
  rendering: Rendering,
): ShownMessage[] {
  return packedMessages(kind, kind, view, [lines.join("\n")], rendering);
}

/** The last of these messages with the view's picture below it, if there is one. */
function withPicture(
  messages: ShownMessage[],
  { picture }: Rendering,
  name: string,
): ShownMessage[] {
  const last = messages.at(-1);
  if (!picture || !last) return messages;
  const file = { name: `${name}.png`, bytes: picture.png, alt: picture.alt };
  return [...messages.slice(0, -1), { ...last, files: [...last.files, file] }];
}

function poolText(view: PoolView): string[] {
  const lines = [`**${plainLine(view.name)}**: ${plainLine(view.line)}`];
  if (view.defaultLine !== null) lines.push(plainLine(view.defaultLine));
  for (const { online, name, places, told } of view.nodes) {
    const line = plainLine(`${places} · ${told}`);
    lines.push(`- ${online ? "🟢" : "⚪"} **${plainLine(name)}**: ${line}`);
  }
  for (const { told } of view.fetches) lines.push(`- ${plainLine(told)}`);
  const hour = view.lastHour.map(({ term, detail }) => `${term}: ${detail}`).join(" · ");
  lines.push(`${view.lastHourTitle}: ${plainLine(hour)}`);
  return lines;
}

function modelsText(view: ModelsView): string[] {
  if (view.none !== null) return [view.none];
  return view.models.map(({ name, size, lineage, online, mark }) => {
    const told = [size, lineage, online].filter((part) => part !== null);
    const usual = mark === null ? "" : ` (${mark})`;
    return `- **${plainLine(name)}**${usual}: ${plainLine(told.join(" · "))}`;
  });
}

function helpText(view: HelpView, words: Words): string[] {
  return [
    ...view.intro.map(plainLine),
    "",
    ...view.commands.map(({ usage, summary }) => {
      // Discord shows by itself what a command takes; of several that begin alike it knows the bare one as `show`.
      const name = usage.replace(/ [<[-].*$/, "");
      const bare = view.commands.some((one) => one.usage.startsWith(`${name} `) && name === usage);
      return `- ${inCode(bare ? `${name} ${words.command_bare_name}` : name)} ${plainLine(summary)}`;
    }),
  ];
}
