import type { FastifyReply, FastifyRequest } from "fastify";
import type { LocalDoor } from "./local-door.ts";
import { shownMessage } from "./render.ts";
import type { PersonId, RoomEvents } from "./wire.ts";

/** Comment lines keep the connection from being taken for dead. */
const HEARTBEAT_MS = 15_000;

/**
 * One page's view of the room as server-sent events: a snapshot, then every change that one of its people
 * may see. A page that reconnects gets a new snapshot, so nothing has to be remembered for it.
 */
export function streamRoom(
  door: LocalDoor,
  people: readonly PersonId[],
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

  send("snapshot", {
    people: door.people.all().filter((person) => people.includes(person.id)),
    everybody: door.people.all(),
    messages: door.room
      .messages()
      .filter((message) => mayRead(message.to))
      .map(shownMessage),
    commands: door.commands,
    limits: door.limitChoices,
    limitsId: door.limits().id,
    sight: door.sight(),
  });
  const leave = [
    door.room.subscribe((change) => {
      if (change.kind === "removed") {
        if (mayRead(change.to)) send("removed", { id: change.id });
      } else if (mayRead(change.message.to)) send("message", shownMessage(change.message));
    }),
    door.onPeople((everybody) => send("people", everybody)),
    door.onLimits((id) => send("limits", id)),
    door.watch.subscribe((sight) => send("sight", sight)),
  ];
  const heartbeat = setInterval(() => raw.write(": still here\n\n"), HEARTBEAT_MS);
  request.raw.on("close", () => {
    clearInterval(heartbeat);
    for (const stop of leave) stop();
  });
}
