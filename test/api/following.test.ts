// What a follower passes on, however events arrive; and how a slow reader is served.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EventStream } from "../../api/jobs/event-stream.ts";
import { Follower } from "../../api/jobs/follower.ts";
import { etaMs } from "../../api/jobs/place.ts";
import type { JobEvent } from "../../protocol/wire/http.ts";
import { shownText } from "./support/pool.ts";

const node = { keyId: `SHA256:${"a".repeat(43)}`, name: "willow", role: "generate" };
const started = (attempt: number): JobEvent => ({ event: "started", data: { attempt, node } });
const text = (attempt: number, offset: number, piece: string): JobEvent => ({
  event: "text",
  data: { attempt, offset, text: piece },
});
const moved = (attempt: number): JobEvent => ({
  event: "moved",
  data: { attempt, node, code: "node_left", message: "left" },
});

function follow(onGap = () => {}) {
  const passed: JobEvent[] = [];
  const follower = new Follower("job", onGap);
  const open = (present: JobEvent[]) =>
    follower.open({ send: (event) => passed.push(event), close() {} }, present);
  return { follower, passed, open };
}

describe("a follower", () => {
  it("passes on a snapshot and then only what is new", () => {
    const { follower, passed, open } = follow();
    follower.deliver(text(1, 0, "hel"));
    follower.deliver(text(1, 3, "lo"));
    open([started(1), text(1, 0, "hel")]);
    follower.deliver(text(1, 3, "lo"));
    follower.deliver(text(1, 5, " there"));
    assert.equal(shownText(passed), "hello there");
    assert.deepEqual(
      passed.map((each) => each.event),
      ["started", "text", "text", "text"],
    );
  });

  it("asks for all of it when a piece is missing, and goes on from there", () => {
    let gaps = 0;
    const { follower, passed, open } = follow(() => gaps++);
    open([started(1), text(1, 0, "hel")]);
    follower.deliver(text(1, 8, "re"));
    assert.equal(gaps, 1);
    for (const event of [started(1), text(1, 0, "hello there")]) follower.deliver(event);
    assert.equal(shownText(passed), "hello there");
  });

  it("drops what a node sends whose attempt is lost", () => {
    const { follower, passed, open } = follow();
    open([started(1), text(1, 0, "old")]);
    follower.deliver(moved(1));
    follower.deliver(text(1, 3, "er"));
    follower.deliver(moved(1));
    follower.deliver(started(2));
    follower.deliver(text(2, 0, "new"));
    assert.equal(shownText(passed), "new");
    assert.deepEqual(
      passed.map((each) => each.event),
      ["started", "text", "moved", "started", "text"],
    );
  });

  it("shows the whole text however pieces are repeated, cut and mixed with snapshots", () => {
    const answer = "The quick brown fox jumps over the lazy dog.";
    const piece = fc.tuple(fc.nat(answer.length), fc.nat(answer.length));
    fc.assert(
      fc.property(fc.array(piece), (cuts) => {
        const { follower, passed, open } = follow();
        open([started(1)]);
        for (const [from, length] of cuts) {
          follower.deliver(text(1, from, answer.slice(from, from + length)));
        }
        follower.deliver(text(1, 0, answer));
        assert.equal(shownText(passed), answer);
      }),
    );
  });
});

describe("an event stream", () => {
  /** A reader that stops reading, and the stream to it. */
  async function slowReader(): Promise<{
    stream: EventStream;
    read: () => Promise<string>;
    close: () => void;
  }> {
    const opened = Promise.withResolvers<EventStream>();
    const server = createServer((_request, response) =>
      opened.resolve(new EventStream(response, 60_000)),
    ).listen(0, "127.0.0.1");
    await once(server, "listening");
    const request = get(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    response.pause();
    const read = async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString();
    };
    return { stream: await opened.promise, read, close: () => server.close() };
  }

  const end = { event: "end", data: { state: "done" } } as unknown as JobEvent;
  const blocks = (sent: string) => sent.split("\n\n").filter((block) => block.startsWith("event"));

  it("merges pieces for a slow reader and loses nothing", async () => {
    const { stream, read, close } = await slowReader();
    let sent = "";
    for (let i = 0; i < 20_000; i++) {
      const word = `word ${i} of a long answer. `;
      stream.send(text(1, sent.length, word));
      sent += word;
    }
    stream.send(end);
    const received = blocks(await read());
    assert(received.length < 20_000, `${received.length} events`);
    const events = received.map((block) => {
      const [, event, data] = /^event: (\w+)\ndata: (.*)$/.exec(block)!;
      return { event, data: JSON.parse(data!) } as JobEvent;
    });
    assert.equal(shownText(events), sent);
    assert.equal(events.at(-1)?.event, "end");
    close();
  });

  it("gives a reader that is far behind only the final state, in bounded memory", async () => {
    const { stream, read, close } = await slowReader();
    const piece = "x".repeat(65_536);
    for (let i = 0; i < 400; i++) stream.send(text(1, i * piece.length, piece));
    stream.send(end);
    const received = await read();
    assert(received.length < 10 * 1_048_576, `${received.length} bytes`);
    assert(blocks(received).at(-1)?.startsWith("event: end"));
    close();
  });
});

describe("the estimate", () => {
  it("is unknown without a machine, or without history where others are in front", () => {
    assert.equal(etaMs(3, 0, 1000), null);
    assert.equal(etaMs(3, 1, null), null);
  });

  it("is nothing while a machine is free, and grows by what is ahead per machine", () => {
    assert.equal(etaMs(0, 1, null), 0);
    assert.equal(etaMs(1, 2, 1000), 0);
    assert.equal(etaMs(1, 1, 1000), 1000);
    assert.equal(etaMs(5, 2, 1000), 2000);
  });
});
