import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "../..");
const ROOMS = [
  "protocol",
  "api",
  "bot",
  "worker",
  "config",
  "migrations",
  "launch",
  "test",
  "models",
];

/** Which rooms each room may import from. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  protocol: ["protocol"],
  config: ["config", "protocol"],
  migrations: ["migrations"],
  api: ["api", "protocol", "config", "migrations"],
  bot: ["bot", "protocol", "config"],
  worker: ["worker", "protocol", "config"],
  launch: ["launch", "protocol", "config", "bot"],
};

/** Every `import … from "…"` and `import("…")` of the TypeScript files in a room: [file, specifier]. */
function importsOf(room: string): [string, string][] {
  const files = globSync(`${room}/**/*.ts`, { cwd: root, exclude: ["**/node_modules/**"] });
  return files.flatMap((file) => {
    const source = readFileSync(resolve(root, file), "utf8");
    const found = [...source.matchAll(/(?:from\s+|import\s+|import\(\s*)"([^"]+)"/g)];
    return found.map((match): [string, string] => [file, match[1] as string]);
  });
}

test("imports go bot → protocol, worker → protocol, api → protocol, never across", () => {
  const wrong: string[] = [];
  for (const [room, allowed] of Object.entries(MAY_IMPORT)) {
    for (const [file, specifier] of importsOf(room)) {
      if (!specifier.startsWith(".")) continue;
      const target = relative(root, resolve(root, file, "..", specifier)).split("/")[0] as string;
      if (!ROOMS.includes(target)) wrong.push(`${file} imports ${specifier}, outside every room`);
      else if (!allowed.includes(target)) wrong.push(`${file} imports ${specifier}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("nothing in api, bot, worker, protocol or config needs itself to be loaded", () => {
  const needs = new Map<string, string[]>();
  for (const room of ["api", "bot", "worker", "protocol", "config"]) {
    for (const file of globSync(`${room}/**/*.ts`, {
      cwd: root,
      exclude: ["**/node_modules/**"],
    })) {
      const source = readFileSync(resolve(root, file), "utf8");
      const loaded = [...source.matchAll(/^(?:import|export) (?!type )[^"';]*?from "(\.[^"]+)"/gm)];
      const targets = loaded
        // What is a type is gone when the file is loaded.
        .filter(([line]) => !/\{(?:\s*type [^,}]*,?)+\s*\}/.test(line))
        .map(([, specifier]) => relative(root, resolve(root, file, "..", specifier as string)));
      needs.set(file, targets);
    }
  }
  const done = new Set<string>();
  const circles: string[] = [];
  const load = (file: string, path: readonly string[]) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (done.has(file) || path.includes(file)) return;
    for (const target of needs.get(file) ?? []) load(target, [...path, file]);
    done.add(file);
  };
  for (const file of needs.keys()) load(file, []);
  assert.deepEqual(circles, []);
});

test("nobody but api reaches Redis or PostgreSQL", () => {
  const drivers = /^(ioredis|bullmq|pg|kysely|@electric-sql\/pglite)($|\/)/;
  const wrong = ["protocol", "config", "bot", "worker", "launch"]
    .flatMap(importsOf)
    .filter(([, specifier]) => drivers.test(specifier));
  assert.deepEqual(wrong, []);
});

test("every platform's binary packages are in the lock file (npm/cli#4828)", () => {
  const lock = JSON.parse(readFileSync(resolve(root, "package-lock.json"), "utf8")) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const missing: string[] = [];
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const name of Object.keys(entry.optionalDependencies ?? {})) {
      const nested = `${place}/node_modules/${name}`;
      if (!(`node_modules/${name}` in lock.packages) && !(nested in lock.packages)) {
        missing.push(`${place || "root"} wants ${name}`);
      }
    }
  }
  assert.deepEqual(missing, []);
});

test("the lock file names no registry", () => {
  const lock = readFileSync(resolve(root, "package-lock.json"), "utf8");
  assert.deepEqual(lock.match(/"resolved": "https?:[^"]*"/g), null);
});
