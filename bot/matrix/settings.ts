import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type BotSettings, ROOT, SettingsError } from "../../config/settings.ts";
import type { MatrixDoorOptions } from "./open.ts";

/** The door's options from the operator's settings. Throws SettingsError that says what is missing. */
export function matrixOptions(
  settings: BotSettings,
): Omit<MatrixDoorOptions, "pool" | "dataDir" | "log"> {
  const { matrixHomeserverUrl, matrixEncryption, matrixStoreKey } = settings;
  if (matrixHomeserverUrl === null) throw missing("MATRIX_HOMESERVER_URL");
  if (matrixEncryption && matrixStoreKey === null) {
    throw new SettingsError(
      "MATRIX_STORE_KEY is missing, and MATRIX_ENCRYPTION is on. Write 32 or more random characters into it (openssl rand -base64 32) and keep a copy: without it the bot's keys are lost.",
    );
  }
  return {
    homeserverUrl: matrixHomeserverUrl,
    credentials: credentialsOf(settings),
    inviteFrom: settings.matrixInviteFrom,
    eventsPerSecond: settings.matrixEventsPerSecond,
    eventsBurst: settings.matrixEventsBurst,
    encryption: matrixEncryption ? { storeKey: matrixStoreKey as string } : null,
  };
}

function credentialsOf(settings: BotSettings): MatrixDoorOptions["credentials"] {
  const { matrixToken, matrixUser, matrixPasswordFile } = settings;
  if (matrixToken !== null) return { token: matrixToken };
  if (matrixPasswordFile === null) throw missing("MATRIX_TOKEN (or MATRIX_PASSWORD_FILE)");
  if (matrixUser === null) throw missing("MATRIX_USER");
  const file = resolve(ROOT, matrixPasswordFile);
  let password: string;
  try {
    password = readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new SettingsError(
      `MATRIX_PASSWORD_FILE: cannot read ${file} (${(error as Error).message}).`,
    );
  }
  return { user: matrixUser, password };
}

function missing(key: string): SettingsError {
  return new SettingsError(
    `${key} is missing, and BOT_DOORS names matrix. docs/matrix.md shows what to write.`,
  );
}
