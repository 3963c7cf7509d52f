import loglevel from "loglevel";
import { logger } from "matrix-js-sdk/lib/logger.js";

const silent = () => () => {};

/**
 * Keeps the SDK from writing on the terminal: it logs ids and addresses. Neither its `logger` option nor
 * levels reach the loggers its parts make for themselves.
 */
export function quietSdk(): void {
  for (const one of [
    logger as unknown as loglevel.Logger,
    ...Object.values(loglevel.getLoggers()),
  ]) {
    one.methodFactory = silent;
    one.rebuild?.();
  }
}
