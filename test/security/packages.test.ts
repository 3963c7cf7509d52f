import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../config/settings.ts";

interface Entry {
  readonly dependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly link?: boolean;
  readonly resolved?: string;
}

const { packages } = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8")) as {
  packages: Record<string, Entry>;
};

/** Where Node finds `name` from the package at `place`: the nearest node_modules upwards. */
function found(place: string, name: string): string | null {
  for (let dir = place; ; dir = dir.replace(/\/?[^/]*$/, "")) {
    const candidate = dir === "" ? `node_modules/${name}` : `${dir}/node_modules/${name}`;
    if (candidate in packages) return candidate;
    if (dir === "") return null;
  }
}

/** Names of every package that `npm ci -w WORKSPACE` installs, by the lock file alone. */
function installed(workspace: string): Set<string> {
  const seen = new Set<string>();
  const open = [workspace];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    const entry = packages[place] as Entry;
    if (entry.link && entry.resolved !== undefined) open.push(entry.resolved);
    const wanted = {
      ...entry.peerDependencies,
      ...entry.dependencies,
      ...entry.optionalDependencies,
    };
    for (const name of Object.keys(wanted)) {
      const at = found(place, name);
      if (at !== null) open.push(at);
    }
  }
  return new Set([...seen].map((place) => place.replace(/^.*node_modules\//, "")));
}

const ENGINE = /llama|cuda|vulkan|metal|onnx|tensor/i;

for (const workspace of ["api", "bot", "protocol"]) {
  test(`npm ci -w ${workspace} brings no engine and no graphics card's library`, () => {
    const names = [...installed(workspace)];
    assert.ok(names.length > 3, `${workspace} has dependencies`);
    assert.deepEqual(
      names.filter((name) => ENGINE.test(name)),
      [],
    );
  });
}

test("npm ci -w worker brings the engine, so the test above can fail", () => {
  assert.ok([...installed("worker")].some((name) => ENGINE.test(name)));
});

test("the 600 MB of libraries for graphics cards are in nobody's install", () => {
  const heavy = Object.entries(packages)
    .filter(([place]) => /@node-llama-cpp\/.*(cuda|vulkan)/.test(place))
    .filter(([, entry]) => !JSON.stringify(entry).includes("noop-package"));
  assert.deepEqual(
    heavy.map(([place]) => place),
    [],
  );
});
