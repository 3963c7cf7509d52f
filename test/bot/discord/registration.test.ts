import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { COMMANDS } from "../../../bot/commands/table.ts";
import { commandBodies } from "../../../bot/discord/registration.ts";
import { LOCALES, type Words, wordsFor } from "../../../bot/words/catalogue.ts";
import { discordJudge } from "../../support/discord/judge.ts";

/** Entries that are one sentence. */
function texts(words: Words): [string, string][] {
  return Object.entries(words).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
}

const path = "/applications/1100000000000000002/commands";

describe("the door's languages", () => {
  test("register with Discord: names, descriptions and options in every one", () => {
    const body = JSON.parse(JSON.stringify(commandBodies(COMMANDS)));
    assert.deepEqual(discordJudge().request({ method: "PUT", path, body }), []);
    for (const command of body) {
      assert.deepEqual(Object.keys(command.name_localizations), LOCALES, command.name);
      for (const option of command.options ?? []) {
        assert.deepEqual(Object.keys(option.description_localizations), LOCALES, option.name);
      }
    }
  });

  test("name no two commands alike, and in letters that Discord takes", () => {
    for (const locale of LOCALES) {
      const body = commandBodies(COMMANDS) as {
        type: number;
        name_localizations: Record<string, string>;
        description_localizations?: Record<string, string>;
      }[];
      const slash = body.filter(({ type }) => type === 1);
      const names = slash.map(({ name_localizations }) => name_localizations[locale] ?? "");
      assert.equal(new Set(names).size, names.length, locale);
      for (const name of names) assert.match(name, /^[-_\p{Ll}\p{N}]{1,32}$/u);
      for (const { description_localizations } of slash) {
        assert.ok((description_localizations?.[locale] ?? "").length <= 100);
      }
    }
  });

  test("keep every place that is filled in, and every button's length", () => {
    const english = Object.fromEntries(texts(wordsFor("en-US")));
    for (const locale of LOCALES) {
      const words = Object.fromEntries(texts(wordsFor(locale)));
      for (const [key, sentence] of Object.entries(words)) {
        const places = (text = "") => (text.match(/\{\w+\}/g) ?? []).sort();
        assert.deepEqual(places(sentence), places(english[key]), `${locale} ${key}`);
        if (key.startsWith("button_")) assert.ok(sentence.length <= 80);
        if (key === "where_message") assert.ok(sentence.length <= 32);
      }
    }
  });

  test("fall back to English", () => {
    assert.equal(wordsFor("ja").ask_summary, wordsFor(null).ask_summary);
    assert.equal(wordsFor(undefined).button_stop, "Stop");
  });
});
