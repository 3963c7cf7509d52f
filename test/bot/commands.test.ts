import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { ask } from "../../bot/commands/ask.ts";
import { distance, parseAction, parseLine } from "../../bot/commands/parse.ts";
import { trustMeant } from "../../bot/commands/pool-invite.ts";
import { COMMANDS } from "../../bot/commands/table.ts";
import { wordsFor } from "../../bot/words/catalogue.ts";

const parse = (line: string) => parseLine(line, COMMANDS, ask);

describe("what people type", () => {
  test("is a question when it is no command", () => {
    for (const line of ["Hello?", "a / b", "/usr/bin is a path", "what is /ask for?"]) {
      const parsed = parse(line);
      assert.equal(parsed.kind, "command");
      assert.deepEqual(parsed.kind === "command" && [parsed.command.name, parsed.values.question], [
        "ask",
        line,
      ]);
    }
  });

  test("carries options and text to the command", () => {
    const parsed = parse('/ask --model "Substrate demo" How --loud is it?');
    assert.deepEqual(parsed.kind === "command" && parsed.values, {
      model: "Substrate demo",
      question: "How --loud is it?",
    });
  });

  test("asks back when a command is nearly right", () => {
    for (const [typed, meant] of [
      ["/modles", "models"],
      ["/aks hi", "ask"],
      ["/pol", "pool"],
      ["/hepl", "help"],
    ]) {
      const parsed = parse(typed as string);
      assert.match(
        parsed.kind === "refused" ? parsed.message : "",
        new RegExp(`Did you mean /${meant}\\?`),
      );
    }
    const far = parse("/zzzzzz");
    assert.match(far.kind === "refused" ? far.message : "", /Type \/help/);
  });

  test("may name the bare command of a group as platforms with subcommands do", () => {
    for (const line of ["/pool show", "/pool"]) {
      const parsed = parse(line);
      assert.equal(parsed.kind === "command" && parsed.command.name, "pool");
    }
    assert.equal(parse("/models show").kind, "refused");
  });

  test("is refused in words when something is missing or too much", () => {
    assert.equal(parse("/ask   ").kind, "refused");
    assert.equal(parse("/pool now").kind, "refused");
    assert.equal(parse("/ask --model").kind, "refused");
  });

  test("never throws, whatever it is", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (line) => void parse(`/${line}`)));
  });
});

describe("whose questions an invited machine may see", () => {
  test("is said in one word, in English or the reader's language", () => {
    const german = wordsFor("de");
    const typed = ["own", "eigene", "trusted", "vertrauter", "open", "offener"];
    assert.deepEqual(
      typed.map((word) => trustMeant(word, german)),
      ["own", "own", "trusted", "trusted", "open", "open"],
    );
    assert.equal(trustMeant("everybody", german), undefined);
  });
});

describe("buttons", () => {
  const job = "0b29a1c2-0000-4000-8000-000000000001";

  test("name a command of the table and the answer they stand under", () => {
    const parsed = parseAction(`stop:${job}`, COMMANDS);
    assert.equal(parsed?.kind === "command" && parsed.command.name, "stop");
    assert.deepEqual(parsed?.kind === "command" && parsed.values, { answer: job });
  });

  test("that are not ours do nothing", () => {
    for (const id of ["stop", `ask:${job}`, `rm:${job}`, "stop:../../x", ""]) {
      assert.equal(parseAction(id, COMMANDS), null);
    }
  });
});

test("every command fits what platforms allow", () => {
  assert.equal(new Set(COMMANDS.map(({ name }) => name)).size, COMMANDS.length);
  for (const { name, summary, options } of COMMANDS) {
    assert.match(name, /^[a-z]{1,32}( [a-z]{1,32})?$/);
    assert.ok(summary.length <= 100);
    for (const option of options) assert.ok(option.summary.length <= 100);
  }
});

test("distance counts insertions, deletions, changes and swaps", () => {
  assert.equal(distance("ask", "ask"), 0);
  assert.equal(distance("aks", "ask"), 1);
  assert.equal(distance("", "ask"), 3);
  assert.equal(distance("models", "model"), 1);
});
