// The rules as data: read, put into words, amended, and what no amendment can change.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { ApiFailure } from "../../api/errors.ts";
import { readChoice } from "../../api/governance/ballots/choice.ts";
import { seal, unseal } from "../../api/governance/ballots/seal.ts";
import { backersNeeded, quorumOf } from "../../api/governance/constitution/formulas.ts";
import { broken, INVARIANTS } from "../../api/governance/constitution/invariants.ts";
import { everyRule, lint } from "../../api/governance/constitution/lint.ts";
import { NOT_YET, notYetWords } from "../../api/governance/constitution/not-yet.ts";
import { parseConstitution } from "../../api/governance/constitution/schema.ts";
import { rulesWords } from "../../api/governance/constitution/words.ts";
import { kindOf, proposableKinds } from "../../api/governance/kinds/table.ts";
import { inEnglish, spoken } from "../../api/governance/words/speak.ts";
import { defaultConstitution } from "../../config/constitution.ts";
import { generateSigningKey } from "../../protocol/keys.ts";

const rules = parseConstitution(defaultConstitution());

describe("the constitution", () => {
  it("is whole, breaks no invariant and can be put into words", () => {
    assert.deepEqual(broken(rules), []);
    const words = rulesWords(rules).flatMap(({ lines }) => lines.map(inEnglish));
    assert(
      words.every((line) => !/undefined|NaN|\[object/.test(line)),
      words.join("\n"),
    );
    assert(words.length > 20);
  });

  it("says what of it nobody can do here yet, and of nothing else", () => {
    const section = rulesWords(rules).find(({ title }) => title.say === "rules_not_yet");
    assert.deepEqual(section?.lines, notYetWords(rules));
    assert.equal(section?.lines.length, NOT_YET.length, "a row names what the rules do not");
    const kinds = [...proposableKinds(), kindOf("ratify")];
    for (const kind of kinds) assert(kind.types.includes(kind.type(null, null)), kind.kind);
    const opened = new Set(kinds.flatMap(({ types }) => types));
    const listed = new Set(NOT_YET.flatMap(({ types }) => types));
    for (const type of Object.keys(rules.types)) {
      assert.equal(opened.has(type), !listed.has(type), type);
      assert(listed.delete(type) || opened.has(type));
    }
    assert.deepEqual([...listed], [], "a row names a kind of decision that is not in the rules");
    const without = structuredClone(rules) as { types: Record<string, unknown> };
    delete without.types["priority.rank"];
    assert.equal(notYetWords(without as typeof rules).length, NOT_YET.length - 1);
  });

  it("asks for K backers and a quorum that never exceeds the roll", () => {
    assert.deepEqual(
      [0, 1, 4, 5, 16, 17, 100, 10_000].map(backersNeeded),
      [1, 1, 1, 2, 2, 3, 5, 5],
    );
    for (let n = 1; n <= 500; n++) assert(quorumOf(n) <= n && quorumOf(n) >= Math.min(n, 1));
  });

  it("says in words what an amendment changes and which invariant forbids it", () => {
    const one = (path: string, value: unknown) => lint(rules, [{ path, value }]);
    const longer = one("/types/quota.set/voteH", 168);
    assert.deepEqual(longer.words.map(inEnglish), ["types › quota.set › voteH: 120 → 168."]);
    assert.equal(longer.type, "amend");
    assert.equal(longer.amended?.version, 2);
    const forbidden: [string, unknown, string][] = [
      ["/commons/floorPerDay", 0, "commons-floor"],
      ["/credits/transferable", true, "credits-not-transferable"],
      ["/credits/buyVotes", true, "credits-not-transferable"],
      ["/data/erasure", "never", "erasure"],
      ["/checks/exit", "never", "exit"],
      ["/agents/vote", "everywhere", "agents-standing"],
      ["/agents/office", true, "agents-standing"],
      ["/bodies/producers/agentShareMax", [1, 2], "agents-standing"],
      ["/types/steward.elect/sealed", false, "ballot-secrecy"],
      ["/log/appendOnly", false, "append-only-log"],
      ["/bodies/members/vote", "by credits", "one-person-one-vote"],
      ["/procedure/rulesPinned", "newest", "rules-pinned"],
      ["/types/amend/ratio", [99, 1], "amendable"],
      ["/types/amend/house", ["producers"], "amendable"],
      ["/types/amend/voteH", 1, "amendable"],
      ["/checks/emergency/hours", 1000, "two-stewards"],
      ["/version", 9, "version"],
      ["/no/such/rule", 1, "no-such-rule"],
      ["/types/amend/talkH", "long", "shape"],
      ["/bodies/stewards/seats", "1", "stewards-elected"],
      ["/bodies/stewards/seats", "as many as there are", "stewards-elected"],
      ["/__proto__/x", 1, "no-such-rule"],
    ];
    for (const [path, value, invariant] of forbidden) {
      const view = one(path, value);
      assert(
        view.forbidden.some((each) => each.invariant === invariant),
        `${path}: ${JSON.stringify(view.forbidden)}`,
      );
      assert.equal(view.amended, null);
    }
    assert.notEqual(one("/bodies/stewards/seats", "5").amended, null);
    const said = (path: string, value: unknown) =>
      one(path, value).forbidden.map(({ words }) => spoken("de", words));
    const begin = "So lassen sich Regeln nicht schreiben: types › amend ›";
    assert.deepEqual(said("/types/amend/talkH", "long"), [
      `${begin} talkH verlangt eine ganze Zahl.`,
    ]);
    assert.deepEqual(said("/types/amend/voteH", 0), [`${begin} voteH verlangt mindestens 1.`]);
    assert.match(
      said("/types/amend/initiate", "x")[0] ?? "",
      /initiate verlangt eines von K, 2\*K/,
    );
    assert.match(
      said("/types/amend/ratio", [1, 2, 3])[0] ?? "",
      /ratio › 2 verlangt etwas anderes/,
    );
    assert.equal(one("/bodies/members/standingDays", 7).type, "amend.entrenched");
    assert.equal(one("/types/amend.entrenched/ratio", [4, 1]).type, "amend.entrenched");
    assert.deepEqual(broken(rules), [], "looking at an amendment changed the rules");
  });

  it("never ends up broken or unreadable through any amendment that is let through", () => {
    const paths = everyRule(rules).map(([path]) => path);
    const value = fc.oneof(
      fc.integer(),
      fc.boolean(),
      fc.string(),
      fc.constant([1, 1]),
      fc.constant(null),
    );
    fc.assert(
      fc.property(
        fc.array(fc.record({ path: fc.constantFrom(...paths), value }), {
          minLength: 1,
          maxLength: 3,
        }),
        (changes) => {
          const { amended } = lint(rules, changes);
          if (amended === null) return;
          assert.deepEqual(broken(parseConstitution(amended)), []);
        },
      ),
    );
    assert(INVARIANTS.length >= 7);
  });
});

describe("a ballot as typed", () => {
  const form = (kind: Parameters<typeof readChoice>[1]["kind"]) => ({
    ...{ kind, strict: false, options: ["A", "B", "C", "Z"], highestScore: 5, credits: 100 },
  });
  const read = (kind: Parameters<typeof readChoice>[1]["kind"], text: string) =>
    readChoice({ text }, form(kind));
  const refused = (kind: Parameters<typeof readChoice>[1]["kind"], text: string) =>
    assert.throws(
      () => read(kind, text),
      (error: ApiFailure) => error instanceof ApiFailure && error.code === "choice_invalid",
      `${kind}: ${text}`,
    );

  it("is read as people write it", () => {
    assert.deepEqual(read("yes-no", " Yes "), { answer: "yes" });
    assert.deepEqual(read("yes-no", "👎"), { answer: "no" });
    assert.deepEqual(read("approval", "c, a"), { approve: ["A", "C"] });
    assert.deepEqual(read("ranking", "a > c=b > z"), { rank: [["A"], ["B", "C"], ["Z"]] });
    assert.deepEqual(read("scores", "A=5, b:1 c=0"), { scores: { A: 5, B: 1, C: 0 } });
    assert.deepEqual(read("votes", "A=9 B=-4"), { scores: { A: 9, B: -4 } });
  });

  it("is refused in words when it says too little, too much or something else", () => {
    for (const [kind, text] of [
      ["yes-no", "maybe"],
      ["approval", "A,A"],
      ["approval", "D"],
      ["ranking", "A>A"],
      ["ranking", "A>>B"],
      ["ranking", "A>Q"],
      ["ranking", "yes"],
      ["scores", "A=6"],
      ["scores", "A=1 A=2"],
      ["scores", "A=1 and more"],
      ["votes", "A=10 B=1"],
      ["votes", "A=11"],
      ["scores", ">".repeat(400)],
    ] as const) {
      refused(kind, text);
    }
  });
});

describe("a sealed ballot", () => {
  const key = generateSigningKey();
  const context = { poll: "p", revision: 1, rulesDigest: "d" };
  const random = (bytes: number) => Buffer.alloc(bytes, 7);

  it("opens only for its poll, its text and its rules, unchanged, with the pool's key", () => {
    const content = { choice: { rank: [["A"], ["B"]] }, reason: "因为" };
    const sealed = seal(key, context, content, random);
    assert.deepEqual(unseal(key, context, sealed), content);
    for (const other of [
      { ...context, poll: "q" },
      { ...context, revision: 2 },
      { ...context, rulesDigest: "e" },
    ]) {
      assert.throws(() => unseal(key, other, sealed));
    }
    assert.throws(() => unseal(generateSigningKey(), context, sealed));
    for (const at of [0, 12, sealed.length >> 1, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] as number) ^ 1;
      assert.throws(() => unseal(key, context, changed));
    }
  });

  it("is as long as any other", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.string({ maxLength: 500, unit: "grapheme" }), (yes, reason) => {
        const content = {
          choice: { answer: yes ? "yes" : "no" } as const,
          reason: reason.slice(0, 500),
        };
        assert.equal(seal(key, context, content, random).length, 12 + 4096 + 16);
      }),
    );
  });
});
