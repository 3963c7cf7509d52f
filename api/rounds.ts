import type { FastifyBaseLogger } from "fastify";

/**
 * Runs `round` again and again, `everyMs` after it was done last, until the returned function is called; that
 * resolves when a round under way has ended. A round that fails is logged, and the next comes all the same.
 */
export function everyWhile(
  log: FastifyBaseLogger,
  what: string,
  everyMs: number,
  round: () => Promise<void>,
): () => Promise<void> {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const next = () => {
    timer = setTimeout(() => {
      running = round()
        .catch((error: unknown) => log.error({ err: error, round: what }, "a round failed"))
        .then(() => {
          if (!stopped) next();
        });
    }, everyMs);
  };
  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
