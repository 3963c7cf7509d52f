import {
  type APIMessage,
  type DiscordAPIError,
  type REST,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from "discord.js";
import { MessageGone } from "../../stream/pacer.ts";
import type { ShownFile } from "../render/message.ts";
import type { Turns } from "./turns.ts";

type Body = Pick<
  RESTPostAPIChannelMessageJSONBody,
  "content" | "components" | "flags" | "allowed_mentions"
>;

/** Somewhere to write: a channel, a direct conversation, or the replies to one interaction. */
export interface Place {
  /** The channel where messages stand; null until a direct conversation is open. */
  channelId(): string | null;
  /** How long one can write here, milliseconds; null: without end. */
  readonly lastsMs: number | null;
  /** Resolves when an edit may start here. */
  turn(): Promise<void>;
  create(body: Body, files: readonly ShownFile[]): Promise<APIMessage>;
  /** Throws MessageGone when there is nothing left to edit. */
  edit(id: string, body: Body, files: readonly ShownFile[]): Promise<APIMessage>;
  remove(id: string): Promise<void>;
}

/** Discord's numbers for what cannot be mended by trying again ("JSON Error Codes"). */
const CODE = {
  unknownChannel: 10003,
  unknownMessage: 10008,
  unknownWebhook: 10015,
  unknownInteraction: 10062,
  missingAccess: 50001,
  notYours: 50005,
  noDirect: 50007,
  missingPermissions: 50013,
  invalidToken: 50027,
} as const;
const TOKEN_DEAD = new Set<unknown>([
  CODE.unknownWebhook,
  CODE.unknownInteraction,
  CODE.invalidToken,
]);
const NO_ACCESS = new Set<unknown>([
  CODE.unknownChannel,
  CODE.missingAccess,
  CODE.missingPermissions,
  CODE.noDirect,
]);

function codeOf(error: unknown): unknown {
  return (error as DiscordAPIError | undefined)?.code;
}

/** True when we may not read or write there at all. */
export function isNoAccess(error: unknown): boolean {
  return NO_ACCESS.has(codeOf(error));
}

/** True when the token of an interaction is of no use any more. */
export function isTokenDead(error: unknown): boolean {
  return TOKEN_DEAD.has(codeOf(error));
}

/** True when Discord refused the body itself, as it does with cards where it knows none. */
export function isRefusedBody(error: unknown): boolean {
  return codeOf(error) === 50035;
}

/** Messages of a channel. `replyTo`: the message that ours answer, if it is still there. */
export function channelPlace(
  rest: REST,
  lanes: Turns,
  channel: string,
  replyTo: string | null,
): Place {
  return {
    channelId: () => channel,
    lastsMs: null,
    turn: () => lanes.take(`edit ${channel}`),
    async create(body, files) {
      await lanes.take(`post ${channel}`);
      const reference = replyTo
        ? { message_reference: { message_id: replyTo, fail_if_not_exists: false } }
        : {};
      return (await rest.post(Routes.channelMessages(channel), {
        body: { ...withFiles(body, files), ...reference },
        files: filesOf(files),
      })) as APIMessage;
    },
    async edit(id, body, files) {
      return gone(
        rest.patch(Routes.channelMessage(channel, id), {
          body: withFiles(body, files),
          files: filesOf(files),
        }),
      );
    },
    async remove(id) {
      await rest.delete(Routes.channelMessage(channel, id)).catch(ignoreGone);
    },
  };
}

/** A member's direct conversation, opened at the first message. */
export function directPlace(rest: REST, lanes: Turns, userId: string): Place {
  let opened: Place | null = null;
  async function open(): Promise<Place> {
    if (opened) return opened;
    const { id } = (await rest.post(Routes.userChannels(), {
      body: { recipient_id: userId },
    })) as { id: string };
    opened = channelPlace(rest, lanes, id, null);
    return opened;
  }
  return {
    channelId: () => opened?.channelId() ?? null,
    lastsMs: null,
    turn: async () => (await open()).turn(),
    create: async (body, files) => (await open()).create(body, files),
    edit: async (id, body, files) => (await open()).edit(id, body, files),
    remove: async (id) => (await open()).remove(id),
  };
}

/** Tokens live 15 minutes; the last one is kept for the last words. */
const TOKEN_MS = 14 * 60_000;

export interface InteractionPlaceOptions {
  readonly applicationId: string;
  readonly token: string;
  readonly channelId: string;
  /** A deferred reply waits for its content. */
  readonly deferred: boolean;
  readonly ephemeral: boolean;
  /** Discord took our acknowledgement too late: there was never a token to use. */
  readonly late?: boolean;
  /** Where to go on when the token is dead; null: nowhere. */
  readonly fallback: Place | null;
}

/**
 * Replies to one interaction.
 *
 *   deferred   the reply shows "thinking"    create → open (the reply is filled)
 *   open       create → open (a follow-up)   dead token → dead
 *   dead       everything goes to the fallback: the channel, where our replies are ordinary messages of
 *              ours, or for private ones the direct conversation, where the message is written anew
 *
 * Tokens live 15 minutes and now and then less (Rapptz/discord.py#9856, discord/discord-api-docs#6851).
 */
export function interactionPlace(
  rest: REST,
  lanes: Turns,
  options: InteractionPlaceOptions,
): Place {
  const { applicationId, token, channelId, ephemeral, fallback } = options;
  let deferred = options.deferred;
  let dead = options.late ?? false;
  /** Messages written anew elsewhere, by the id they had here. */
  const movedTo = new Map<string, string>();
  const visibility = ephemeral ? 64 : 0;
  const route = (which: string) => Routes.webhookMessage(applicationId, token, which);

  function afterDeath(error: unknown): Place {
    if (!dead && !TOKEN_DEAD.has(codeOf(error))) throw error;
    dead = true;
    if (!fallback)
      throw new MessageGone("the interaction is over and there is no other way", { cause: error });
    return fallback;
  }

  async function anew(id: string, body: Body, files: readonly ShownFile[]): Promise<APIMessage> {
    const message = await (fallback as Place).create(body, files);
    movedTo.set(id, message.id);
    return message;
  }

  async function editElsewhere(place: Place, id: string, body: Body, files: readonly ShownFile[]) {
    const moved = movedTo.get(id);
    if (moved) return place.edit(moved, body, files);
    if (ephemeral) return anew(id, body, files);
    try {
      return await place.edit(id, body, files);
    } catch (error) {
      if (codeOf(error) === CODE.notYours) return anew(id, body, files);
      throw error;
    }
  }

  return {
    lastsMs: fallback === null ? TOKEN_MS : null,
    channelId: () => (dead ? (fallback?.channelId() ?? channelId) : channelId),
    turn: () => (dead && fallback ? fallback.turn() : lanes.take(`token ${token}`)),
    async create(body, files) {
      if (dead) return afterDeath(null).create(body, files);
      try {
        if (deferred) {
          const filled = await rest.patch(route("@original"), {
            body: withFiles(body, files),
            files: filesOf(files),
            auth: false,
          });
          deferred = false;
          return filled as APIMessage;
        }
        await lanes.take(`follow ${token}`);
        return (await rest.post(Routes.webhook(applicationId, token), {
          body: { ...withFiles(body, files), flags: (body.flags ?? 0) | visibility },
          files: filesOf(files),
          auth: false,
        })) as APIMessage;
      } catch (error) {
        return afterDeath(error).create(body, files);
      }
    },
    async edit(id, body, files) {
      if (dead) return editElsewhere(afterDeath(null), id, body, files);
      try {
        return await gone(
          rest.patch(route(id), {
            body: withFiles(body, files),
            files: filesOf(files),
            auth: false,
          }),
        );
      } catch (error) {
        if (error instanceof MessageGone) throw error;
        return editElsewhere(afterDeath(error), id, body, files);
      }
    },
    async remove(id) {
      if (!dead) await rest.delete(route(id), { auth: false }).catch(ignoreGone);
      else if (id !== "@original" && (!ephemeral || movedTo.has(id)))
        await fallback?.remove(movedTo.get(id) ?? id);
    },
  };
}

async function gone(request: Promise<unknown>): Promise<APIMessage> {
  try {
    return (await request) as APIMessage;
  } catch (error) {
    if (codeOf(error) === CODE.unknownMessage || NO_ACCESS.has(codeOf(error))) {
      throw new MessageGone(String(error), { cause: error });
    }
    throw error;
  }
}

function ignoreGone(error: unknown): void {
  const code = codeOf(error);
  const over = code === CODE.unknownMessage || TOKEN_DEAD.has(code) || NO_ACCESS.has(code);
  if (!over) throw error;
}

/** Names the files, so that they replace those of an earlier try instead of joining them. */
function withFiles(body: Body, files: readonly ShownFile[]): object {
  if (files.length === 0) return body;
  const attachments = files.map(({ name, alt }, at) => ({
    id: String(at),
    filename: name,
    ...(alt === undefined ? {} : { description: alt.slice(0, 1024) }),
  }));
  return { ...body, attachments };
}

function filesOf(files: readonly ShownFile[]) {
  return files.map(({ name, bytes }) => ({ name, data: Buffer.from(bytes) }));
}
