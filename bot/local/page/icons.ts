import { svg } from "lit-html";

/** Small line drawings, hidden from screen readers: the words stand beside them. */
const icon = (path: ReturnType<typeof svg>) =>
  svg`<svg class="icon" viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" focusable="false">${path}</svg>`;

export const sendIcon = icon(svg`<path d="M10 16V4.500M5 9.500l5-5 5 5" />`);
export const replyIcon = icon(svg`<path d="M8 5 3.5 9.5 8 14M4 9.500h6.500c3.5 0 6 2 6 5.5" />`);
export const againIcon = icon(svg`<path d="M15.5 6.500A6.5 6.5 0 1 0 16.5 11M16 3v4h-4" />`);
export const stopIcon = icon(svg`<rect x="5.5" y="5.5" width="9" height="9" rx="1.5" />`);
export const whereIcon = icon(
  svg`<circle cx="5" cy="10" r="2.2" /><circle cx="15" cy="5" r="2.2" /><circle cx="15" cy="15" r="2.2" /><path d="M7 9l6-3M7 11l6 3" />`,
);
export const closeIcon = icon(svg`<path d="M5 5l10 10M15 5 5 15" />`);
export const saveIcon = icon(svg`<path d="M10 3.500V12M6.5 9 10 12.5 13.5 9M4 16.500h12" />`);
export const flagIcon = icon(svg`<path d="M5 17V4h9l-2 3.500 2 3.500H5" />`);
export const lockIcon = icon(
  svg`<rect x="5" y="9" width="10" height="7.5" rx="2" /><path d="M7.2 9V6.800a2.8 2.8 0 0 1 5.6 0V9" />`,
);
export const mark = svg`<svg class="mark" viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" focusable="false">
  <rect class="mark-ground" width="32" height="32" rx="9" />
  <path class="mark-roots" d="M16 5.500v8.500M16 14c0 4-6.5 3.5-6.5 9M16 14c0 4 6.5 3.5 6.5 9M16 14v12" />
  <g class="mark-tips"><circle cx="9.5" cy="24.5" r="2.3" /><circle cx="22.5" cy="24.5" r="2.3" /><circle cx="16" cy="26.5" r="2.3" /></g>
</svg>`;
