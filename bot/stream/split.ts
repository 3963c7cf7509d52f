/**
 * Splits Markdown into messages of at most `maxChars` UTF-16 units: between paragraphs, else between lines,
 * else between words, else between characters. A code fence that is cut is closed at the end of its part and
 * opened again, with its language, at the start of the next; room for both is kept free
 * (agentscope-ai/QwenPaw#2976 forgot the closer). Nothing is lost: the parts, without the fences added here
 * and the white space at the cuts, are the text. Growing text keeps its earlier cuts as long as the fences
 * above them stay, so a stream of edits rewrites the last part only.
 */
export function splitMessage(text: string, maxChars: number): string[] {
  if (maxChars < 64)
    throw new RangeError(`a message of ${maxChars} characters is too small to split`);
  const parts: string[] = [];
  let rest = text;
  let fence: Fence | null = null;
  for (;;) {
    const opener: string = fence ? `${fence.opener}\n` : "";
    if (opener.length + rest.length <= maxChars) {
      if (rest !== "" || parts.length === 0) parts.push(opener + rest);
      return parts;
    }
    const { cut, after }: Cut = bestCut(rest, fence, maxChars - opener.length);
    const body = rest.slice(0, cut);
    const open: Fence | null = after;
    const closer: string = open ? `${body.endsWith("\n") ? "" : "\n"}${open.mark}` : "";
    parts.push(opener + body + closer);
    rest = rest.slice(cut);
    if (rest.startsWith("\n")) rest = rest.slice(1);
    fence = open;
  }
}

interface Fence {
  /** The backticks or tildes that close it. */
  readonly mark: string;
  /** Its first line, shortened where its info string is absurdly long. */
  readonly opener: string;
}

interface Cut {
  readonly cut: number;
  /** The fence that is open at the cut. */
  readonly after: Fence | null;
}

const MAX_OPENER = 24;

/** The best place to cut within `room` characters, closer included. */
function bestCut(text: string, fence: Fence | null, room: number): Cut {
  let open = fence;
  let at = 0;
  let line: Cut | null = null;
  let paragraph: Cut | null = null;
  while (at < text.length) {
    const end = text.indexOf("\n", at);
    const stop = end === -1 ? text.length : end;
    const after: Fence | null = fenceAfter(text.slice(at, stop), open);
    if (stop + closerLength(after) > room) break;
    if (stop > 0) {
      line = { cut: stop, after };
      if (after === null && text[stop + 1] === "\n") paragraph = line;
    }
    at = stop + 1;
    open = after;
  }
  // A paragraph's end in the first third would waste the message; a line's end uses it better.
  if (paragraph && paragraph.cut >= room / 3) return paragraph;
  if (line && line.cut >= room / 3) return line;
  const midLine = room - closerLength(open);
  const space = text.lastIndexOf(" ", midLine - 1) + 1;
  // Inside an opening fence line nothing may be cut: the line before it is the only choice.
  if (line && isFenceLine(text.slice(line.cut + 1).split("\n", 1)[0] ?? "")) return line;
  const words = clearOfFences(text, space > midLine / 2 ? space : wholeCharacters(text, midLine));
  return words > (line?.cut ?? 0) ? { cut: words, after: open } : (line as Cut);
}

/** Backticks in the middle of a line must not become the start of one: then they would open or close a fence. */
function clearOfFences(text: string, cut: number): number {
  let at = cut;
  while (at > 1 && isFenceLine(text.slice(at, at + 16))) {
    at = wholeCharacters(text, text.slice(0, at).trimEnd().length - 1);
  }
  return at > 1 ? at : cut;
}

function fenceAfter(line: string, open: Fence | null): Fence | null {
  const match = /^ {0,3}(`{3,}|~{3,})\s*([^\n]*)$/.exec(line);
  if (!match) return open;
  const [, mark = "", info = ""] = match;
  if (open) {
    const closes =
      mark[0] === open.mark[0] && mark.length >= open.mark.length && info.trim() === "";
    return closes ? null : open;
  }
  if (mark.length > 8 || (mark[0] === "`" && info.includes("`"))) return open;
  const opener = `${mark}${info.trim()}`;
  return { mark, opener: opener.length <= MAX_OPENER ? opener : mark };
}

function isFenceLine(line: string): boolean {
  return /^ {0,3}(`{3,}|~{3,})/.test(line);
}

function closerLength(fence: Fence | null): number {
  return fence ? fence.mark.length + 1 : 0;
}

/** Never between the halves of a surrogate pair. */
function wholeCharacters(text: string, at: number): number {
  const unit = text.charCodeAt(at - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? at - 1 : at;
}
