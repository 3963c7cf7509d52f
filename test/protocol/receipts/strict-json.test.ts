import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import Type from "typebox";
import {
  canonicalJsonParser,
  MAX_JSON_DEPTH,
  parseStrictJson,
} from "../../../protocol/receipts/strict-json.ts";

const read = (text: string | Uint8Array) => parseStrictJson(Buffer.from(text as string), 10_000);

test("reads every JSON value as JSON.parse does", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), (text) => {
      assert.deepEqual(read(text), JSON.parse(text));
    }),
  );
});

for (const [what, text] of [
  ["in the outermost object", '{"a":1,"a":1}'],
  ["deep inside", '[{"x":{"y":[{"k":1,"l":{"k":2},"k":3}]}}]'],
  ["written with an escape", '{"ab":1,"\\u0061b":2}'],
  ["after a string that looks like JSON", '{"q":"{\\"a\\":1,","a":1,"a":2}'],
  ["after a nested array", '{"a":[1,{"a":2}],"a":3}'],
  ["that is empty", '{"":1,"":2}'],
  ["named __proto__", '{"__proto__":1,"__proto__":2}'],
] as const) {
  test(`refuses a duplicate key ${what}`, () => {
    assert.throws(() => read(text), /the key ".*" appears twice/);
  });
}

test("the same key in different objects is no duplicate", () => {
  const text = '[{"a":{"a":1},"b":"a"},{"a":["a","a","a"]}]';
  assert.deepEqual(read(text), JSON.parse(text));
});

test("refuses invalid UTF-8, a byte order mark and half characters", () => {
  assert.throws(() => read(Buffer.from([0x22, 0xff, 0x22])), /not valid UTF-8/);
  assert.throws(() => read(Buffer.from([0x22, 0xc0, 0x80, 0x22])), /not valid UTF-8/);
  assert.throws(() => read("\uFEFF{}"), /byte order mark/);
  assert.throws(() => read('["\\ud800"]'), /lone surrogate/);
  assert.throws(() => read('{"\\udc00x":1}'), /lone surrogate/);
  assert.deepEqual(read('["\\ud83d\\ude00"]'), ["😀"]);
});

test("refuses what is too deep or too long, and reads what just fits", () => {
  const nested = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  assert.ok(Array.isArray(read(nested(MAX_JSON_DEPTH))));
  assert.throws(() => read(nested(MAX_JSON_DEPTH + 1)), /more than 64 levels deep/);
  assert.throws(() => parseStrictJson(Buffer.from("[1,2]"), 4), /5 bytes, at most 4/);
  assert.deepEqual(parseStrictJson(Buffer.from("[1]"), 3), [1]);
});

test("refuses what JSON does not allow, and names what was being read", () => {
  for (const text of ["", "{a:1}", "[1,]", "// x\n1", "NaN", "1 2", '"\n"']) {
    assert.throws(
      () => parseStrictJson(Buffer.from(text), 100, "job manifest"),
      /^ParseError: job manifest: not JSON/,
    );
  }
});

test("a canonical reader takes one byte string a value", () => {
  const parse = canonicalJsonParser(
    Type.Object({ a: Type.Integer(), b: Type.Integer() }),
    "pair",
    100,
  );
  assert.deepEqual(parse(Buffer.from('{"a":1,"b":2}')), { a: 1, b: 2 });
  for (const text of ['{"b":2,"a":1}', '{"a": 1,"b":2}', '{"a":1.0,"b":2}', '{"a":1,"b":2}\n']) {
    assert.throws(() => parse(Buffer.from(text)), /not in canonical form/);
  }
  assert.throws(() => parse(Buffer.from('{"a":1,"b":"2"}')), /^ParseError: pair: \/b /);
});
