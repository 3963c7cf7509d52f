import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { matrixOptions } from "../../../bot/matrix/settings.ts";
import { botSettings } from "../../../config/settings.ts";
import { BARE_ENVIRONMENT } from "../../support/bare-environment.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";

const root = resolve(import.meta.dirname, "../../..");
const dataDir = mkdtempSync(join(tmpdir(), "matrix-program-"));
after(() => rmSync(dataDir, { recursive: true, force: true }));

/** What the program says before it ends by itself. */
async function lastWords(settings: Record<string, string>): Promise<string> {
  const child = spawn(process.execPath, ["bot/main.ts"], {
    cwd: root,
    env: {
      ...BARE_ENVIRONMENT,
      DATA_DIR: dataDir,
      SERVICE_TOKEN,
      LOG_LEVEL: "silent",
      BOT_DOORS: "matrix",
      ...settings,
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr?.on("data", (text) => {
    said += text;
  });
  const [code] = await once(child, "close");
  assert.equal(code, 1);
  return said.trim();
}

test("settings that are missing are named, with where to look", () => {
  const url = { MATRIX_HOMESERVER_URL: "http://127.0.0.1:9" };
  const password = { ...url, MATRIX_PASSWORD_FILE: "nowhere" };
  const refused: [Record<string, string>, RegExp][] = [
    [{}, /^MATRIX_HOMESERVER_URL is missing/],
    [url, /^MATRIX_TOKEN \(or MATRIX_PASSWORD_FILE\) is missing/],
    [password, /^MATRIX_USER is missing/],
    [{ ...password, MATRIX_USER: "@a:b" }, /^MATRIX_PASSWORD_FILE: cannot read/],
    [{ ...url, MATRIX_TOKEN: "x", MATRIX_ENCRYPTION: "true" }, /^MATRIX_STORE_KEY is missing/],
  ];
  for (const [env, expected] of refused) {
    assert.throws(() => matrixOptions(botSettings(env)), {
      name: "SettingsError",
      message: expected,
    });
  }
});

test("the bot as a program says that there is no homeserver where it was told", async () => {
  const words = await lastWords({ MATRIX_HOMESERVER_URL: "http://127.0.0.1:9", MATRIX_TOKEN: "x" });
  assert.match(words, /^No Matrix homeserver could be used at/);
});
