// Whatever the pool refuses, a member reads it in their own language; what stays English says why it does.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { inviteFailures } from "../../../api/nodes/invite-failures.ts";
import { LANGUAGES, wordsFor } from "../../../bot/words/catalogue.ts";
import { poolSentence } from "../../../bot/words/pool-sentences.ts";
import { ROOT } from "../../../config/settings.ts";

const OTHERS = LANGUAGES.filter((tag) => tag !== "en");

const PROGRAMS = "told to programs, never to members";
const DOORS = "doors send only what fits";
const ENGLISH_ONLY: Readonly<Record<string, string>> = {
  request_invalid: PROGRAMS,
  not_json: PROGRAMS,
  no_such_route: PROGRAMS,
  unauthorised: PROGRAMS,
  invite_unknown: PROGRAMS,
  policy_unknown_key: DOORS,
  policy_expected_only: DOORS,
  policy_level: DOORS,
  until_past: DOORS,
};

/** Every code with which the api refuses in English, read from its source; governance refuses in five languages. */
function codesOfApi(): Set<string> {
  const files = globSync("api/**/*.ts", { cwd: ROOT, exclude: ["**/node_modules/**"] });
  const codes = new Set<string>();
  for (const file of files) {
    const text = readFileSync(`${ROOT}/${file}`, "utf8");
    const made = [...text.matchAll(/new ApiFailure\(/g)].length;
    const named = [...text.matchAll(/new ApiFailure\(\s*\d{3},\s*"([a-z_]+)"/g)];
    assert.equal(named.length, made, `${file} names each of its codes where it makes the failure`);
    for (const [, code] of named) codes.add(code as string);
  }
  return codes;
}

describe("refusals of the pool", () => {
  test("are translated, or stay English for a reason", () => {
    const codes = codesOfApi();
    assert(codes.size > 30);
    for (const tag of OTHERS) {
      const known = wordsFor(tag).sentences?.byCode ?? {};
      const missing = [...codes].filter((code) => !(code in known) && !(code in ENGLISH_ONLY));
      assert.deepEqual(missing, [], tag);
    }
    const gone = Object.keys(ENGLISH_ONLY).filter((code) => !codes.has(code));
    assert.deepEqual(gone, [], "no reason outlives its code");
  });

  test("keep names, numbers and dates", () => {
    const said: [{ code: string; message: string }, readonly string[]][] = [
      [inviteFailures.communityNeeded("own"), ["own"]],
    ];
    for (const tag of OTHERS) {
      for (const [{ code, message }, kept] of said) {
        const told = poolSentence(wordsFor(tag), code, message);
        assert.notEqual(told, message, `${tag} ${code}`);
        for (const part of kept) assert.ok(told.includes(part), `${tag} ${code}: ${told}`);
      }
    }
  });
});
