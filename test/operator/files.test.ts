import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { test } from "node:test";
import { parseEnv } from "node:util";
import { ENV_EXAMPLE, envExample } from "../../config/env-example.ts";
import { apiSettings, botSettings, ROOT, workerSettings } from "../../config/settings.ts";
import { onPath, scratch } from "../support/services.ts";

test("the example of an environment file lists every setting there is", () => {
  const written = readFileSync(ENV_EXAMPLE, "utf8").split("\n");
  const meant = envExample().split("\n");
  const missing = meant.filter((line) => !written.includes(line));
  assert.deepEqual(missing, [], "settings have changed; run: node config/env-example.ts");
  assert.equal(written.length, meant.length);
});

test("with every line taken in, the example means the defaults", () => {
  const all = parseEnv(envExample().replaceAll(/^#([A-Z_]+=)/gm, "$1")) as Record<string, string>;
  assert.ok("SERVICE_TOKEN_NEXT" in all && "WORKER_MODELS" in all);
  assert.deepEqual(apiSettings(all), apiSettings({}));
  assert.deepEqual(botSettings(all), botSettings({}));
  assert.deepEqual(workerSettings(all), workerSettings({}));
});

const units = globSync("config/systemd/*.service", { cwd: ROOT }).sort();

test("systemd accepts the units and calls them well shut in", (t) => {
  if (onPath("systemd-analyze") === null) return t.skip("there is no systemd-analyze here");
  const dir = scratch("units-");
  t.after(() => rmSync(dir, { recursive: true }));
  mkdirSync(join(dir, "units"));
  const files = units.map((unit) => {
    const file = join(dir, "units", basename(unit).replace("@.", "@7420."));
    const text = readFileSync(join(ROOT, unit), "utf8");
    writeFileSync(file, text.replaceAll("/opt/substrate", ROOT));
    return file;
  });
  assert.equal(files.length, 3);
  const verified = spawnSync("systemd-analyze", ["verify", ...files], { encoding: "utf8" });
  assert.deepEqual([verified.status, verified.stderr], [0, ""]);
  for (const file of files) {
    // 0 is shut in, 10 is open; systemd itself calls less than 2 "OK".
    const args = ["security", "--offline=true", "--threshold=20", "--no-pager", file];
    const judged = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    assert.equal(judged.status, 0, judged.stdout.split("\n").slice(-3).join("\n"));
  }
});

test("the units name programs, files and users that the guide makes", () => {
  const guide = readFileSync(join(ROOT, "docs/operator.md"), "utf8");
  for (const unit of units) {
    const text = readFileSync(join(ROOT, unit), "utf8");
    for (const [, path] of text.matchAll(/\/opt\/substrate\/((?:api|bot|worker)\/\S+)/g)) {
      assert.ok(existsSync(join(ROOT, path as string)), `${unit}: ${path}`);
    }
    for (const [, name] of text.matchAll(/^(?:User|EnvironmentFile)=(\S+)/gm)) {
      assert.ok(guide.includes(name as string), `${unit}: the guide does not make ${name}`);
    }
    assert.ok(guide.includes(basename(unit, ".service")), unit);
  }
});
