import {
  type APIMessageTopLevelComponent,
  ButtonStyle,
  ComponentType,
  MessageFlags,
  type RESTPostAPIChannelMessageJSONBody,
} from "discord.js";
import type { Menu } from "../../views/view.ts";

export interface ShownButton {
  readonly customId: string;
  readonly label: string;
  readonly style: "main" | "quiet" | "danger";
}

export interface ShownFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Set for a picture that is shown in the message: what one would see. */
  readonly alt?: string;
}

/** One message of ours before it takes a form: a card, or plain text where cards cannot be used. */
export interface ShownMessage {
  /** What it shows; names the parts of the card (PART). */
  readonly kind: keyof typeof KIND;
  /** Safe Markdown; may be empty. */
  readonly body: string;
  /** What is going on, and what happened on the way; safe Markdown lines. */
  readonly status: string | null;
  readonly notices: readonly string[];
  /** The quiet line of provenance. */
  readonly footer: string | null;
  readonly buttons: readonly ShownButton[];
  readonly menus: readonly Menu[];
  readonly files: readonly ShownFile[];
}

/** Numbers of the parts of our cards, so that a card can be read again: by us after a restart, by tests. */
export const PART = { body: 2, status: 3, notices: 4, footer: 5 } as const;
/** Number of the container by what it shows. */
export const KIND = {
  answer: 100,
  provenance: 200,
  pool: 300,
  models: 400,
  help: 500,
  card: 550,
  notice: 600,
  error: 700,
} as const;

/** Characters for the body; the rest of Discord's 4,000 (cards) or 2,000 (plain) is for the lines below. */
export const BODY_MAX = { card: 3000, plain: 1400 } as const;
const BELOW_MAX = { card: 960, plain: 560 } as const;

type Body = Pick<
  RESTPostAPIChannelMessageJSONBody,
  "content" | "components" | "flags" | "allowed_mentions"
>;

/** Nobody is ever pinged by us, whatever a text says. */
export const SILENT = { parse: [] };

/** Form of a message: a card (Components V2), or plain text. */
export type Form = "card" | "plain";

/** The body of a create or edit request. */
export function bodyOf(message: ShownMessage, form: Form): Body {
  const { notices, footer, status } = fitted(message, BELOW_MAX[form]);
  const rows = [...menuRows(message.menus), ...buttonRows(message.buttons)];
  if (form === "plain") {
    const below = [status, ...notices, footer].filter((line) => line !== null);
    const small = below.map((line) => `-# ${line}`).join("\n");
    const content = [message.body, small].filter((part) => part !== "").join("\n");
    return {
      content: content === "" ? "…" : content,
      components: rows,
      flags: MessageFlags.SuppressEmbeds,
      allowed_mentions: SILENT,
    };
  }
  const text = (id: number, content: string) => ({ type: ComponentType.TextDisplay, id, content });
  const parts: object[] = [];
  if (message.body !== "") parts.push(text(PART.body, message.body));
  if (status !== null) parts.push(text(PART.status, `-# ${status}`));
  if (notices.length > 0) {
    parts.push(text(PART.notices, notices.map((line) => `-# ${line}`).join("\n")));
  }
  if (footer !== null) {
    if (parts.length > 0) parts.push({ type: ComponentType.Separator });
    parts.push(text(PART.footer, `-# ${footer}`));
  }
  for (const { name, alt } of message.files) {
    const url = `attachment://${name}`;
    if (alt === undefined) parts.push({ type: ComponentType.File, file: { url } });
    else {
      const items = [{ media: { url }, description: alt.slice(0, 1024) }];
      parts.push({ type: ComponentType.MediaGallery, items });
    }
  }
  if (parts.length === 0) parts.push(text(PART.status, "-# …"));
  parts.push(...rows);
  const container = { type: ComponentType.Container, id: KIND[message.kind], components: parts };
  return {
    components: [container] as unknown as APIMessageTopLevelComponent[],
    flags: MessageFlags.IsComponentsV2,
    allowed_mentions: SILENT,
  };
}

/** The lines below the body within `max` characters: the footer and the status whole, notices as they fit. */
function fitted({ notices, footer, status }: ShownMessage, max: number) {
  const cutFooter = footer === null ? null : shortened(footer, 400);
  const cutStatus = status === null ? null : shortened(status, 150);
  let room = max - (cutFooter?.length ?? 0) - (cutStatus?.length ?? 0) - 16;
  const kept: string[] = [];
  for (const notice of notices) {
    if (room < 40) break;
    const line = shortened(notice, room - 4);
    kept.push(line);
    room -= line.length + 4;
  }
  return { notices: kept, footer: cutFooter, status: cutStatus };
}

/** Never ends in half an escape or half a character. */
function shortened(line: string, max: number): string {
  if (line.length <= max) return line;
  return `${line
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/(\ufffd|\\+)$/, "")}…`;
}

const STYLES = {
  main: ButtonStyle.Primary,
  quiet: ButtonStyle.Secondary,
  danger: ButtonStyle.Danger,
} as const;

/** Rows of at most five buttons; a plain message takes five rows. */
function buttonRows(buttons: readonly ShownButton[]) {
  const rows = [];
  for (let at = 0; at < Math.min(buttons.length, 15); at += 5) {
    const components = buttons.slice(at, at + 5).map(({ customId, label, style }) => ({
      type: ComponentType.Button as const,
      style: STYLES[style],
      custom_id: customId,
      label: labelOf(label, 80),
    }));
    rows.push({ type: ComponentType.ActionRow as const, components });
  }
  return rows;
}

/** A list of at most 25 choices a row, as Discord allows. */
function menuRows(menus: readonly Menu[]) {
  return menus
    .filter(({ choices }) => choices.length > 0)
    .slice(0, 2)
    .map(({ id, label, choices }) => ({
      type: ComponentType.ActionRow as const,
      components: [
        {
          type: ComponentType.StringSelect as const,
          custom_id: id,
          placeholder: labelOf(label, 150),
          options: choices.slice(0, 25).map((choice) => ({
            value: choice.value.slice(0, 100),
            label: labelOf(choice.label, 100),
            ...(choice.hint === null ? {} : { description: labelOf(choice.hint, 100) }),
          })),
        },
      ],
    }));
}

/** Discord takes no empty label: a name may hold nothing that can be seen. */
function labelOf(text: string, max: number): string {
  const label = text.slice(0, max).toWellFormed().trim();
  return label === "" ? "…" : label;
}
