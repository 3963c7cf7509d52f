import { type ApiSettings, apiSettings, type Environment } from "../../config/settings.ts";
import { examineDoor } from "./door.ts";
import { type Finding, ok, problem } from "./finding.ts";
import { examineMachine } from "./machine.ts";
import { examinePostgres } from "./postgres.ts";
import { examineRedis } from "./redis.ts";

/** Examines everything the settings name. Changes nothing anywhere. */
export async function examine(env: Environment, now: number): Promise<Finding[]> {
  let settings: ApiSettings;
  try {
    settings = apiSettings(env);
  } catch (error) {
    const remedy = "Mend the settings named above, then run the doctor again.";
    const means = "No program of the pool starts with these settings.";
    return [problem("settings", (error as Error).message, means, remedy)];
  }
  const { databaseUrl, redisUrl, busUrl } = settings;
  const found = await Promise.all([
    examineMachine(settings),
    databaseUrl === null
      ? [ok("postgres", "DATABASE_URL is not set: records are in DATA_DIR, for one api process")]
      : examinePostgres(databaseUrl),
    redisUrl === null ? [] : examineRedis(redisUrl, "REDIS_URL"),
    busUrl === null ? [] : examineRedis(busUrl, "BUS_URL"),
    examineDoor(settings, now),
  ]);
  return [ok("settings", "can be read"), ...found.flat()];
}
