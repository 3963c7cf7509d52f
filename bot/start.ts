import { openLocalRoom } from "./local/open.ts";
import { poolClient } from "./pool/client.ts";

export interface BotOptions {
  /** The pool's API, for example `http://127.0.0.1:7420`. */
  readonly apiUrl: string;
  readonly serviceToken: string;
  readonly dataDir: string;
  readonly localHost: string;
  /** 0: any free port. */
  readonly localPort: number;
  readonly community: string;
  /** Fastify's logger setting; false by default. */
  readonly logger?: boolean | object;
}

export interface RunningBot {
  /** Address of the local room's page. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts the chat doors. Each door finds its own way to the pool; none needs it to be up yet. */
export async function startBot(options: BotOptions): Promise<RunningBot> {
  const pool = poolClient({ url: options.apiUrl, serviceToken: options.serviceToken });
  return openLocalRoom({
    pool,
    dataDir: options.dataDir,
    host: options.localHost,
    port: options.localPort,
    community: options.community,
    logger: options.logger ?? false,
  });
}
