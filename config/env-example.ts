// `node config/env-example.ts`: writes config/substrate.env.example anew after settings have changed.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { settingsByProgram } from "./settings.ts";

export const ENV_EXAMPLE = join(import.meta.dirname, "substrate.env.example");

const HEAD = `# Settings of The Substrate, for systemd's EnvironmentFile (config/systemd) or a shell.
# Copy it to /etc/substrate/substrate.env, take the # away from what you change, and keep the file to
# yourself: chmod 640, owner root, group substrate. Every key, with its default; an empty value is no value.
# "npm run doctor" says what is wrong with it.
`;

/** The example's text: every setting with what to write and its default, commented out. */
export function envExample(): string {
  const parts = settingsByProgram().map(({ program, keys }) => {
    const entries = keys.map(([key, { fallback, help }]) => {
      const value = defaultOf(key, fallback);
      return `# ${help}\n#${key}=${value}\n`;
    });
    return `\n# ---- ${program} ----\n\n${entries.join("\n")}`;
  });
  return HEAD + parts.join("");
}

function defaultOf(key: string, fallback: unknown): string {
  // The default name of a node is that of its machine.
  if (key === "WORKER_NAME" || fallback === null || fallback === undefined) return "";
  const text = Array.isArray(fallback) ? fallback.join(",") : String(fallback);
  return /[\s"'()$#]/.test(text) ? JSON.stringify(text) : text;
}

if (import.meta.main) writeFileSync(ENV_EXAMPLE, envExample());
