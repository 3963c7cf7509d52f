import { splitMessage } from "../../stream/split.ts";
import { tablesToCode } from "./tables.ts";

/** Zero-width space. It breaks what Discord would parse, is not seen, and survives every cut. */
export const BREAK = "\u200b";

/**
 * Text from a model as Discord's Markdown that can do no harm. Nothing is escaped with backslashes, because a
 * cut between a backslash and its letter would undo it. Outside code: no link hides behind other text, no
 * token becomes a mention, time or emoji, no invite gets a preview, nothing imitates the small print or
 * quotes what follows. Code fences stand alone on their lines, hold no fence, are never empty and always
 * closed; tables, which Discord does not draw, become code or lists. Only zero-width spaces, fences and
 * table rules are added or taken away.
 */
export function discordMarkdown(text: string): string {
  const out: string[] = [];
  let code: { readonly mark: string; readonly lines: string[]; readonly language: string } | null =
    null;
  let prose: string[] = [];
  const endProse = () => {
    if (prose.length > 0) out.push(...tablesToCode(prose).map(proseBlock));
    prose = [];
  };
  for (const line of text.split("\n")) {
    const fence = /^\s*(`{3,}|~{3,})\s*([^\n]*)$/.exec(line);
    const [, mark = "", info = ""] = fence ?? [];
    if (code) {
      const closes = mark[0] === code.mark[0] && mark.length >= code.mark.length && info === "";
      if (!closes) code.lines.push(line);
      else {
        out.push(codeBlock(code.language, code.lines));
        code = null;
      }
    } else if (fence && !info.includes("`")) {
      endProse();
      code = { mark, lines: [], language: languageOf(info) };
    } else prose.push(line);
  }
  endProse();
  if (code) out.push(codeBlock(code.language, code.lines));
  return out.join("\n");
}

/** The text of `discordMarkdown` as parts of at most `maxChars`; blank parts are left out. */
export function discordParts(text: string, maxChars: number): string[] {
  const parts = splitMessage(discordMarkdown(text), maxChars - 1)
    .map(fillEmptyFence)
    .filter((part) => part.replaceAll(BREAK, "").trim() !== "");
  return parts.length > 0 ? parts : [""];
}

/** A name, a sentence or a value on one line, shown as it is: no markup of Discord works in it. */
export function plainLine(text: string): string {
  return text
    .replaceAll("`", "'")
    .split(/(\s+)/)
    .map((word) => (/^https?:\/\//.test(word) ? harmless(word) : escaped(word)))
    .join("");
}

/** Takes away what `plainLine` and `discordMarkdown` added; for tests and for reading our own messages. */
export function withoutMarks(text: string): string {
  return text.replaceAll(BREAK, "").replace(/\\([^0-9A-Za-z\s])/g, "$1");
}

type Block = { readonly code: readonly string[] } | { readonly prose: string };

function proseBlock(block: Block): string {
  return "code" in block ? codeBlock("", block.code) : harmless(block.prose);
}

function codeBlock(language: string, lines: readonly string[]): string {
  const body = lines.join("\n").replace(/`(?=`)/g, `\`${BREAK}`);
  return `\`\`\`${language}\n${body}\n\`\`\``;
}

/** What Discord takes for a language; anything else would be shown as code. */
function languageOf(info: string): string {
  const word = info.trim().split(/\s+/)[0] ?? "";
  return /^[a-z0-9_+\-.#]{1,20}$/i.test(word) ? word : "";
}

function harmless(text: string): string {
  return text
    .replace(/`(?=``)|(?<=``)`/g, `${BREAK}\`${BREAK}`)
    .replace(/~(?=~~)|(?<=~~)~/g, `${BREAK}~${BREAK}`)
    .replaceAll("](", `]${BREAK}(`)
    .replace(/<(?=[@#:/&]|a:|t:|id:|sound:)/gi, `<${BREAK}`)
    .replace(/@(?=everyone|here)/gi, `@${BREAK}`)
    .replace(/discord(?=\.(?:gg|gift|new)\b)/gi, `discord${BREAK}`)
    .replace(
      /(discord(?:app)?)(?=\.com\/(?:invite|gifts|template|billing|events)\b)/gi,
      `$1${BREAK}`,
    )
    .replaceAll("-#", `-${BREAK}#`)
    .replace(/>(?=>>)/g, `>${BREAK}`);
}

function escaped(word: string): string {
  return harmless(word.replace(/[\\*_~|[\]<>@#]/g, "\\$&"));
}

/** Two fences around nothing are no code block for Discord, and would pair with the next one. */
function fillEmptyFence(part: string): string {
  return part.replace(/^(```[^\n`]*\n)(\s*)(?=```$)/gm, (_, open: string, space: string) =>
    space.trim() === "" ? `${open}${BREAK}\n` : open + space,
  );
}
