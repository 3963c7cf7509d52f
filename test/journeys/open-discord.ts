import { type OpenDiscordDoor, openDiscordDoor } from "../../bot/discord/open.ts";
import { DiscordEmulator } from "../support/discord/emulator.ts";
import type { Channel } from "../support/discord/world.ts";
import type { PoolProcesses } from "../support/pool-processes.ts";
import { driveDiscord } from "./discord-driver.ts";
import type { DoorDriver } from "./door-driver.ts";

export interface OpenDiscord {
  readonly discord: DiscordEmulator;
  readonly bot: OpenDiscordDoor;
  readonly door: DoorDriver;
}

/** The door to an emulated Discord with one server, one channel and two members. */
export async function openDiscord(pool: PoolProcesses): Promise<OpenDiscord> {
  const discord = await DiscordEmulator.start();
  const { world } = discord;
  const guild = world.guild("Members", ["general"]);
  const bot = await openDiscordDoor({
    pool: pool.client,
    token: discord.token,
    apiUrl: discord.apiUrl,
    dataDir: pool.dataDir,
    messageContent: false,
    log: { info() {}, warn: console.warn, error: console.error },
  });
  const channel = world.channels.get(guild.channelIds[0] as string) as Channel;
  const users = [world.user("First member"), world.user("Second member")] as const;
  world.moderators.add(users[0].id);
  return { discord, bot, door: driveDiscord(discord, channel, [users[0], users[1]]) };
}
