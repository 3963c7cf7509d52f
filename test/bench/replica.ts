import { rmSync } from "node:fs";
import { readPoolSecrets } from "../../config/secrets.ts";
import { portFor, startProgram, stopPrograms, untilReady } from "../../launch/programs.ts";
import { type Service, scratch } from "../support/services.ts";

/** An api process of a bench, with its usual log. */
export interface Replica {
  readonly url: string;
  readonly pid: number;
  readonly serviceToken: string;
  readonly enrolmentToken: string;
  readonly dataDir: string;
  close(): Promise<void>;
}

/** Starts one. `share`: another's data folder, for a second replica with the same secrets. */
export async function startReplica(
  redis: Service,
  postgres: Service,
  settings: Record<string, string> = {},
  share?: Replica,
): Promise<Replica> {
  const dataDir = share?.dataDir ?? scratch("substrate-bench-");
  const port = await portFor(0);
  const url = `http://127.0.0.1:${port}`;
  const name = share === undefined ? "api" : "api-2";
  const program = startProgram(name, "api/main.ts", dataDir, {
    API_PORT: `${port}`,
    REDIS_URL: redis.url,
    DATABASE_URL: postgres.url,
    LOG_LEVEL: "info",
    RATE_ASKS_PER_MEMBER: "1000000",
    RATE_ASKS_PER_COMMUNITY: "1000000",
    ...settings,
  });
  await untilReady(program, `${url}/readyz`);
  const { serviceToken, enrolmentToken } = readPoolSecrets(dataDir) as {
    serviceToken: string;
    enrolmentToken: string;
  };
  return {
    url,
    pid: program.child.pid as number,
    serviceToken,
    enrolmentToken,
    dataDir,
    async close() {
      await stopPrograms([program]);
      if (share === undefined) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
