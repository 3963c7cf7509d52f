// The pool's own sentences about governance: whole in every language, filled the same way, and none that nobody says.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { parseConstitution } from "../../api/governance/constitution/schema.ts";
import { rulesWords } from "../../api/governance/constitution/words.ts";
import { governanceFailures, type Refusal } from "../../api/governance/failures.ts";
import { methodWords } from "../../api/governance/proposals/view-words.ts";
import { de } from "../../api/governance/words/de/index.ts";
import { en } from "../../api/governance/words/en/index.ts";
import { es } from "../../api/governance/words/es/index.ts";
import { fr } from "../../api/governance/words/fr/index.ts";
import { pt } from "../../api/governance/words/pt/index.ts";
import { each, type Said, say } from "../../api/governance/words/say.ts";
import { spoken, spokenAll } from "../../api/governance/words/speak.ts";
import { defaultConstitution, rulesetDigest } from "../../config/constitution.ts";
import { ROOT } from "../../config/settings.ts";
import { POLL_METHODS } from "../../protocol/counting/poll.ts";
import { LANGUAGES, languageAccepted } from "../../protocol/words/languages.ts";

const OTHERS = { de, es, fr, pt } as const;
const LOCALES = { de: "de", es: "es", fr: "fr", pt: "pt-BR" } as const;

/** Places that a sentence leaves open, of all its forms. */
function places(entry: string | object): string[][] {
  const forms = typeof entry === "string" ? [entry] : Object.values(entry);
  return forms.map((form: string) => [...new Set(form.match(/\{\w+\}/g) ?? [])].sort());
}

describe("the pool's sentences", () => {
  it("are all there in every language, and leave the same places open", () => {
    for (const [tag, sentences] of Object.entries(OTHERS)) {
      assert.deepEqual(Object.keys(sentences).sort(), Object.keys(en).sort(), tag);
      for (const [key, entry] of Object.entries(sentences)) {
        const [same] = places(en[key as keyof typeof en]);
        for (const own of places(entry)) assert.deepEqual(own, same, `${tag} ${key}`);
      }
    }
  });

  it("have a form for every plural category of the language", () => {
    const numbers = [0, 1, 2, 5, 21, 100, 1_000_000];
    for (const [tag, sentences] of Object.entries(OTHERS)) {
      const rules = new Intl.PluralRules(LOCALES[tag as keyof typeof LOCALES]);
      const wanted = new Set(numbers.map((n) => rules.select(n)));
      for (const [key, entry] of Object.entries(sentences)) {
        if (typeof entry === "string") continue;
        for (const category of wanted) assert.ok(category in entry, `${tag} ${key} ${category}`);
      }
    }
  });

  it("are none that nobody says", () => {
    const files = globSync("api/**/*.ts", {
      cwd: ROOT,
      exclude: ["**/node_modules/**", "api/governance/words/{en,de,es,fr,pt}/**"],
    });
    const text = files.map((file) => readFileSync(`${ROOT}/${file}`, "utf8")).join("\n");
    const names = new Set([...text.matchAll(/"([a-z][\w.-]*)"/g)].map(([, name]) => name));
    const built = [...text.matchAll(/`([a-z_]+_)\$\{[^}]+\}((?:_[a-z]+)?)`/g)].map(
      ([, before, after]) => new RegExp(`^${before}.+${after}$`),
    );
    const unsaid = Object.keys(en).filter(
      (key) => !names.has(key) && !key.startsWith("law_") && !built.some((one) => one.test(key)),
    );
    assert.deepEqual(unsaid, []);
  });

  it("are not English in other languages", () => {
    const english =
      /(?<!\p{L})(the|this|that|are|were|have|not|of|and|your|they|nobody)(?!\p{L})/iu;
    for (const [tag, sentences] of Object.entries(OTHERS)) {
      for (const [key, entry] of Object.entries(sentences)) {
        const forms = Object.values(typeof entry === "string" ? [entry] : entry);
        const said = forms.join(" ").replace(/\{\w+\}/g, "");
        assert.doesNotMatch(said, english, `${tag} ${key}`);
        // Names of scopes and identifiers are the same everywhere; whole sentences are not.
        if (/[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(said)) {
          assert.notDeepEqual(entry, en[key as keyof typeof en], `${tag} ${key}`);
        }
      }
    }
  });

  it("count and date as people of the language do", () => {
    const words = (tag: (typeof LANGUAGES)[number], text: Said) =>
      spoken(tag, text).replace(/\s/g, " ");
    const late = governanceFailures.late(Date.UTC(2027, 0, 31, 18));
    assert.match(late.message, /closed on 31 January 2027 at 18:00 UTC/);
    assert.match(late.told("de"), /endete am 31\. Januar 2027 um 18:00 UTC/);
    assert.match(late.told("fr"), /le 31 janvier 2027 à 18:00 UTC/);
    const seats = (n: number) => say("seats_members", { n });
    assert.equal(words("de", seats(1)), "1 Sitz der Mitglieder");
    assert.equal(words("de", seats(1204)), "1.204 Sitze der Mitglieder");
    assert.equal(words("es", seats(1_000_000)), "1.000.000 de escaños de miembros");
    const list = say("mine_seat", {
      houses: each([say("house_members"), say("house_producers")], "and"),
    });
    assert.equal(words("pt", list), "Você tem um assento em: membros e produtores.");
    assert.equal(
      words("de", say("change_ends", { time: { hours: 72 } })),
      "endet 3 Tage nach dem Beginn",
    );
  });

  it("refuse in every language, by the same code, with the same names and numbers", () => {
    const {
      kindUnknown,
      methodUnknown,
      forbidden,
      field,
      choice,
      notOnRoll,
      notOpen,
      vouch,
      emergency,
      wrongState,
      nothingChanges,
      agentMayNot,
      ...plain
    } = governanceFailures;
    const why = say("why_missing");
    const refused = [
      ...Object.values(plain).map((make) => (make as (n: number, at: number) => Refusal)(7, 0)),
      ...[kindUnknown("x", ["a"]), methodUnknown("x", ["a"])],

      ...[
        forbidden([say("floor", { floor: 1 })]),
        field(say("field_days"), why),
        choice(say("choice_twice", { option: "A" })),
      ],
      ...[
        notOnRoll(say("roll_only")),
        notOpen(say("open_later", { at: { at: 0 } })),
        vouch(say("vouch_self")),
      ],
      ...[emergency(say("emergency_other")), nothingChanges(say("same_option", { option: "A" }))],
      ...[wrongState(say("what_edit"), say("state_voting")), agentMayNot("poll")],
    ];
    assert.ok(refused.length > 25);
    for (const refusal of refused) {
      const told = LANGUAGES.map((language) => refusal.told(language));
      assert.equal(new Set(told).size, LANGUAGES.length, told.join(" | "));
      for (const sentence of told) assert.doesNotMatch(sentence, /\{\w+\}|undefined|\[object/);
    }
  });

  it("leave what people wrote as they wrote it, and end a question once", () => {
    const title = "Shall {n} of us meet? ";
    assert.equal(spoken("de", title), title);
    assert.equal(
      spoken("de", say("result_asked", { title: title.trim() })),
      "Gefragt war: Shall {n} of us meet?",
    );
    const odd = { say: "no_such_sentence", with: { a: 1 } };
    assert.deepEqual(spokenAll("de", { odd } as never), { odd });
  });

  it("put every text of the default rules into every language, and an amended one stays as written", () => {
    const rules = parseConstitution(defaultConstitution());
    const digest = rulesetDigest(rules);
    const written = JSON.stringify(defaultConstitution());
    for (const [key, law] of Object.entries(en)) {
      if (key.startsWith("law_"))
        assert.ok(written.includes(JSON.stringify(law).slice(1, -1)), key);
    }
    for (const [tag, sentences] of Object.entries(OTHERS)) {
      const text = rulesWords(rules)
        .flatMap(({ title, lines }) => [title, ...lines])
        .map((line) => spoken(tag as keyof typeof OTHERS, line))
        .join("\n");
      assert.ok(text.includes(sentences.law_exit as string), tag);
      assert.doesNotMatch(text, /\b(the|operator|smallest|accepted|lately)\b/, tag);
    }
    const amended = structuredClone(rules);
    amended.founding.admit = "one gardener";
    const told = rulesWords(amended).flatMap(({ lines }) =>
      lines.map((line) => spoken("de", line)),
    );
    assert.ok(told.some((line) => line.includes("one gardener")));
    assert.equal(rulesetDigest(rules), digest, "words change nothing of what is signed");
  });

  it("name every way of counting", () => {
    for (const method of Object.keys(POLL_METHODS)) {
      assert.notEqual(methodWords({ method, terms: {} as never }), method);
    }
  });

  it("come in the first language asked for that the pool speaks", () => {
    const asked: [string | undefined, string][] = [
      ["de", "de"],
      ["pt-BR", "pt"],
      ["fr-CA, en;q=0.5", "fr"],
      ["ja, es;q=0.3, de;q=0.8", "de"],
      ["de;q=0, es", "es"],
      ["*", "en"],
      ["", "en"],
      [undefined, "en"],
      ["../../etc;q=9", "en"],
      ["x".repeat(10_000), "en"],
    ];
    for (const [header, language] of asked) assert.equal(languageAccepted(header), language);
  });
});
