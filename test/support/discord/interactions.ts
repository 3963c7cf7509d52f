import { randomBytes } from "node:crypto";
import type { APIMessage, APIUser } from "discord-api-types/v10";
import { type Channel, MANAGE_MESSAGES, type World } from "./world.ts";

/** An interaction's life: created, acknowledged, its token dies after 15 minutes. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly user: APIUser;
  readonly channel: Channel;
  readonly atMs: number;
  /** The bot is only on the user's account: it sees no channel and may follow up five times. */
  readonly userInstalled: boolean;
  /** Message whose button was pressed. */
  readonly pressed: string | null;
  readonly opener: Interaction | null;
  answered: null | { readonly type: number; readonly data: Record<string, unknown> };
  ephemeral: boolean;
  original: string | null;
  /** Deferred and not yet filled: the first follow-up fills it. */
  loading: boolean;
  followUps: number;
  /** As Discord now and then does before the 15 minutes are over. */
  tokenDead: boolean;
}

export const ACKNOWLEDGE_MS = 3000;
export const TOKEN_MS = 15 * 60_000;

export interface InteractionPlan {
  readonly type: number;
  readonly user: APIUser;
  readonly channel: Channel;
  readonly data: object;
  readonly message?: APIMessage;
  readonly locale?: string;
  /** The interaction that opened the form this one submits. */
  readonly opener?: Interaction;
}

/** Makes an interaction and the event that tells the bot of it. */
export function makeInteraction(
  world: World,
  plan: InteractionPlan,
  atMs: number,
): { interaction: Interaction; event: object } {
  const { user, channel } = plan;
  const guild = channel.guildId ? world.guilds.get(channel.guildId) : undefined;
  const userInstalled = guild !== undefined && !guild.botIsMember;
  const interaction: Interaction = {
    id: world.id(),
    token: randomBytes(24).toString("base64url"),
    type: plan.type,
    user,
    channel,
    atMs,
    userInstalled,
    pressed: plan.message?.id ?? null,
    opener: plan.opener ?? null,
    answered: null,
    ephemeral: false,
    original: null,
    loading: false,
    followUps: 0,
    tokenDead: false,
  };
  const place = guild
    ? {
        guild_id: guild.id,
        guild: { id: guild.id, features: [], locale: guild.locale },
        guild_locale: guild.locale,
        member: { ...world.member(user), permissions: world.permissionsOf(user.id) },
      }
    : { user };
  const may = channel.botMaySend ? MANAGE_MESSAGES | 0x8000_0c00n | (1n << 38n) | (1n << 35n) : 0n;
  const event = {
    id: interaction.id,
    application_id: world.applicationId,
    type: plan.type,
    token: interaction.token,
    version: 1,
    data: plan.data,
    ...(plan.message ? { message: plan.message } : {}),
    channel_id: channel.id,
    channel: { ...world.channelData(channel), permissions: world.permissionsOf(user.id) },
    ...place,
    app_permissions: String(may),
    locale: plan.locale ?? "en-US",
    entitlements: [],
    attachment_size_limit: 10_485_760,
    authorizing_integration_owners: owners(interaction),
    context: guild ? 0 : 1,
  };
  return { interaction, event };
}

/** Who installed the bot where this happened: the server (0), or the user (1). */
export function owners({ userInstalled, channel, user }: Interaction): Record<string, string> {
  if (userInstalled) return { 1: user.id };
  return { 0: channel.guildId ?? "0" };
}
