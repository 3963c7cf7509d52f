// `npm run ask` without a pool running: starts what it needs, answers, saves what verifies, and says why when it cannot.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { ROOT } from "../../config/settings.ts";
import { scratch } from "../support/services.ts";

describe("asking from a terminal", { timeout: 300_000 }, () => {
  const folder = scratch("substrate-ask-");
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(file: string, ...args: string[]) {
    return spawnSync(process.execPath, [join(ROOT, file), ...args], {
      env: { ...process.env, DATA_DIR: join(folder, "data") },
      encoding: "utf8",
    });
  }

  it("answers, prints the footer, saves the answer, and the saved folder verifies", () => {
    const saved = join(folder, "answers");
    const asked = run(
      "launch/ask.ts",
      ...["How does voting work here?", "--model", "substrate-demo", "--offline", "--save", saved],
    );
    assert.equal(asked.status, 0, asked.stderr);
    assert.match(asked.stdout, /vote[\s\S]*Substrate demo · .*tokens\/s · .* · receipt \w{10}/);
    const [answer] = readdirSync(saved);
    const verified = run("protocol/verify/main.ts", join(saved, answer as string));
    assert.equal(verified.status, 0, verified.stdout);
    assert.match(verified.stdout, /0 fail/);
  });

  it("says why there is no answer, and exits 1", () => {
    const refused: [string[], RegExp][] = [
      [["   "], /no question/],
      [["Hello", "--model", "no-such-model"], /no-such-model/],
      [["Hello", "--colour"], /Usage: npm run ask/],
    ];
    for (const [args, expected] of refused) {
      const { status, stderr } = run("launch/ask.ts", ...args);
      assert.match(stderr, expected);
      assert.equal(status, 1);
    }
  });
});
