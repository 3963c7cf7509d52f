import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { APIMessage, APIUser } from "discord-api-types/v10";
import { openDiscordDoor } from "../../../bot/discord/open.ts";
import { poolClient } from "../../../bot/pool/client.ts";
import type { Clock } from "../../../bot/stream/pacer.ts";
import { DiscordEmulator, type EmulatorOptions } from "../../support/discord/emulator.ts";
import type { Channel, Guild } from "../../support/discord/world.ts";
import { type FakePool, startFakePool } from "../fake-pool.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";

/** The door between an emulated Discord and a pool that does what its test tells it. */
export interface DiscordRoom {
  readonly discord: DiscordEmulator;
  readonly pool: FakePool;
  readonly guild: Guild;
  readonly channel: Channel;
  readonly asker: APIUser;
  readonly other: APIUser;
  readonly moderator: APIUser;
  readonly logged: string[];
  /** What this user sees in the channel, oldest first. */
  seenBy(user: APIUser, channel?: Channel): APIMessage[];
  /** Closes the door and opens it again, as a restart does. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openDiscordRoom(
  options: EmulatorOptions & { cards?: boolean; clock?: Clock } = {},
): Promise<DiscordRoom> {
  const pool = await startFakePool();
  const discord = await DiscordEmulator.start(options);
  discord.cards = options.cards ?? true;
  const guild = discord.world.guild("Members", ["general", "other"]);
  const [asker, other, moderator] = ["First member", "Second member", "Moderator"].map((name) =>
    discord.world.user(name),
  ) as [APIUser, APIUser, APIUser];
  discord.world.moderators.add(moderator.id);
  const dataDir = mkdtempSync(join(tmpdir(), "discord-door-"));
  const logged: string[] = [];
  const say = (fields: object, message: string) => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  const open = () =>
    openDiscordDoor({
      pool: poolClient({ url: pool.url, serviceToken: SERVICE_TOKEN }),
      token: discord.token,
      apiUrl: discord.apiUrl,
      dataDir,
      messageContent: options.messageContent ?? false,
      ...(options.clock ? { clock: options.clock } : {}),
      log: { info: say, warn: say, error: say },
    });
  let door = await open();
  const channel = discord.world.channels.get(guild.channelIds[0] as string) as Channel;
  return {
    discord,
    pool,
    guild,
    channel,
    asker,
    other,
    moderator,
    logged,
    seenBy: (user, where = channel) => discord.visible(where, user),
    async restart() {
      await door.close();
      door = await open();
    },
    async close() {
      await door.close();
      await pool.close();
      rmSync(dataDir, { recursive: true, force: true });
      await discord.close();
    },
  };
}

/** All text of a message, cards and plain ones alike, as its reader sees it. */
export function textOf(message: APIMessage | undefined): string {
  const texts = (components: unknown): string[] =>
    ((components as { content?: string; components?: unknown }[] | undefined) ?? []).flatMap(
      (one) => [...(one.content ? [one.content] : []), ...texts(one.components)],
    );
  return [message?.content ?? "", ...texts(message?.components)]
    .join("\n")
    .replaceAll("\u200b", "")
    .replace(/\\([^0-9A-Za-z\s])/g, "$1");
}

/** Custom ids of a message's buttons. */
export function buttonsOf(message: APIMessage | undefined): string[] {
  const ids = (components: unknown): string[] =>
    ((components as { custom_id?: string; components?: unknown }[] | undefined) ?? []).flatMap(
      (one) => [...(one.custom_id ? [one.custom_id] : []), ...ids(one.components)],
    );
  return ids(message?.components);
}
