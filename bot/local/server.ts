import { Readable } from "node:stream";
import type { ReadableStream as WebStream } from "node:stream/web";
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from "fastify";
import { ParseError, valueParser } from "../../protocol/parse.ts";
import { PoolError } from "../pool/errors.ts";
import type { NoticeView } from "../views/view.ts";
import { ENGLISH, type Words } from "../words/catalogue.ts";
import { pageHtml, serveAssets } from "./assets.ts";
import { addFormRoutes } from "./form-routes.ts";
import { guardLoopback } from "./guard.ts";
import type { LocalDoor } from "./local-door.ts";
import { browserWords } from "./page-words.ts";
import { streamRoom } from "./room-stream.ts";
import {
  AnswerParams,
  LimitsRequest,
  NameRequest,
  PERSON_IDS,
  type PersonId,
  PersonParams,
  PressRequest,
  SayRequest,
} from "./wire.ts";

const parse = {
  say: valueParser(SayRequest, "message"),
  press: valueParser(PressRequest, "button"),
  name: valueParser(NameRequest, "name"),
  limits: valueParser(LimitsRequest, "limits"),
  person: valueParser(PersonParams, "address"),
  answer: valueParser(AnswerParams, "address"),
};

/** 200,000 characters of any script, JSON-escaped, and the fields around them. */
const BODY_LIMIT = 2_000_000;

/** An empty server with its log. `logger`: false, or pino options. */
export function newServer(logger: boolean | object): FastifyInstance {
  return Fastify({
    logger,
    bodyLimit: BODY_LIMIT,
    // Addresses hold ids only, but every event stream and asset would fill the log.
    logController: new LogController({ disableRequestLogging: true }),
    forceCloseConnections: true,
  });
}

/** The local room's routes: page, events, and what people do. */
export function addRoomRoutes(app: FastifyInstance, door: LocalDoor, host: string): void {
  guardLoopback(app, host);
  serveAssets(app);
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply));
  app.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({ code: "not_found", text: "There is nothing at this address." }),
  );

  app.get("/healthz", async () => ({ status: "ok", pool: door.sight(ENGLISH).reachable }));
  app.get("/", (_request, reply) => page(reply, door, PERSON_IDS));
  for (const id of PERSON_IDS) app.get(`/${id}`, (_request, reply) => page(reply, door, [id]));

  app.get<{ Querystring: { as?: string } }>("/room/events", async (request, reply) => {
    const people = (request.query.as ?? "").split(",").filter(isPersonId);
    if (people.length === 0) throw new NotYou();
    for (const id of people) requirePerson(request, door, id);
    const own = ownWords(request);
    const [words] = await Promise.all([door.words(own), door.watch.looked()]);
    streamRoom(door, people, own, words, request, reply);
    return reply;
  });

  app.post("/room/:person/say", async (request, reply) => {
    const person = personOf(request, door);
    return answerWith(reply, await door.say(person, parse.say(request.body), ownWords(request)));
  });
  app.post("/room/:person/press", async (request, reply) => {
    const person = personOf(request, door);
    return answerWith(
      reply,
      await door.press(person, parse.press(request.body), ownWords(request)),
    );
  });
  app.post("/room/:person/name", async (request) => {
    const person = personOf(request, door);
    door.rename(person, parse.name(request.body).name);
    return {};
  });
  app.post("/room/:person/limits", async (request) => {
    personOf(request, door);
    return { limits: door.chooseLimits(parse.limits(request.body).limits) };
  });

  addFormRoutes(app, door, {
    personOf: (request) => personOf(request, door),
    ownWords,
    answerWith,
  });

  app.get("/room/:person/data", async (request, reply) => {
    const kept = await door.pool.memberData(personOf(request, door));
    reply.type("application/json");
    reply.header("content-disposition", 'attachment; filename="my-data.json"');
    return reply.send(`${JSON.stringify(kept, null, 2)}\n`);
  });
  app.get("/room/:person/where/:jobId", async (request) => {
    const person = personOf(request, door);
    return door.whereFrom(person, parse.answer(request.params).jobId, ownWords(request));
  });
  app.get("/room/:person/export/:jobId", async (request, reply) => {
    const person = personOf(request, door);
    const { jobId } = parse.answer(request.params);
    const pack = await door.exportPack(person, jobId);
    reply.type(pack.contentType);
    reply.header("content-disposition", `attachment; filename="answer-${jobId.slice(0, 8)}.zip"`);
    return reply.send(Readable.fromWeb(pack.body as WebStream));
  });
}

/** The page sets the cookies of the people it shows; a page of one person never holds the other's. */
async function page(reply: FastifyReply, door: LocalDoor, people: readonly PersonId[]) {
  for (const id of people) {
    reply.header(
      "set-cookie",
      `${cookieName(id)}=${door.people.secretOf(id)}; Path=/; HttpOnly; SameSite=Strict; Max-Age=31536000`,
    );
  }
  return reply
    .type("text/html")
    .header("cache-control", "no-store")
    .send(await pageHtml());
}

class NotYou extends Error {
  override name = "NotYou";
}

function personOf(request: FastifyRequest, door: LocalDoor): PersonId {
  const { person } = parse.person(request.params);
  requirePerson(request, door, person as PersonId);
  return person as PersonId;
}

function requirePerson(request: FastifyRequest, door: LocalDoor, id: PersonId): void {
  const cookies = (request.headers.cookie ?? "").split(/;\s*/).map((pair) => pair.split("="));
  const secret = cookies.find(([name]) => name === cookieName(id))?.[1];
  if (!door.people.holds(id, secret)) throw new NotYou();
}

/** What the reader's browser asks for. */
function ownWords({ headers }: FastifyRequest): Words {
  return browserWords(headers["accept-language"]);
}

function cookieName(id: PersonId): string {
  return `substrate-${id}`;
}

function isPersonId(text: string): text is PersonId {
  return PERSON_IDS.some((id) => id === text);
}

/** A refusal goes back to the composer it came from; everything else arrives as a room event. */
function answerWith(reply: FastifyReply, refusal: NoticeView | null) {
  if (refusal === null) return reply.code(202).send({});
  return reply.code(422).send({ code: refusal.code, text: refusal.text });
}

function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const told = (status: number, code: string, text: string) =>
    reply.code(status).send({ code, text });
  if (error instanceof NotYou) {
    return told(403, "not_you", "This page no longer knows who you are. Reload it.");
  }
  if (error instanceof ParseError) return told(400, "bad_request", error.message);
  if (error instanceof PoolError) return told(error.status || 503, error.code, error.message);
  const { statusCode = 500, message } = error as { statusCode?: number; message: string };
  if (statusCode === 413) {
    return told(
      413,
      "too_long",
      "This is far longer than any question may be. Shorten it and send it again.",
    );
  }
  if (statusCode < 500) return told(statusCode, "bad_request", message);
  request.log.error({ error: String(error), stack: (error as Error).stack }, "request failed");
  return told(
    500,
    "room_failed",
    "The room could not do that. Its log says why; your text is kept.",
  );
}
