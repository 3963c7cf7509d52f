import type { APIAttachment, APIMessage } from "discord-api-types/v10";
import type { World } from "./world.ts";

type Loose = Record<string, unknown>;

/** Message flags the emulator looks at. */
export const FLAG = { suppressEmbeds: 1 << 2, ephemeral: 1 << 6, loading: 1 << 7, card: 1 << 15 };

/** A new, empty message of an author. */
export function newMessage(
  world: World,
  channelId: string,
  author: APIMessage["author"],
  extra: object,
  nowMs: number,
): APIMessage {
  return {
    id: world.id(),
    channel_id: channelId,
    type: 0,
    author,
    content: "",
    timestamp: new Date(nowMs).toISOString(),
    edited_timestamp: null,
    tts: false,
    mention_everyone: false,
    mentions: [],
    mention_roles: [],
    attachments: [],
    embeds: [],
    components: [],
    pinned: false,
    flags: 0,
    ...extra,
  } as unknown as APIMessage;
}

/** Applies the body of a create or edit request to a message, as Discord keeps it. */
export function applyBody(
  message: APIMessage,
  body: Loose,
  files: readonly APIAttachment[],
): APIMessage {
  const changed = { ...message } as unknown as Loose;
  if (body.content !== undefined) changed.content = body.content ?? "";
  if (body.flags !== undefined) {
    const kept = (message.flags ?? 0) & FLAG.ephemeral;
    changed.flags = kept | Number(body.flags);
  }
  if (files.length > 0) changed.attachments = files;
  if (body.components !== undefined) {
    let next = 1;
    const taken = idsIn(body.components);
    const fresh = () => {
      while (taken.has(next)) next++;
      return next++;
    };
    const parts = (body.components as Loose[] | null) ?? [];
    changed.components = parts.map((one) => storedPart(one, files, fresh));
  }
  return changed as unknown as APIMessage;
}

function idsIn(components: unknown): Set<unknown> {
  const found = new Set<unknown>();
  for (const one of (components as Loose[] | null) ?? []) {
    if (typeof one.id === "number") found.add(one.id);
    for (const id of idsIn(one.components)) found.add(id);
  }
  return found;
}

function storedPart(part: Loose, files: readonly APIAttachment[], fresh: () => number): Loose {
  const own: Loose = { ...part, id: part.id ?? fresh() };
  if (part.components) {
    own.components = (part.components as Loose[]).map((one) => storedPart(one, files, fresh));
  }
  if (part.type === 3) return { min_values: 1, max_values: 1, disabled: false, ...own };
  if (part.type === 14) return { spacing: 1, divider: true, ...own };
  if (part.type === 17) return { accent_color: null, spoiler: false, ...own };
  if (part.type === 12) {
    const items = part.items as { media: { url: string }; description?: string }[];
    own.items = items.map(({ media, description }) => {
      const file = files.find(({ filename }) => media.url === `attachment://${filename}`);
      const kept = file
        ? { id: file.id, url: file.url, proxy_url: file.url, attachment_id: file.id }
        : media;
      return { media: kept, description: description ?? null, spoiler: false };
    });
    return own;
  }
  if (part.type === 13) {
    const { url } = part.file as { url: string };
    const file = files.find(({ filename }) => url === `attachment://${filename}`);
    if (!file) return own;
    const media = { id: file.id, url: file.url, proxy_url: file.url, attachment_id: file.id };
    return { ...own, file: media, name: file.filename, size: file.size, spoiler: false };
  }
  return own;
}
