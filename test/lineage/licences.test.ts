import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { normalLicence, strictestLicence } from "../../api/lineage/licences.ts";

const KNOWN = [
  "CC0-1.0",
  "MIT",
  "BSD-3-Clause",
  "Apache-2.0",
  "CC-BY-4.0",
  "MPL-2.0",
  "CC-BY-SA-4.0",
  "GPL-3.0-only",
  "AGPL-3.0-only",
  "LicenseRef-Llama-3.1-Community",
  "LicenseRef-Llama-4-Community",
  "LicenseRef-Gemma",
  "CC-BY-NC-4.0",
  "CC-BY-NC-SA-4.0",
  "LicenseRef-Qwen-Research",
  "EUPL-1.2",
  "LicenseRef-house-rules",
  "MIT OR Apache-2.0",
  "CC-BY-NC-4.0 AND CC-BY-SA-4.0",
  "GPL-2.0-only WITH Classpath-exception-2.0",
  "NONE",
];
const licence = fc.constantFrom(...KNOWN);
const family = fc.array(licence, { minLength: 1, maxLength: 6 });

/** Everything the words ask for, as a set. */
function asked(licences: (string | null)[]): Set<string> {
  const { terms } = strictestLicence(licences);
  assert.ok(terms !== null);
  return new Set(terms.split("; "));
}

test("the strictest licence of a family wins, from public domain to no permission", () => {
  const ladder = [
    "CC0-1.0",
    "MIT",
    "Apache-2.0",
    "MPL-2.0",
    "GPL-3.0-only",
    "AGPL-3.0-only",
    "NONE",
  ];
  ladder.forEach((strict, rung) => {
    assert.equal(strictestLicence(ladder.slice(0, rung + 1)).licence, normalLicence(strict));
  });
  const llama = "LicenseRef-Llama-3.1-Community";
  assert.equal(strictestLicence(["Apache-2.0", llama, "MIT"]).licence, llama);
});

test("licences that ask for different things are both listed", () => {
  assert.equal(
    strictestLicence(["CC-BY-SA-4.0", "Apache-2.0", "CC-BY-NC-4.0"]).licence,
    "CC-BY-NC-4.0 AND CC-BY-SA-4.0",
  );
  assert.equal(
    strictestLicence(["gemma", "llama3.1"]).licence,
    "LicenseRef-Gemma AND LicenseRef-Llama-3.1-Community",
  );
  assert.equal(strictestLicence(["MIT", "BSD-3-Clause"]).licence, "BSD-3-Clause AND MIT");
});

test("one unknown licence in the family makes the whole unknown", () => {
  assert.deepEqual(strictestLicence(["MIT", null]), { licence: null, terms: null });
  assert.deepEqual(strictestLicence(["MIT", "see the website"]), { licence: null, terms: null });
  assert.deepEqual(strictestLicence([]), { licence: null, terms: null });
});

test("a licence outside the table is never dropped and its terms are not invented", () => {
  const { licence: text, terms } = strictestLicence(["EUPL-1.2", "CC0-1.0", "gemma"]);
  assert.equal(text, "EUPL-1.2 AND LicenseRef-Gemma");
  assert.match(terms!, /read EUPL-1.2: this pool does not know its terms/);
});

test("where one part gives no permission, nothing else matters", () => {
  assert.deepEqual(strictestLicence(["EUPL-1.2", "NONE", "MIT"]), {
    licence: "LicenseRef-No-Permission",
    terms: "no permission is given: ask the rights holder",
  });
});

test("a choice counts as what both sides ask for, and stays a choice", () => {
  assert.equal(strictestLicence(["MIT OR Apache-2.0"]).licence, "Apache-2.0 OR MIT");
  assert.deepEqual(asked(["MIT OR Apache-2.0"]), asked(["MIT"]));
  assert.equal(
    strictestLicence(["CC-BY-NC-4.0 OR MIT", "EUPL-1.2"]).licence,
    "(CC-BY-NC-4.0 OR MIT) AND EUPL-1.2",
  );
});

test("the obligation sentence is plain words", () => {
  assert.equal(strictestLicence(["CC0-1.0"]).terms, "asks for nothing");
  assert.equal(strictestLicence(["MIT"]).terms, "keep the copyright and licence notices");
  assert.equal(
    strictestLicence(["apache-2.0"]).terms,
    "keep the copyright and licence notices; say what was changed",
  );
});

test("hub spellings become SPDX ids; what is no licence stays unknown", () => {
  assert.equal(normalLicence("apache-2.0"), "Apache-2.0");
  assert.equal(normalLicence(" cc0-1.0 "), "CC0-1.0");
  assert.equal(normalLicence("llama3.2"), "LicenseRef-Llama-3.2-Community");
  for (const none of ["other", "", "unknown", "MIT AND", "../../etc", "MIT\u0000", "(", "AND"]) {
    assert.equal(normalLicence(none), null, JSON.stringify(none));
  }
  assert.equal(normalLicence(`MIT${" AND MIT".repeat(5000)}`), null);
});

test("property: the order of ancestors does not matter", () => {
  fc.assert(
    fc.property(
      family.chain((list) =>
        fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
      ),
      ([list, shuffled]) => {
        assert.deepEqual(strictestLicence(shuffled), strictestLicence(list));
      },
    ),
  );
});

test("property: naming ancestors twice, or resolving again, changes nothing", () => {
  fc.assert(
    fc.property(family, (list) => {
      const once = strictestLicence(list);
      assert.deepEqual(strictestLicence([...list, ...list]), once);
      assert.deepEqual(strictestLicence([once.licence]), once);
    }),
  );
});

test("property: another ancestor never loosens what is asked", () => {
  fc.assert(
    fc.property(family, licence, (list, added) => {
      const before = asked(list);
      const after = asked([...list, added]);
      if (after.has("no permission is given: ask the rights holder")) return;
      for (const obligation of before) {
        if (obligation === "asks for nothing") continue;
        assert.ok(after.has(obligation), `${list} + ${added} lost "${obligation}"`);
      }
    }),
  );
});

test("property: any string is a licence or unknown, never an exception", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const read = normalLicence(text);
      if (read !== null) assert.equal(normalLicence(read), read);
    }),
  );
});
