import { join } from "node:path";
import { Client, Events, GatewayIntentBits, Partials } from "discord.js";
import { COMMANDS } from "../commands/table.ts";
import { announce } from "../governance/announcer.ts";
import type { Log } from "../log.ts";
import type { PoolClient } from "../pool/client.ts";
import { communityLanguages } from "../pool/languages.ts";
import { type Clock, wallClock } from "../stream/pacer.ts";
import { poolChoices } from "./choices.ts";
import { Deliveries } from "./deliveries.ts";
import { channelOf, type Desk } from "./desk.ts";
import { discordTeller } from "./governance-teller.ts";
import { inviteUrl } from "./invite.ts";
import { openAnswerJournal } from "./journal.ts";
import { discordNames } from "./names.ts";
import { InteractionHandler } from "./on-interaction.ts";
import { MessageHandler } from "./on-message.ts";
import { ownMessages } from "./own-messages.ts";
import { discordFiles } from "./question.ts";
import { registerCommands } from "./registration.ts";
import { welcome } from "./welcome.ts";
import { turns } from "./write/turns.ts";

export interface DiscordDoorOptions {
  readonly pool: PoolClient;
  readonly token: string;
  /** Base of Discord's API without a version, `https://discord.com/api`; the gateway's address comes from it. */
  readonly apiUrl: string;
  /** Its folder `discord` keeps the hash of the commands and which message shows which answer. */
  readonly dataDir: string;
  /** True asks for the privileged intent that lets us read our own threads without a mention. */
  readonly messageContent: boolean;
  readonly log: Log;
  /** Measures how long an interaction lasts. */
  readonly clock?: Clock;
}

export interface OpenDiscordDoor {
  /** Where a moderator invites the bot, with the permissions it needs. */
  readonly inviteUrl: string;
  close(): Promise<void>;
}

/** Logs in and serves every server the bot is in. Rejects when Discord refuses the token or an intent. */
export async function openDiscordDoor(options: DiscordDoorOptions): Promise<OpenDiscordDoor> {
  const { pool, token, apiUrl, dataDir, messageContent, log } = options;
  const client = new Client({
    intents: [
      GatewayIntentBits.Guilds,
      GatewayIntentBits.GuildMessages,
      GatewayIntentBits.DirectMessages,
      ...(messageContent ? [GatewayIntentBits.MessageContent] : []),
    ],
    // Direct conversations are not told of beforehand.
    partials: [Partials.Channel],
    allowedMentions: { parse: [], repliedUser: false },
    rest: { api: apiUrl },
  });
  client.on(Events.Error, (error) => log.error({ error: String(error) }, "Discord connection"));
  client.on(Events.ShardDisconnect, ({ code }) => log.warn({ code }, "Discord disconnected"));
  client.rest.on("rateLimited", ({ method, route, timeToReset, global }) =>
    log.warn({ method, route, timeToReset, global }, "waiting for Discord's rate limit"),
  );
  const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
  try {
    await client.login(token);
  } catch (error) {
    await client.destroy();
    throw error;
  }
  const { application, user } = await ready;
  const folder = join(dataDir, "discord");
  const journal = openAnswerJournal(join(folder, "answers.jsonl"));
  const desk: Desk = {
    rest: client.rest,
    lanes: turns(),
    applicationId: application.id,
    botId: user.id,
    pool,
    journal,
    own: ownMessages(client.rest, user.id, journal),
    log,
    clock: options.clock ?? wallClock,
    languages: communityLanguages(pool),
    locales: new Map(),
  };
  const deliveries = new Deliveries(desk);
  const onInteraction = new InteractionHandler(desk, deliveries, poolChoices(pool));
  const onMessage = new MessageHandler(desk, deliveries, {
    messageContent,
    isDiscordFile: discordFiles(apiUrl),
  });
  client.on(Events.InteractionCreate, (interaction) => void onInteraction.take(interaction));
  client.on(Events.MessageCreate, (message) => void onMessage.take(message));
  client.on(Events.GuildCreate, (guild) => {
    welcome(desk, guild).catch((error: unknown) =>
      log.warn({ error: String(error) }, "the welcome could not be said"),
    );
  });
  await registerCommands(client.rest, application.id, COMMANDS, join(folder, "commands.sha256"));
  deliveries.resume();
  const closing = new AbortController();
  const guildOf = (community: string | null) =>
    client.guilds.cache.get(community?.replace("discord:", "") ?? "");
  const telling = announce({
    door: `discord:${application.id}`,
    pool,
    teller: discordTeller(
      desk,
      (community) => discordNames(client, guildOf(community) ?? null),
      ({ community, room }) =>
        guildOf(community)?.channels.cache.has(channelOf(room) ?? "") === true,
    ),
    log,
    signal: closing.signal,
    clock: wallClock,
  });
  const invitation = inviteUrl(application.id);
  log.info({ servers: client.guilds.cache.size, invitation }, "the Discord door is open");
  return {
    inviteUrl: invitation,
    async close() {
      closing.abort();
      await Promise.all([deliveries.close(), telling]);
      await client.destroy();
    },
  };
}
