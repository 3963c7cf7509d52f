import loglevel from "loglevel";
import { logger } from "matrix-js-sdk/lib/logger.js";

/**
 * Keeps the SDK from writing on the terminal: it logs ids and addresses. Neither its `logger` option nor
 * levels reach the loggers its parts make for themselves, and some take their functions when they are loaded:
 * so this file does its work when it is imported, and has to be imported before the SDK.
 */
const silent = () => () => {};
// Loggers made later take this one's.
loglevel.methodFactory = silent;
for (const one of [logger as unknown as loglevel.Logger, ...Object.values(loglevel.getLoggers())]) {
  one.methodFactory = silent;
  one.rebuild();
}
