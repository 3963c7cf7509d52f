import { SettingsError, workerSettings } from "../config/settings.ts";
import { createLog } from "./log.ts";
import { startWorker } from "./worker.ts";

/** Time a service manager gives a worker to finish what it is writing, milliseconds (SIGTERM). */
const GRACE_MS = 10_000;

try {
  const settings = workerSettings(process.env);
  const log = createLog({
    level: settings.logLevel as Parameters<typeof createLog>[0]["level"],
    node: settings.workerName,
    forPeople: process.stderr.isTTY === true,
    write: (line) => process.stderr.write(line),
    now: Date.now,
  });
  const worker = await startWorker(settings, log);
  // Ctrl-C means now; a service manager asks politely.
  process.once("SIGINT", () => void worker.leave(0));
  process.once("SIGTERM", () => void worker.leave(GRACE_MS));
  const problem = await worker.ended;
  if (problem !== null) {
    log.fatal(problem.message);
    process.exit(1);
  }
  process.exit(0);
} catch (error) {
  // Errors that carry a name of ours are written for the person who started the worker.
  const known =
    error instanceof SettingsError ||
    [
      "IdentityError",
      "NameTaken",
      "PoolKeyChanged",
      "RuntimeMissing",
      "UnknownModel",
      "ModelFactsError",
    ].includes((error as Error).name);
  process.stderr.write(`${known ? (error as Error).message : (error as Error).stack}\n`);
  process.exit(1);
}
