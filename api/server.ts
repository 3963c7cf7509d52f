import swagger from "@fastify/swagger";
import {
  type FastifyPluginAsyncTypebox,
  TypeBoxValidatorCompiler,
} from "@fastify/type-provider-typebox";
import Fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyRequest,
  type FastifyServerOptions,
  LogController,
} from "fastify";
import { languageAccepted } from "../protocol/words/languages.ts";
import { ApiFailure, failures } from "./errors.ts";
import type { Metrics } from "./metrics/metrics.ts";
import { sameSecret } from "./nodes/enrolment.ts";
import { openapiOptions } from "./openapi.ts";
import { addressKey, type TrustProxy } from "./rate/addresses.ts";
import { limitAsks } from "./rate/asks.ts";
import type { RateLimits } from "./rate/limits.ts";

/** A prompt of the longest kind, four bytes a character, escaped in JSON, with room for the rest. */
const BODY_LIMIT = 2 * 1_048_576;

export interface ServerParts {
  /** Any of these opens the rooms: the present one, and the next while doors change over to it. */
  readonly serviceTokens: readonly string[];
  readonly rate: RateLimits;
  readonly metrics: Metrics;
  /** Rejects with a sentence while the pool cannot work. */
  readonly ready: () => Promise<void>;
  /** Rooms whose routes need the service token. */
  readonly rooms: readonly FastifyPluginAsyncTypebox[];
  /** Rooms that anybody may enter, as often as one address may ask. */
  readonly openRooms: readonly FastifyPluginAsyncTypebox[];
}

/** An HTTP server without routes yet; its log is the service's log. */
export function createServer(
  logger: FastifyServerOptions["logger"],
  trustProxy: TrustProxy,
): FastifyInstance {
  return Fastify({
    logger,
    trustProxy,
    bodyLimit: BODY_LIMIT,
    // Requests are logged once, when they end, by route: an address may hold an id, a body holds the prompt.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
    // Ids of 255 characters travel in paths, up to twelve bytes each when escaped.
    routerOptions: { maxParamLength: 4096 },
  });
}

/** Adds every room's routes; the caller listens afterwards. */
export async function openRooms(app: FastifyInstance, parts: ServerParts): Promise<void> {
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  // Views are built from typed values; the schemas serve the document and the tests.
  app.setSerializerCompiler(() => JSON.stringify);
  readTextStrictly(app);
  answerErrors(app);
  app.addHook("onResponse", async (request, reply) => {
    const { method } = request;
    const route = request.routeOptions.url ?? "unknown";
    const { statusCode: status, elapsedTime } = reply;
    request.log.info({ method, route, status, ms: Math.round(elapsedTime) }, "request");
    // An event stream lasts as long as its job.
    if (route.endsWith("/events")) return;
    parts.metrics.http.observe({ method, route, status }, elapsedTime / 1000);
  });

  await app.register(swagger, openapiOptions);
  await app.register(async (open) => {
    open.addHook("onRequest", async (request) => {
      const seconds = await parts.rate.open.take(addressKey(request.ip));
      if (seconds !== null) throw failures.tooManyRequests(seconds);
    });
    openRoutes(open, parts.ready);
    for (const room of parts.openRooms) await open.register(room);
  });
  await app.register(async (guarded) => {
    guarded.addHook("onRequest", async (request) => {
      const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "")?.[1];
      if (given !== undefined && parts.serviceTokens.some((token) => sameSecret(given, token))) {
        return;
      }
      // Only those who do not know the token are counted: guessing gets slow, the doors do not.
      const seconds = await parts.rate.refused.take(addressKey(request.ip));
      throw seconds === null ? failures.unauthorised() : failures.tooManyRequests(seconds);
    });
    guarded.addHook("preHandler", limitAsks(parts.rate));
    for (const room of parts.rooms) await guarded.register(room);
  });
  await app.ready();
}

/** JSON bodies whose bytes are UTF-8 and whose strings are text; everything else is refused by name. */
function readTextStrictly(app: FastifyInstance): void {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    let text: string;
    try {
      text = utf8.decode(body as Buffer);
    } catch {
      return done(failures.promptNotText());
    }
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return done(failures.notJson());
    }
    done(isText(value) ? null : failures.promptNotText(), value);
  });
}

/** True where every string in a JSON value can be stored and shown: no NUL, no half of a surrogate pair. */
function isText(value: unknown): boolean {
  if (typeof value === "string") return value.isWellFormed() && !value.includes("\0");
  if (typeof value !== "object" || value === null) return true;
  return Object.entries(value).every(([key, each]) => isText(key) && isText(each));
}

function answerErrors(app: FastifyInstance): void {
  const body = (failure: ApiFailure, { headers }: FastifyRequest) => {
    const message = failure.told(languageAccepted(headers["accept-language"]));
    return { error: { code: failure.code, message, ...failure.more } };
  };
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split("?")[0] as string;
    const failure = failures.noSuchRoute(request.method, path);
    return reply.code(failure.status).send(body(failure, request));
  });
  app.setErrorHandler((error: FastifyError | ApiFailure, request, reply) => {
    let failure: ApiFailure;
    if (error instanceof ApiFailure) failure = error;
    else if (error.validation) failure = failures.requestInvalid(error.message);
    else if (error.code === "FST_ERR_CTP_BODY_TOO_LARGE")
      failure = failures.bodyTooLarge(BODY_LIMIT);
    else if ((error.statusCode ?? 500) < 500) failure = failures.requestInvalid(error.message);
    else {
      request.log.error({ err: error, route: request.routeOptions.url }, "request failed");
      failure = failures.internal();
    }
    if (failure.retryAfterS !== null) reply.header("retry-after", failure.retryAfterS);
    return reply.code(failure.status).send(body(failure, request));
  });
}

/** What anybody may ask: whether the process lives, whether it can work, and how to speak with it. */
function openRoutes(app: FastifyInstance, ready: () => Promise<void>): void {
  const open = { security: [], tags: ["service"] };
  app.get("/healthz", { schema: { ...open, summary: "The process lives" } }, async () => ({
    status: "alive",
  }));
  app.get("/readyz", { schema: { ...open, summary: "The pool can work" } }, async () => {
    try {
      await ready();
    } catch (error) {
      throw failures.notReady((error as Error).message);
    }
    return { status: "ready" };
  });
  app.get("/openapi.json", { schema: { ...open, summary: "This document" } }, async () =>
    app.swagger(),
  );
}
