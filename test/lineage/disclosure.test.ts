import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lowestDisclosure } from "../../api/lineage/disclosure.ts";
import type { DisclosureClass } from "../../protocol/wire/primitives.ts";

const LADDER: DisclosureClass[] = ["undisclosed", "described", "named", "open"];
const rung = fc.constantFrom(...LADDER);

test("the least public training data of a family gives the class", () => {
  assert.equal(lowestDisclosure(["open", "open"]), "open");
  assert.equal(lowestDisclosure(["open", "described", "named"]), "described");
  assert.equal(lowestDisclosure(["named", "undisclosed"]), "undisclosed");
});

test("an unknown class makes the whole unknown", () => {
  assert.equal(lowestDisclosure(["undisclosed", null]), null);
  assert.equal(lowestDisclosure([]), null);
});

test("property: the class is one of the family's own and none of them is lower", () => {
  fc.assert(
    fc.property(fc.array(rung, { minLength: 1 }), (classes) => {
      const lowest = lowestDisclosure(classes);
      assert.ok(lowest !== null && classes.includes(lowest));
      for (const one of classes) assert.ok(LADDER.indexOf(lowest) <= LADDER.indexOf(one));
    }),
  );
});

test("property: order and repetition do not matter, and an ancestor never raises the class", () => {
  fc.assert(
    fc.property(fc.array(rung, { minLength: 1 }), rung, (classes, added) => {
      const before = lowestDisclosure(classes)!;
      assert.equal(lowestDisclosure([...classes].reverse()), before);
      assert.equal(lowestDisclosure([...classes, ...classes]), before);
      assert.ok(LADDER.indexOf(lowestDisclosure([...classes, added])!) <= LADDER.indexOf(before));
    }),
  );
});
