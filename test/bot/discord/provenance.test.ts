// Where an answer came from: button, commands, files.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { messagesOf } from "../../../bot/discord/render/views.ts";
import { provenanceView } from "../../../bot/views/provenance.ts";
import { ENGLISH } from "../../../bot/words/catalogue.ts";
import { provenanceOf } from "../pool-fixtures.ts";
import { buttonsOf, type DiscordRoom, openDiscordRoom, textOf } from "./room.ts";
import { watch } from "./watch.ts";

let room: DiscordRoom;
before(async () => {
  room = await openDiscordRoom();
});
after(() => room.close());
const { finalAnswer, nextJob, sees } = watch(() => room);

describe("where an answer came from, in Discord", () => {
  test("tells where an answer came from, privately, by button, command and message command", async () => {
    const { discord, asker, other, channel } = room;
    const job = await nextJob(() =>
      discord.slash(asker, channel, "ask", { question: "What is it?" }),
    );
    job.start();
    job.text("This.");
    job.done();
    const answer = await finalAnswer(job.job.id);
    const asks = [
      () => discord.press(other, channel, answer, `where:${job.job.id}`),
      () => discord.slash(other, channel, "where"),
      () => discord.slash(other, channel, "where", { answer: answer.id }),
      () => discord.messageCommand(other, channel, "Where did this answer come from?", answer),
    ];
    for (const ask of asks) {
      const known = new Set(room.seenBy(other).map(({ id }) => id));
      ask();
      const told = await sees(
        other,
        (m) => !known.has(m.id) && buttonsOf(m).includes(`export:${job.job.id}`),
      );
      assert.ok(!room.seenBy(asker).some(({ id }) => id === told.id), "private");
      assert.deepEqual(
        told.attachments.map(({ filename }) => filename.split(".").at(-1)),
        ["txt", "png"],
      );
    }
    const all = room
      .seenBy(other)
      .filter((m) => m.flags! & 64)
      .map(textOf)
      .join("\n");
    for (const expected of [
      /Signature of the node/,
      /not run|did not run/,
      /SHA-256/,
      /Apache-2\.0/,
    ])
      assert.match(all, expected);
  });

  test("sends the picture as SVG where this machine cannot draw", () => {
    const source = provenanceOf({ ...room.pool.last().job });
    const view = provenanceView(source, ENGLISH);
    const messages = messagesOf(view, {
      form: "card",
      words: ENGLISH,
      threads: false,
      picture: null,
    });
    const files = messages.flatMap((message) => message.files ?? []);
    const svg = files.find(({ name }) => name.endsWith(".svg"));
    assert(svg, files.map(({ name }) => name).join());
    const drawn = new TextDecoder().decode(svg.bytes);
    assert.match(drawn, /^<svg [\s\S]*<\/svg>\s*$/);
    assert.ok(
      files.some(({ name }) => name.endsWith(".txt")),
      "the words stand beside it",
    );
  });

  test("hands out the answer and its receipt as a file", async () => {
    const { discord, asker, channel } = room;
    const answer = room
      .seenBy(asker)
      .find((m) => buttonsOf(m).some((id) => id.startsWith("where:")));
    const jobId = buttonsOf(answer)[0]?.split(":")[1] ?? "";
    discord.press(asker, channel, answer!, `where:${jobId}`);
    const told = await sees(asker, (m) => buttonsOf(m).includes(`export:${jobId}`));
    discord.press(asker, channel, told, `export:${jobId}`);
    const saved = await sees(asker, (m) => m.attachments.some((a) => a.filename.endsWith(".zip")));
    assert.match(textOf(saved), /npm run verify -- answer-\w{8}\.zip/);
  });
});
