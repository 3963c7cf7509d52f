import { workerSettings } from "../../config/settings.ts";
import { createLog } from "../log.ts";
import { rememberedSettings } from "../remembered.ts";
import { TerminalView } from "../terminal/view.ts";
import { printable } from "../words.ts";
import { startWorker } from "../worker.ts";
import { workerPlace } from "./place.ts";

/**
 * Runs the worker until it leaves: with a view where a person sits at a terminal, with plain log lines
 * elsewhere or with `plain`. Resolves to the exit code. Throws what startWorker throws.
 */
export async function run(env: NodeJS.ProcessEnv, plain: boolean): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const { folder, settings } = workerPlace(env);
  const sees = !plain && stdin.isTTY === true && stdout.isTTY === true && env.TERM !== "dumb";
  const colours = !env.NO_COLOR;
  const view = sees ? new TerminalView(stdout, stdin, { colours, now: Date.now }) : null;
  // A terminal that was closed takes no more text; the worker drains all the same.
  for (const stream of [stdout, stderr]) stream.on("error", () => {});
  const log = createLog({
    level: settings.logLevel as Parameters<typeof createLog>[0]["level"],
    node: settings.workerName,
    forPeople: view !== null || stderr.isTTY === true,
    write: view === null ? (line) => stderr.write(line) : (line) => view.note(line.trimEnd()),
    now: Date.now,
  });
  const worker = await startWorker(settings, log, {
    ...(view === null ? {} : { watching: true, progress: { update() {}, end() {} } }),
    reread: () => workerSettings(env, rememberedSettings(folder)),
  });

  let asked = 0;
  const leave = (graceMs: number) => {
    asked += 1;
    const { taken } = worker.status().slots;
    if (asked === 1 && taken > 0) {
      log.info(`leaving when ${taken} answer(s) are finished; once more leaves at once`);
    }
    void worker.leave(asked === 1 ? graceMs : 0);
  };
  process.on("SIGINT", () => leave(Number.POSITIVE_INFINITY));
  // A service manager kills what takes too long: what is not finished by then is given back.
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => leave(settings.workerDrainSeconds * 1000));
  }
  view?.open({
    status: () => worker.status(),
    togglePause() {
      if (worker.status().state === "paused") worker.resume();
      else worker.pause(null);
    },
    leave: () => leave(Number.POSITIVE_INFINITY),
  });
  const problem = await worker.ended;
  view?.close();
  if (problem !== null) {
    if (view === null) log.fatal(problem.message);
    else stderr.write(`${printable(problem.message)}\n`);
    return 1;
  }
  if (view !== null) {
    const today = worker.today();
    stdout.write(
      `Left the pool. Answers today: ${today.answers}, tokens: ${today.tokens}. Thank you.\n`,
    );
  }
  return 0;
}
