import type { FastifyReply, FastifyRequest } from "fastify";
import type { Words } from "../words/catalogue.ts";
import type { LocalDoor } from "./local-door.ts";
import { commandLines, limitChoices, pageWords } from "./page-words.ts";
import { shownMessage } from "./render.ts";
import type { PersonId, RoomEvents, Snapshot } from "./wire.ts";

/** Comment lines keep the connection from being taken for dead. */
const HEARTBEAT_MS = 15_000;

/**
 * One page's view of the room as server-sent events: a snapshot, then every change that one of its people
 * may see. A page that reconnects gets a new snapshot, so nothing has to be remembered for it. It begins in the
 * language `first`; where the community has none, its reader's `own` holds.
 */
export function streamRoom(
  door: LocalDoor,
  people: readonly PersonId[],
  own: Words,
  first: Words,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  reply.hijack();
  const { raw } = reply;
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value);
  }
  raw.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });

  function send<E extends keyof RoomEvents>(event: E, data: RoomEvents[E]): void {
    raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }
  const mayRead = (to: PersonId | null) => to === null || people.includes(to);

  let words = first;
  const snapshot = (): Snapshot => ({
    words: pageWords(words),
    people: door.people.all(words).filter((person) => people.includes(person.id)),
    everybody: door.people.all(words),
    messages: door.room
      .messages()
      .filter((message) => mayRead(message.to))
      .map(shownMessage),
    commands: commandLines(words),
    limits: limitChoices(words),
    limitsId: door.limits().id,
    sight: door.sight(words),
  });
  send("snapshot", snapshot());
  const leave = [
    door.room.subscribe((change) => {
      if (change.kind === "removed") {
        if (mayRead(change.to)) send("removed", { id: change.id });
      } else if (mayRead(change.message.to)) send("message", shownMessage(change.message));
    }),
    door.onPeople(() => send("people", door.people.all(words))),
    door.onLimits((id) => send("limits", id)),
    door.watch.subscribe(() => send("sight", door.sight(words))),
    door.onLanguage(async () => {
      const chosen = await door.words(own);
      if (chosen === words) return;
      words = chosen;
      send("snapshot", snapshot());
    }),
  ];
  const heartbeat = setInterval(() => raw.write(": still here\n\n"), HEARTBEAT_MS);
  request.raw.on("close", () => {
    clearInterval(heartbeat);
    for (const stop of leave) stop();
  });
}
