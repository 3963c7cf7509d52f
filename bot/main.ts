// `npm run bot`: the chat doors named in BOT_DOORS, as a process of its own.
import { readPoolSecrets } from "../config/secrets.ts";
import { botSettings, SettingsError } from "../config/settings.ts";
import { type RunningBot, startBot } from "./start.ts";

try {
  await main();
} catch (error) {
  const inUse = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
  console.error(
    inUse
      ? `${(error as Error).message}. Another program has this port; set LOCAL_PORT to a free one.`
      : error instanceof SettingsError
        ? error.message
        : error,
  );
  process.exitCode = 1;
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
    logger: { level: settings.logLevel },
  });
  console.log(`The room is open at ${bot.url}`);
  closeOnSignal(bot);
}

function closeOnSignal(bot: RunningBot): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void bot.close().then(() => process.exit(0)));
  }
}
