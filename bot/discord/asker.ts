import {
  type BaseInteraction,
  type Client,
  GuildMemberRoleManager,
  type Message,
  PermissionFlagsBits,
  type PermissionsBitField,
} from "discord.js";
import type { CommandContext } from "../commands/command.ts";
import { type Words, wordsFor } from "../words/catalogue.ts";
import { type Desk, poolIds } from "./desk.ts";
import { discordNames } from "./names.ts";

/**
 * What Discord says of a member in the very event they caused. Rights come with each interaction and are read
 * from it, never from what was known before: a moderator of yesterday may be none today.
 */
export type Asker = Pick<
  CommandContext,
  | "community"
  | "room"
  | "member"
  | "moderator"
  | "roles"
  | "parentRoom"
  | "names"
  | "words"
  | "publicWords"
>;

/** Who presses or commands; `words` are those of their own program's language. */
export async function askerOfInteraction(
  desk: Desk,
  interaction: BaseInteraction,
  words: Words,
): Promise<Asker> {
  const { guildId, channelId, user, client, guild, channel, member } = interaction;
  const room = channelId ?? user.id;
  return {
    community: poolIds.community(guildId, user.id),
    room: poolIds.room(room),
    member: poolIds.member(user.id),
    moderator: manages(interaction.memberPermissions),
    roles: rolesOf(member).map(poolIds.role),
    ...(channel?.isThread() && channel.parentId
      ? { parentRoom: poolIds.room(channel.parentId) }
      : {}),
    names: discordNames(client as Client, guild),
    words,
    publicWords: await publicWords(desk, guildId, room, interaction.guildLocale, words),
  };
}

/** Who writes a message. Discord tells no language with it: a server's is the best guess. */
export async function askerOfMessage(desk: Desk, message: Message): Promise<Asker> {
  const { guildId, channelId, author, client, guild, channel, member } = message;
  const own = wordsFor(desk.locales.get(author.id) ?? guild?.preferredLocale);
  const rights = member && message.inGuild() ? message.channel.permissionsFor(member) : null;
  return {
    community: poolIds.community(guildId, author.id),
    room: poolIds.room(channelId),
    member: poolIds.member(author.id),
    moderator: manages(rights),
    roles: rolesOf(member).map(poolIds.role),
    ...(channel.isThread() && channel.parentId
      ? { parentRoom: poolIds.room(channel.parentId) }
      : {}),
    names: discordNames(client, guild),
    words: own,
    publicWords: await publicWords(desk, guildId, channelId, guild?.preferredLocale, own),
  };
}

/** Who manages a server may change its settings; who manages its messages may stop answers. */
function manages(permissions: Readonly<PermissionsBitField> | null | undefined): boolean {
  return permissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
}

export function managesMessages(
  permissions: Readonly<PermissionsBitField> | null | undefined,
): boolean {
  return permissions?.has(PermissionFlagsBits.ManageMessages) ?? false;
}

/** The community's language, else the server's; where nobody else listens, the member's own. */
async function publicWords(
  desk: Desk,
  guildId: string | null,
  channelId: string,
  guildLocale: string | null | undefined,
  own: Words,
): Promise<Words> {
  if (guildId === null) return own;
  const community = poolIds.community(guildId, "");
  const chosen = await desk.languages.of(community, poolIds.room(channelId));
  return wordsFor(chosen ?? guildLocale);
}

function rolesOf(member: BaseInteraction["member"]): string[] {
  if (member === null) return [];
  const { roles } = member;
  return roles instanceof GuildMemberRoleManager ? [...roles.cache.keys()] : [...roles];
}
