import sanitizeHtml from "sanitize-html";
import { escapeHtml, markdownToHtml } from "../../views/text/markdown.ts";
import type { DisplayText } from "../../views/text/sanitise.ts";

/**
 * Tags and attributes of `org.matrix.custom.html` (client-server API, m.room.message msgtypes), without
 * pictures: nothing is loaded because a model wrote it. Links lead to http and https only.
 */
const POLICY: sanitizeHtml.IOptions = {
  allowedTags: [
    ...[
      "del",
      "h1",
      "h2",
      "h3",
      "h4",
      "h5",
      "h6",
      "blockquote",
      "p",
      "a",
      "ul",
      "ol",
      "sup",
      "sub",
    ],
    ...[
      "li",
      "b",
      "i",
      "u",
      "strong",
      "em",
      "s",
      "code",
      "hr",
      "br",
      "div",
      "table",
      "thead",
      "tbody",
    ],
    ...["tr", "th", "td", "caption", "pre", "span", "details", "summary"],
  ],
  allowedAttributes: { a: ["href"], ol: ["start"], code: ["class"] },
  allowedClasses: { code: ["language-*"] },
  allowedSchemes: ["http", "https"],
  allowProtocolRelative: false,
  disallowedTagsMode: "escape",
  // The specification's own limit on depth.
  nestingLimit: 100,
};

/** A model's Markdown as HTML that a room may show. */
export function modelHtml(text: DisplayText): string {
  return sanitizeHtml(markdownToHtml(text), POLICY).trim();
}

/** Our own lines as paragraphs; empty lines part them. */
export function linesHtml(lines: readonly string[]): string {
  const paragraphs = lines
    .join("\n")
    .split(/\n{2,}/)
    .filter((text) => text.trim() !== "")
    .map((text) => `<p>${inlineHtml(text).replaceAll("\n", "<br>")}</p>`);
  return sanitizeHtml(paragraphs.join(""), POLICY);
}

/** One line of ours: what stands between backticks is code, everything else is text. */
export function inlineHtml(text: string): string {
  return escapeHtml(text).replace(/`([^`\n]+)`/g, "<code>$1</code>");
}
