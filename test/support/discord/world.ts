import type { APIAttachment, APIGuildMember, APIMessage, APIUser } from "discord-api-types/v10";

/** A channel, thread or direct conversation of the emulated Discord. */
export interface Channel {
  readonly id: string;
  /** 0 text, 1 direct message, 11 public thread. */
  readonly type: 0 | 1 | 11;
  readonly guildId: string | null;
  readonly name: string;
  readonly parentId: string | null;
  readonly ownerId: string | null;
  /** Users of a direct conversation. */
  readonly recipients: readonly APIUser[];
  botMayView: boolean;
  botMaySend: boolean;
}

export interface Guild {
  readonly id: string;
  readonly name: string;
  readonly channelIds: string[];
  /** False: the bot is not here (a user-installed place). */
  botIsMember: boolean;
  systemChannelId: string | null;
  /** What its members speak, as Discord's server settings say. */
  locale: string;
  /** Roles beside @everyone, by id. */
  readonly roles: Map<string, string>;
  /** The role that lets its members manage the server. */
  readonly moderatorRole: string;
}

/** A message with what Discord keeps beside it. */
export interface Stored {
  message: APIMessage;
  /** The only user who sees it; null: everybody in the channel. */
  readonly visibleTo: string | null;
  /** A deferred reply that waits for its content. */
  loading: boolean;
}

/** Rights that the emulated servers give to everybody, and to moderators. */
const EVERYBODY = (1n << 10n) | (1n << 11n) | (1n << 15n) | (1n << 16n) | (1n << 35n) | (1n << 38n);
export const MANAGE_MESSAGES = 1n << 13n;
const MANAGE_GUILD = 1n << 5n;

/** Everything the emulated Discord knows. Ids are snowflakes made from `now`, ascending. */
export class World {
  readonly users = new Map<string, APIUser>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  readonly messages = new Map<string, Stored>();
  readonly files = new Map<string, { readonly bytes: Uint8Array; readonly type: string }>();
  /** Users who manage servers and their messages. */
  readonly moderators = new Set<string>();
  /** Users who manage messages only. */
  readonly wardens = new Set<string>();
  readonly rolesOf = new Map<string, string[]>();
  readonly bot: APIUser;
  readonly applicationId: string;
  readonly #now: () => number;
  #last = 0n;

  constructor(now: () => number) {
    this.#now = now;
    this.bot = this.user("The Substrate", true);
    this.applicationId = this.bot.id;
  }

  id(): string {
    const fresh = (BigInt(Math.floor(this.#now())) - 1_420_070_400_000n) << 22n;
    this.#last = fresh > this.#last ? fresh : this.#last + 1n;
    return String(this.#last);
  }

  user(name: string, bot = false): APIUser {
    const user = {
      id: this.id(),
      username: name.toLowerCase().replace(/\W+/g, "."),
      discriminator: "0",
      global_name: name,
      avatar: null,
      public_flags: 0,
      flags: 0,
      primary_guild: null,
      ...(bot ? { bot: true } : {}),
    } as unknown as APIUser;
    this.users.set(user.id, user);
    return user;
  }

  guild(name: string, channels: readonly string[], botIsMember = true): Guild {
    const guild: Guild = {
      id: this.id(),
      name,
      channelIds: [],
      botIsMember,
      systemChannelId: null,
      locale: "en-US",
      roles: new Map(),
      moderatorRole: this.id(),
    };
    guild.roles.set(guild.moderatorRole, "Moderators");
    this.guilds.set(guild.id, guild);
    for (const one of channels) this.channel(guild, one);
    guild.systemChannelId = guild.channelIds[0] ?? null;
    return guild;
  }

  /** A role of a server; returns its id. */
  role(guild: Guild, name: string): string {
    const id = this.id();
    guild.roles.set(id, name);
    return id;
  }

  channel(guild: Guild, name: string): Channel {
    const channel: Channel = {
      id: this.id(),
      type: 0,
      guildId: guild.id,
      name,
      parentId: null,
      ownerId: null,
      recipients: [],
      botMayView: guild.botIsMember,
      botMaySend: guild.botIsMember,
    };
    guild.channelIds.push(channel.id);
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** The direct conversation of the bot and a user. */
  direct(user: APIUser): Channel {
    const known = [...this.channels.values()].find(
      ({ type, recipients }) => type === 1 && recipients[0]?.id === user.id,
    );
    if (known) return known;
    const channel: Channel = {
      id: this.id(),
      type: 1,
      guildId: null,
      name: "",
      parentId: null,
      ownerId: null,
      recipients: [user],
      botMayView: true,
      botMaySend: true,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** A public thread that starts at a message and takes its id. */
  thread(message: APIMessage, name: string, owner: APIUser): Channel {
    const parent = this.channels.get(message.channel_id) as Channel;
    const channel: Channel = {
      ...parent,
      id: message.id,
      type: 11,
      name,
      parentId: parent.id,
      ownerId: owner.id,
    };
    this.channels.set(channel.id, channel);
    return channel;
  }

  messagesIn(channelId: string): Stored[] {
    return [...this.messages.values()].filter(({ message }) => message.channel_id === channelId);
  }

  attach(file: { name: string; bytes: Uint8Array; type: string }, base: string): APIAttachment {
    const id = this.id();
    const url = `${base}/attachments/${id}/${encodeURIComponent(file.name)}`;
    this.files.set(id, { bytes: file.bytes, type: file.type });
    return {
      id,
      filename: file.name,
      size: file.bytes.byteLength,
      url,
      proxy_url: url,
      content_type: file.type,
    };
  }

  /** Rights of a user in a server, as the string Discord sends. */
  permissionsOf(userId: string): string {
    if (this.moderators.has(userId)) return String(EVERYBODY | MANAGE_MESSAGES | MANAGE_GUILD);
    return String(this.wardens.has(userId) ? EVERYBODY | MANAGE_MESSAGES : EVERYBODY);
  }

  member(user: APIUser): APIGuildMember {
    return {
      user,
      nick: null,
      avatar: null,
      banner: null,
      roles: [
        ...(this.rolesOf.get(user.id) ?? []),
        ...(this.moderators.has(user.id)
          ? [...this.guilds.values()].map(({ moderatorRole }) => moderatorRole)
          : []),
      ],
      joined_at: "2026-01-01T00:00:00.000000+00:00",
      premium_since: null,
      deaf: false,
      mute: false,
      flags: 0,
      communication_disabled_until: null,
    } as unknown as APIGuildMember;
  }

  channelData(channel: Channel): object {
    const shared = { id: channel.id, type: channel.type, flags: 0, last_message_id: null };
    if (channel.type === 1) return { ...shared, recipients: channel.recipients };
    const named = { ...shared, guild_id: channel.guildId, name: channel.name };
    if (channel.type === 11) {
      return {
        ...named,
        parent_id: channel.parentId,
        owner_id: channel.ownerId,
        message_count: 0,
        member_count: 1,
        total_message_sent: 0,
        thread_metadata: {
          archived: false,
          archive_timestamp: "2026-01-01T00:00:00.000000+00:00",
          auto_archive_duration: 1440,
          locked: false,
        },
      };
    }
    const denied =
      (channel.botMayView ? 0n : 1n << 10n) | (channel.botMaySend ? 0n : (1n << 11n) | (1n << 38n));
    const deny = { id: this.bot.id, type: 1, allow: "0", deny: String(denied) };
    return {
      ...named,
      parent_id: channel.parentId,
      position: 0,
      permission_overwrites: denied ? [deny] : [],
    };
  }

  /** A server as GUILD_CREATE tells it. */
  guildData(guild: Guild): object {
    const moderators = String(EVERYBODY | MANAGE_MESSAGES | MANAGE_GUILD);
    const role = (id: string, name: string) => ({
      id,
      name,
      color: 0,
      colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
      hoist: false,
      position: 0,
      permissions: id === guild.moderatorRole ? moderators : String(EVERYBODY),
      managed: false,
      mentionable: false,
      flags: 0,
    });
    return {
      id: guild.id,
      name: guild.name,
      icon: null,
      owner_id: "1000000000000000000",
      roles: [role(guild.id, "@everyone"), ...[...guild.roles].map(([id, name]) => role(id, name))],
      emojis: [],
      features: [],
      stickers: [],
      system_channel_id: guild.systemChannelId,
      system_channel_flags: 0,
      preferred_locale: guild.locale,
      premium_tier: 0,
      nsfw_level: 0,
      afk_timeout: 300,
      verification_level: 0,
      default_message_notifications: 0,
      explicit_content_filter: 0,
      mfa_level: 0,
      joined_at: "2026-01-01T00:00:00.000000+00:00",
      large: false,
      member_count: 2,
      voice_states: [],
      members: [this.member(this.bot)],
      channels: guild.channelIds.map((id) => this.channelData(this.channels.get(id) as Channel)),
      threads: [],
      presences: [],
      stage_instances: [],
      guild_scheduled_events: [],
      soundboard_sounds: [],
    };
  }
}
