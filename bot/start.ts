import { type DiscordDoorOptions, openDiscordDoor } from "./discord/open.ts";
import { openLocalRoom } from "./local/open.ts";
import { newServer } from "./local/server.ts";
import { type MatrixDoorOptions, openMatrixDoor } from "./matrix/open.ts";
import { poolClient } from "./pool/client.ts";

export interface BotOptions {
  /** The pool's API, for example `http://127.0.0.1:7420`. */
  readonly apiUrl: string;
  readonly serviceToken: string;
  readonly dataDir: string;
  /** The local room is open unless this is false. */
  readonly local?: boolean;
  readonly localHost: string;
  /** 0: any free port. */
  readonly localPort: number;
  readonly community: string;
  /** Absent: the door to Discord stays closed. */
  readonly discord?: Pick<DiscordDoorOptions, "token" | "apiUrl" | "messageContent">;
  /** Absent: the door to Matrix stays closed. */
  readonly matrix?: Omit<MatrixDoorOptions, "pool" | "dataDir" | "log">;
  /** Fastify's logger setting; false by default. */
  readonly logger?: boolean | object;
}

export interface RunningBot {
  /** Address of the local room's page; empty where it is closed. */
  readonly url: string;
  /** Where a moderator invites the bot to a Discord server; null without that door. */
  readonly inviteUrl: string | null;
  /** The bot's user in Matrix; null without that door. */
  readonly matrixUser: string | null;
  close(): Promise<void>;
}

/** Starts the chat doors. Each door finds its own way to the pool; none needs it to be up yet. */
export async function startBot(options: BotOptions): Promise<RunningBot> {
  const { dataDir, local = true, discord, matrix, logger = false } = options;
  const pool = poolClient({ url: options.apiUrl, serviceToken: options.serviceToken });
  const { localHost: host, localPort: port, community } = options;
  const room = local ? await openLocalRoom({ pool, dataDir, host, port, community, logger }) : null;
  // The same log lines from both doors: Fastify's own log, without a server behind it.
  const { log } = newServer(logger);
  const door = discord
    ? await openDiscordDoor({ pool, dataDir, log, ...discord }).catch(async (error: unknown) => {
        await room?.close();
        throw error;
      })
    : null;
  const matrixDoor = matrix
    ? await openMatrixDoor({ pool, dataDir, log, ...matrix }).catch(async (error: unknown) => {
        await Promise.all([room?.close(), door?.close()]);
        throw error;
      })
    : null;
  return {
    url: room?.url ?? "",
    inviteUrl: door?.inviteUrl ?? null,
    matrixUser: matrixDoor?.userId ?? null,
    async close() {
      await Promise.all([room?.close(), door?.close(), matrixDoor?.close()]);
    },
  };
}
