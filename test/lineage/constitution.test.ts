import assert from "node:assert/strict";
import { test } from "node:test";
import { defaultConstitution, rulesetDigest } from "../../config/constitution.ts";

const rules = defaultConstitution() as {
  version: number;
  bodies: Record<string, unknown>;
  types: Record<string, { ratio?: [number, number]; house?: unknown }>;
};

test("the default rules have the four bodies and their own way of being amended", () => {
  assert.deepEqual(Object.keys(rules.bodies).sort(), ["jury", "members", "producers", "stewards"]);
  assert.deepEqual(rules.types.amend?.ratio, [2, 1]);
  assert.deepEqual(rules.types.amend?.house, ["members", "producers"]);
  assert.deepEqual(rules.types["amend.entrenched"]?.ratio, [3, 1]);
});

test("layout and key order do not change the digest of the rules; any rule does", () => {
  const shuffled = Object.fromEntries(Object.entries(rules).reverse());
  assert.match(rulesetDigest(), /^[0-9a-f]{64}$/);
  assert.equal(rulesetDigest(shuffled), rulesetDigest());
  assert.notEqual(rulesetDigest({ ...rules, version: rules.version + 1 }), rulesetDigest());
});
