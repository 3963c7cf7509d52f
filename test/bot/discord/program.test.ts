import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { BARE_ENVIRONMENT } from "../../support/bare-environment.ts";
import { DiscordEmulator } from "../../support/discord/emulator.ts";
import { SERVICE_TOKEN } from "../pool-fixtures.ts";

const root = resolve(import.meta.dirname, "../../..");

describe("the bot as a program with the Discord door", () => {
  let discord: DiscordEmulator;
  let dataDir: string;
  before(async () => {
    discord = await DiscordEmulator.start();
    discord.world.guild("Members", ["general"]);
    dataDir = mkdtempSync(join(tmpdir(), "discord-program-"));
  });
  after(async () => {
    rmSync(dataDir, { recursive: true, force: true });
    await discord.close();
  });

  function start(settings: Record<string, string>): ChildProcess {
    return spawn(process.execPath, ["bot/main.ts"], {
      cwd: root,
      env: {
        ...BARE_ENVIRONMENT,
        DATA_DIR: dataDir,
        SERVICE_TOKEN,
        LOG_LEVEL: "silent",
        BOT_DOORS: "discord",
        DISCORD_API_URL: discord.apiUrl,
        ...settings,
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  /** What it says before it ends by itself. */
  async function lastWords(settings: Record<string, string>): Promise<string> {
    const child = start(settings);
    let said = "";
    child.stderr?.on("data", (text) => {
      said += text;
    });
    const [code] = await once(child, "close");
    assert.equal(code, 1);
    return said.trim();
  }

  test("prints the invitation and ends when told to", async () => {
    const child = start({ DISCORD_TOKEN: discord.token });
    const [line] = await once(createInterface({ input: child.stdout! }), "line");
    assert.match(line, /^The Discord door is open\. .*oauth2\/authorize\?client_id=\d+/);
    assert.equal(discord.commands.puts, 1);
    child.kill("SIGTERM");
    const [code] = await once(child, "close");
    assert.equal(code, 0);
  });

  test("says what to mend when a setting is missing or Discord refuses it", async () => {
    assert.match(await lastWords({}), /^DISCORD_TOKEN is missing/);
    assert.match(
      await lastWords({ DISCORD_TOKEN: "any", DISCORD_API_URL: "http://127.0.0.1:9" }),
      /^Discord cannot be reached .*DISCORD_API_URL/,
    );
    assert.match(
      await lastWords({ DISCORD_TOKEN: "wrong" }),
      /^Discord does not accept DISCORD_TOKEN/,
    );
    assert.match(
      await lastWords({ DISCORD_TOKEN: discord.token, DISCORD_MESSAGE_CONTENT: "true" }),
      /^Discord refuses the message content intent/,
    );
  });
});
