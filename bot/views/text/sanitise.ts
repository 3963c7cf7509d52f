declare const displayText: unique symbol;
/**
 * Text that went through `sanitiseText` or `sanitiseLine`. Views hold only such text, so that no door can
 * forget: model output, prompts and the names volunteers choose are hostile until proven plain.
 */
export type DisplayText = string & { readonly [displayText]: true };

/** Zero-width space: what we put after the @ of a mention so that no platform reads one. */
const BREAK = "\u200b";

/**
 * What can hide, reorder or fake text (Unicode TR 36 and TR 39): controls, bidi embeddings, overrides and
 * isolates, zero-width and filler characters, tags, interlinear annotations. Line feed and tab stay;
 * joiners and emoji's variation selectors are looked at below.
 */
const INVISIBLE =
  /[[\p{Default_Ignorable_Code_Point}\p{Cc}\ufff9-\ufffb]--[\n\t\u200c\u200d\ufe0e\ufe0f]]/gv;
/** Joiners are letters' business in Persian or Hindi, and emoji's; anywhere else they only hide things. */
const STRAY_JOINER =
  /(?<!\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|[\p{Script=Arab}\p{Script=Syrc}\p{Script=Deva}\p{Script=Beng}\p{Script=Guru}\p{Script=Gujr}\p{Script=Orya}\p{Script=Taml}\p{Script=Telu}\p{Script=Knda}\p{Script=Mlym}\p{Script=Sinh}\p{Script=Khmr}\p{Script=Mymr}])[\u200c\u200d]+|(?<=[\u200c\u200d])[\u200c\u200d]+/gu;
/** Variation selectors 15 and 16 choose text or emoji form, and mean nothing elsewhere. */
const STRAY_VARIATION = /(?<![\p{Emoji}])[\ufe0e\ufe0f]/gu;
/** More marks on one letter than any script needs (Unicode TR 36: stacked marks run over other lines). */
const STACKED_MARKS = /(\p{M}{4})\p{M}+/gu;
/** What Discord and Matrix turn into a mention of everybody. */
const EVERYBODY = /@(?=everyone|here|room|channel|all\b)/gi;
/** Discord's mention tokens: <@1>, <@!1>, <@&1>, <#1>, </name:1>, <id:customize>. */
const MENTION_TOKEN = /<(?=@[!&]?\d|#\d|\/[^<>\n]{1,80}:\d|id:\w)/g;

/**
 * Makes text from a stranger safe to show in any room: nothing invisible, no reordering, nothing that pings.
 * Line feeds and tabs stay, CR LF and Unicode line separators become line feeds. Idempotent.
 * It escapes no markup; that is each renderer's work (markdown.ts for HTML).
 */
export function sanitiseText(text: string): DisplayText {
  return plain(text)
    .replace(EVERYBODY, `@${BREAK}`)
    .replace(MENTION_TOKEN, `<${BREAK}`) as DisplayText;
}

/** The name under which answers pass through; the same rules as for all text from strangers. */
export const sanitiseModelText = sanitiseText;

/** A name or a sentence on one line, at most `maxChars` UTF-16 units, `…` where it was cut. */
export function sanitiseLine(text: string, maxChars = 200): DisplayText {
  const line = sanitiseText(text).replace(/\s+/g, " ").trim();
  if (line.length <= maxChars) return line as DisplayText;
  return `${line
    .slice(0, maxChars - 1)
    .toWellFormed()
    .replace(/\ufffd$/, "")}…` as DisplayText;
}

function plain(text: string): string {
  let before: string;
  let now = text
    .toWellFormed()
    .replace(/\r\n?|[\u2028\u2029]|(?![\n\t])[\p{Cc}&&\s]/gv, "\n")
    .replace(INVISIBLE, "");
  // Taking one stray away can make a neighbour stray: repeat until nothing changes.
  do {
    before = now;
    now = now.replace(STRAY_JOINER, "").replace(STRAY_VARIATION, "").replace(STACKED_MARKS, "$1");
  } while (now !== before);
  return now;
}
