import { randomUUID } from "node:crypto";
import { EventEmitter } from "node:events";
import { createParser } from "eventsource-parser";
import type { ShownMessage, Snapshot } from "../../bot/local/wire.ts";
import { awaited } from "../support/awaited.ts";
import type { DoorDriver, PersonDriver, Seen } from "./door-driver.ts";

/** Drives the local room through what its page uses: cookies, server-sent events, posts. */
export async function driveLocalRoom(url: string): Promise<DoorDriver> {
  const stop = new AbortController();
  const first = await person(url, "first", stop.signal);
  const second = await person(url, "second", stop.signal);
  return {
    name: "local",
    people: [first, second],
    async close() {
      stop.abort();
    },
  };
}

async function person(url: string, id: string, signal: AbortSignal): Promise<PersonDriver> {
  const page = await fetch(`${url}/${id}`, { signal });
  const cookie = page.headers
    .getSetCookie()
    .map((c) => c.split(";")[0])
    .join("; ");
  const messages = new Map<string, Seen>();
  const changes = new EventEmitter().setMaxListeners(0);
  await follow();

  async function follow(): Promise<void> {
    const response = await fetch(`${url}/room/events?as=${id}`, { headers: { cookie }, signal });
    if (!response.ok || !response.body) throw new Error(`room events: ${response.status}`);
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    const parser = createParser({
      onEvent({ event, data }) {
        const value: unknown = JSON.parse(data);
        const shown = event === "snapshot" ? (value as Snapshot).messages : [];
        for (const message of event === "message" ? [value as ShownMessage] : shown) {
          messages.set(message.id, seen(message));
        }
        if (event === "removed") messages.delete((value as { id: string }).id);
        changes.emit("change");
        resolve();
      },
    });
    const read = async (body: ReadableStream<Uint8Array>) => {
      const decoder = new TextDecoder();
      for await (const bytes of body) parser.feed(decoder.decode(bytes, { stream: true }));
    };
    read(response.body).catch(() => {});
    await ready;
  }

  async function post(path: string, body: object): Promise<Response> {
    return fetch(`${url}/room/${id}/${path}`, {
      method: "POST",
      headers: { cookie, "content-type": "application/json", origin: url },
      body: JSON.stringify(body),
    });
  }

  const sees = (wanted: (message: Seen) => boolean): Promise<Seen> =>
    awaited({
      look: () => [...messages.values()].find(wanted),
      what: wanted,
      changes,
      there: () => [...messages.values()].map((message) => JSON.stringify(message)),
      closed: signal,
    });

  return {
    id,
    sees,
    async say(text, { replyTo, model, wait } = {}) {
      const before = new Set(messages.keys());
      const response = await post("say", {
        text,
        replyTo: replyTo ?? null,
        model: model ?? null,
        wait: wait ?? false,
        key: randomUUID(),
      });
      if (!response.ok) return { refusal: ((await response.json()) as { text: string }).text };
      return sees((message) => !before.has(message.id) && message.view !== null);
    },
    async press(message, button) {
      const jobId = message.view?.kind === "answer" ? message.view.jobId : "";
      const response = await post("press", {
        action: `${button}:${jobId}`,
        model: null,
        key: randomUUID(),
      });
      if (!response.ok) throw new Error(`${button}: ${await response.text()}`);
    },
    async saveAnswer(message) {
      if (message.view?.kind !== "answer") throw new Error("only answers can be saved");
      const response = await fetch(`${url}/room/${id}/export/${message.view.jobId}`, {
        headers: { cookie },
      });
      if (!response.ok) throw new Error(`export: ${await response.text()}`);
      return new Uint8Array(await response.arrayBuffer());
    },
  };
}

function seen({ id, view, replyTo, to }: ShownMessage): Seen {
  return { id, view, replyTo, private: to !== null };
}
