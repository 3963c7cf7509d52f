// Nothing is translated five times that nobody says.
import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { COMMANDS } from "../../../bot/commands/table.ts";
import { ENGLISH } from "../../../bot/words/catalogue.ts";
import { ROOT } from "../../../config/settings.ts";

/** Names, and keys built from a value (`setting_${key}_means`) as patterns, anywhere in the doors. */
function spoken(): { readonly names: ReadonlySet<string>; readonly patterns: readonly RegExp[] } {
  const files = globSync("bot/**/*.ts", {
    cwd: ROOT,
    exclude: ["**/node_modules/**", "bot/words/{en,de,es,fr,pt}/**"],
  });
  const text = files.map((file) => readFileSync(`${ROOT}/${file}`, "utf8")).join("\n");
  const built = text.matchAll(/`([a-z]+_)\$\{[\w. "|as]+\}((?:_[a-z]+)?)`/g);
  return {
    names: new Set(text.match(/[a-z]\w*/g)),
    patterns: [...built].map(([, before, after]) => new RegExp(`^${before}\\w+${after}$`)),
  };
}

test("every entry of the catalogue is said by some door", () => {
  const { names, patterns } = spoken();
  // Commands and their options are named and explained from the table (bot/commands/names.ts).
  const told = COMMANDS.flatMap(({ name, options }) => {
    const key = name.replaceAll(" ", "_");
    const own = options.flatMap((option) => [
      `${key}_${option.name}`,
      `${key}_${option.name}_name`,
    ]);
    return [`${key}_name`, `${key}_summary`, `${key}_sub`, ...own];
  });
  const shared = ["ask_model_name", "answer_name"];
  const unused = Object.keys(ENGLISH).filter(
    (key) =>
      !names.has(key) &&
      !told.includes(key) &&
      !shared.includes(key) &&
      !patterns.some((pattern) => pattern.test(key)),
  );
  assert.deepEqual(unused, []);
});
