import { ChannelType, type Guild, PermissionFlagsBits, type TextChannel } from "discord.js";
import { wordsFor } from "../words/catalogue.ts";
import type { Desk } from "./desk.ts";
import { plainLine } from "./render/markdown.ts";
import { bodyOf } from "./render/message.ts";
import { channelPlace, isRefusedBody } from "./write/place.ts";

/** Says once, in a server's own language, what came in: what it does, what is seen and kept, how to stay out. */
export async function welcome(desk: Desk, guild: Guild): Promise<void> {
  const me = guild.members.me;
  const needed = PermissionFlagsBits.ViewChannel | PermissionFlagsBits.SendMessages;
  const mayWrite = (channel: TextChannel) => me !== null && channel.permissionsFor(me).has(needed);
  const texts = [...guild.channels.cache.values()].filter(
    (one) => one.type === ChannelType.GuildText,
  );
  const preferred = texts.find(({ id }) => id === guild.systemChannelId);
  const channel = preferred && mayWrite(preferred) ? preferred : texts.find(mayWrite);
  if (!channel) {
    desk.log.warn(
      { guild: guild.id },
      "there is no channel in this server where a welcome may be said",
    );
    return;
  }
  const words = wordsFor(guild.preferredLocale);
  const lines = [words.welcome, words.welcome_privacy, words.welcome_opt_out].map(plainLine);
  const message = {
    kind: "help" as const,
    body: lines.join("\n\n"),
    status: null,
    notices: [],
    footer: null,
    buttons: [],
    menus: [],
    files: [],
  };
  const place = channelPlace(desk.rest, desk.lanes, channel.id, null);
  try {
    await place.create(bodyOf(message, "card"), []);
  } catch (error) {
    if (!isRefusedBody(error)) throw error;
    desk.log.warn(
      { error: String(error) },
      "the welcome's card was refused; saying it as plain text",
    );
    await place.create(bodyOf(message, "plain"), []);
  }
}
