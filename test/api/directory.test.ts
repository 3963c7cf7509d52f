// Who is online, as replicas tell each other: changes by number, gaps noticed, offers added up anew.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { NodeDirectory } from "../../api/nodes/directory.ts";
import type { NodePresence } from "../../api/queue/bus.ts";
import { ECHO } from "./support/fake-node.ts";

const engine = { name: "echo", library: "", release: "", backend: "none", auditable: false };

function node(keyId: string, slots = 1): NodePresence {
  const replica = "other";
  const described = { ...engine, threads: 0, system: "" };
  return { keyId, name: keyId, replica, slots, engine: described, models: [ECHO], fetches: [] };
}

describe("the directory of nodes", () => {
  const change = (nodes: NodePresence[], gone: string[] = []) => ({ nodes, gone });
  const names = (directory: NodeDirectory) =>
    directory
      .online()
      .map((each) => each.keyId)
      .sort();

  it("follows a replica change by change, and adds up what its nodes offer", () => {
    const directory = new NodeDirectory(() => true);
    directory.hear("other", [node("a")], 1, 5);
    assert.equal(directory.slots(ECHO.sha256), 1);
    assert(directory.change("other", change([node("b", 3)]), 2, 6));
    assert.equal(directory.slots(ECHO.sha256), 4);
    assert(directory.change("other", change([node("a", 2)], ["b"]), 3, 7));
    assert.deepEqual(names(directory), ["a"]);
    assert.equal(directory.slots(ECHO.sha256), 2);
    assert.equal(directory.offered().length, 1);
  });

  it("notices a missed change, and that a replica it has not heard of lives", () => {
    const directory = new NodeDirectory(() => true);
    assert.equal(directory.alive("other", 1, 0), false);
    directory.hear("other", [], 1, 5);
    assert(directory.alive("other", 2, 5));
    assert.equal(directory.change("other", change([node("b")]), 3, 7), false);
    assert.equal(directory.alive("other", 4, 7), false);
    assert.deepEqual(names(directory), []);
  });

  it("asks anew who may serve whom when the rules have changed", () => {
    let barred = false;
    const directory = new NodeDirectory(() => !barred);
    directory.hear("other", [node("a")], 1);
    assert.equal(directory.slots(ECHO.sha256), 1);
    barred = true;
    directory.forgetOffers();
    assert.equal(directory.slots(ECHO.sha256), 0);
    assert.deepEqual(names(directory), ["a"]);
  });
});
