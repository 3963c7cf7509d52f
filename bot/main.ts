// `npm run bot`: the chat doors named in BOT_DOORS, as a process of its own.
import { readPoolSecrets } from "../config/secrets.ts";
import { type BotSettings, botSettings, SettingsError } from "../config/settings.ts";
import { MatrixLoginError } from "./matrix/session.ts";
import { matrixOptions } from "./matrix/settings.ts";
import { type RunningBot, startBot } from "./start.ts";

const UNREACHABLE = new Set([
  ...["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT"],
  "UND_ERR_CONNECT_TIMEOUT",
]);

try {
  await main();
} catch (error) {
  const inUse = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  console.error(
    inUse
      ? `${(error as Error).message}. Another program has this port; set LOCAL_PORT to a free one.`
      : error instanceof SettingsError || error instanceof MatrixLoginError
        ? error.message
        : (refusedByDiscord(error) ?? error),
  );
  process.exitCode = 1;
}

/** What an operator can mend about Discord, in words. */
function refusedByDiscord(error: unknown): string | null {
  const text = String((error as Error).message ?? error);
  if ((error as { code?: unknown }).code === "TokenInvalid" || /\b4004\b/.test(text)) {
    return "Discord does not accept DISCORD_TOKEN. Copy the bot's token again from the developer portal.";
  }
  if (/disallowed intents/i.test(text)) {
    return "Discord refuses the message content intent. Switch it on in the developer portal (Bot, Privileged Gateway Intents), or set DISCORD_MESSAGE_CONTENT=false.";
  }
  const { code, address } = error as { readonly code?: string; readonly address?: string };
  if (code && UNREACHABLE.has(code) && /discord/.test(process.env.BOT_DOORS ?? "")) {
    return `Discord cannot be reached${address ? ` at ${address}` : ""} (${code}). Check this machine's network and DISCORD_API_URL, then start again.`;
  }
  return null;
}

async function main(): Promise<void> {
  const settings = botSettings(process.env);
  const serviceToken = settings.serviceToken ?? readPoolSecrets(settings.dataDir)?.serviceToken;
  if (!serviceToken) {
    throw new SettingsError(
      `SERVICE_TOKEN is missing. Start the pool first on this machine (npm run api), or write the pool's token into SERVICE_TOKEN.`,
    );
  }
  const bot = await startBot({
    apiUrl: settings.apiUrl,
    serviceToken,
    dataDir: settings.dataDir,
    localHost: settings.localHost,
    localPort: settings.localPort,
    community: settings.community,
    local: settings.botDoors.includes("local"),
    ...(settings.botDoors.includes("discord") ? { discord: discordSettings(settings) } : {}),
    ...(settings.botDoors.includes("matrix") ? { matrix: matrixOptions(settings) } : {}),
    logger: { level: settings.logLevel },
  });
  // Before anything is printed: whoever reads that a door is open may end the program at once.
  closeOnSignal(bot);
  if (bot.url) console.log(`The room is open at ${bot.url}`);
  if (bot.inviteUrl) {
    console.log(`The Discord door is open. Invite the bot to a server: ${bot.inviteUrl}`);
  }
  if (bot.matrixUser) {
    console.log(`The Matrix door is open. Invite ${bot.matrixUser} to a room.`);
  }
}

function discordSettings(settings: BotSettings) {
  const { discordToken: token, discordApiUrl: apiUrl, discordMessageContent } = settings;
  if (token === null) {
    throw new SettingsError(
      "DISCORD_TOKEN is missing, and BOT_DOORS names discord. Write the bot's token from Discord's developer portal into DISCORD_TOKEN (docs/discord.md shows where).",
    );
  }
  return { token, apiUrl, messageContent: discordMessageContent };
}

function closeOnSignal(bot: RunningBot): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void bot.close().then(() => process.exit(0)));
  }
}
