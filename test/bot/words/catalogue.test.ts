import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { failures } from "../../../api/errors.ts";
import { lostMessage, notices } from "../../../api/jobs/notices.ts";
import { admitFailures } from "../../../api/policy/admit.ts";
import { COMMANDS } from "../../../bot/commands/table.ts";
import {
  counted,
  ENGLISH,
  filled,
  LANGUAGES,
  type Plural,
  type Words,
  wordsFor,
} from "../../../bot/words/catalogue.ts";
import { poolSentence } from "../../../bot/words/pool-sentences.ts";

const OTHERS = LANGUAGES.filter((tag) => tag !== "en");

function isPlural(entry: unknown): entry is Plural {
  return typeof entry === "object" && entry !== null && "other" in entry;
}

/** Places that a sentence leaves open: `{n}`, `{node}`. */
function places(sentence: string): string[] {
  return (sentence.match(/\{\w+\}/g) ?? []).sort();
}

/** Every form of every entry, by key and form. */
function forms(words: Words): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, entry] of Object.entries(words)) {
    if (typeof entry === "string") found.set(key, entry);
    else if (isPlural(entry)) {
      for (const [form, sentence] of Object.entries(entry)) found.set(`${key} ${form}`, sentence);
    }
  }
  return found;
}

describe("the catalogue of all doors", () => {
  test("has every entry in every language, with the same places to fill", () => {
    const english = forms(ENGLISH);
    for (const tag of OTHERS) {
      const words = wordsFor(tag);
      assert.deepEqual(Object.keys(words).sort(), Object.keys(ENGLISH).sort(), tag);
      for (const [key, sentence] of forms(words)) {
        assert.notEqual(sentence.trim(), "", `${tag} ${key}`);
        const same = english.get(key) ?? english.get(key.replace(/ many$/, " other")) ?? "";
        assert.deepEqual(places(sentence), places(same), `${tag} ${key}`);
      }
    }
  });

  test("calls the pool by one name in each language", () => {
    for (const tag of ["es", "fr", "pt"]) {
      const [, name] = /(grupo|groupe)/i.exec(wordsFor(tag).page_pool) ?? [];
      assert.ok(name, tag);
      const otherwise = [...forms(wordsFor(tag)).values()].filter((text) =>
        /(?<![!/`])\bpool\b/i.test(text),
      );
      assert.deepEqual(otherwise, [], tag);
    }
  });

  test("has a form for every plural category that the language has for whole numbers", () => {
    const numbers = [0, 1, 2, 3, 5, 10, 21, 100, 1000, 1_000_000, 2_000_000];
    for (const tag of LANGUAGES) {
      const words = wordsFor(tag);
      const rules = new Intl.PluralRules(words.locale);
      const wanted = new Set(numbers.map((n) => rules.select(n)));
      for (const [key, entry] of Object.entries(words)) {
        if (!isPlural(entry)) continue;
        for (const category of wanted) {
          assert.ok(category in entry, `${tag} ${key} has no form for ${category}`);
        }
      }
    }
  });

  test("counts as people of the language do", () => {
    const say = (tag: string, n: number) => counted(wordsFor(tag), wordsFor(tag).answers_ahead, n);
    assert.deepEqual(
      [say("en", 1), say("en", 0), say("en", 1204)],
      ["1 answer ahead", "0 answers ahead", "1,204 answers ahead"],
    );
    assert.deepEqual([say("de", 1), say("de", 1204)], ["1 Antwort davor", "1.204 Antworten davor"]);
    // French counts nothing as one; a full million takes "de".
    assert.deepEqual(
      [say("fr", 0), say("fr", 2), say("fr", 1_000_000)].map((text) => text.replace(/\s/g, " ")),
      ["0 réponse avant", "2 réponses avant", "1 000 000 de réponses avant"],
    );
    assert.equal(say("es", 1_000_000), "1.000.000 de respuestas por delante");
    assert.equal(say("pt", 1), "1 resposta na frente");
  });

  test("falls back by main language, then to English, for every spelling of a tag", () => {
    const languages: [string | null | undefined, string][] = [
      ["de", "de"],
      ["de-AT", "de"],
      ["DE_ch", "de"],
      ["es", "es"],
      ["es-MX", "es"],
      ["es-419", "es"],
      ["fr-CA", "fr"],
      ["pt", "pt-BR"],
      ["pt-PT", "pt-BR"],
      ["en-GB", "en"],
      ["ja", "en"],
      ["", "en"],
      ["../../etc", "en"],
      [null, "en"],
      [undefined, "en"],
    ];
    for (const [tag, locale] of languages) assert.equal(wordsFor(tag).locale, locale, String(tag));
  });

  test("names and explains every command and option", () => {
    for (const tag of LANGUAGES) {
      const words = wordsFor(tag) as unknown as Record<string, unknown>;
      for (const command of COMMANDS) {
        const key = command.name.replaceAll(" ", "_");
        assert.equal(typeof words[`${key}_summary`], "string", `${tag} ${key}`);
        assert.equal(typeof words[`${key}_name`], "string", `${tag} ${key}`);
      }
    }
  });

  test("a name never opens another place to fill", () => {
    assert.equal(filled("{a} and {b}", { a: "{b}", b: "x" }), "{b} and x");
  });
});

describe("what the pool says, in other languages", () => {
  const said = [
    ...(["node_left", "node_silent", "node_refused", "receipt_refused", "bad_frames"] as const).map(
      (code) => ({ code, message: lostMessage(code, "maple"), known: { node: "maple" } }),
    ),
    ...[
      notices.noNode("SmolLM2"),
      notices.waitingForNode("SmolLM2", 600_000),
      notices.expired(600_000),
      notices.tooManyAttempts(3),
    ].map(({ code, message }) => ({ code, message, known: { model: "SmolLM2" } })),
    ...[
      failures.promptEmpty(),
      failures.promptTooLong(50_000, 8000),
      failures.modelUnknown("gpt", ["a"]),
      failures.continuesUnknown(),
      failures.jobUnknown(),
      failures.noAnswer(),
      failures.internal(),
      admitFailures.channel(),
      admitFailures.mayNotAsk(),
      admitFailures.modelNotServed("x"),
    ].map(({ code, message }) => ({ code, message, known: {} })),
  ];

  test("every sentence has its translation, with its names and numbers in it", () => {
    for (const tag of OTHERS) {
      for (const { code, message, known } of said) {
        const told = poolSentence(wordsFor(tag), code, message, known);
        assert.notEqual(told, message, `${tag} ${code}`);
        assert.doesNotMatch(told, /\{\w+\}/, `${tag} ${code}`);
      }
      const long = failures.promptTooLong(50_000, 8000);
      assert.match(poolSentence(wordsFor(tag), long.code, long.message), /50000.*8000/);
    }
  });

  test("an unknown code, or a sentence that says less than expected, stays in the pool's words", () => {
    const german = wordsFor("de");
    assert.equal(poolSentence(german, "brand_new", "Something new."), "Something new.");
    assert.equal(poolSentence(german, "prompt_too_long", "Too long."), "Too long.");
  });
});
