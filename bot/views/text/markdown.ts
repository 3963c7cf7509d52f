import MarkdownIt, { type Token } from "markdown-it";
import type { DisplayText } from "./sanitise.ts";

/**
 * Markdown from strangers to HTML that is safe in a page: raw HTML is shown, not run; links lead only to
 * http and https, name their real host, and open away from the page; images become such links, so that
 * nothing is loaded from anywhere; headings become bold paragraphs and leave the page's outline alone.
 */
const markdown = new MarkdownIt({ html: false, linkify: true, breaks: true, typographer: false });
markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false });
markdown.disable("image");
markdown.validateLink = (url) => hostOf(url) !== null;

markdown.renderer.rules.link_open = (tokens, at) => {
  const href = String(tokens[at]?.attrGet("href") ?? "");
  return `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer nofollow ugc">`;
};
markdown.renderer.rules.link_close = (tokens, at) => {
  const open = openingOf(tokens, at);
  const href = String(tokens[open]?.attrGet("href") ?? "");
  const label = tokens
    .slice(open + 1, at)
    .map((token) => token.content)
    .join("");
  const host = hostOf(href);
  const tellsTheTruth = label === href && !href.includes("@");
  return host && !tellsTheTruth
    ? `</a> <span class="link-host">(${escapeHtml(host)})</span>`
    : "</a>";
};
markdown.renderer.rules.heading_open = () => `<p class="heading"><strong>`;
markdown.renderer.rules.heading_close = () => "</strong></p>\n";
// What scrolls sideways must be reachable by keyboard (WCAG 2.1.1).
markdown.renderer.rules.fence = (tokens, at) => codeBlock(tokens[at]);
markdown.renderer.rules.code_block = (tokens, at) => codeBlock(tokens[at]);
markdown.renderer.rules.table_open = () => `<div class="table" tabindex="0"><table>\n`;
markdown.renderer.rules.table_close = () => "</table></div>\n";

/** HTML of a text that was sanitised. The markup holds no attribute but href, class, tabindex, target, rel, start and text alignment classes. */
export function markdownToHtml(text: DisplayText): string {
  return markdown.render(text).replace(/ style="text-align:(left|center|right)"/g, ' class="$1"');
}

/** Escapes text for HTML content and double-quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** Host a link leads to, in the ASCII form that no look-alike letter can fake; null for what we never link. */
function hostOf(href: string): string | null {
  try {
    const url = new URL(href);
    return url.protocol === "http:" || url.protocol === "https:" ? url.host : null;
  } catch {
    return null;
  }
}

function openingOf(tokens: readonly Token[], close: number): number {
  for (let at = close - 1; at >= 0; at--) if (tokens[at]?.type === "link_open") return at;
  return close;
}

function codeBlock(token: Token | undefined): string {
  return `<pre tabindex="0"><code>${escapeHtml(token?.content ?? "")}</code></pre>\n`;
}
