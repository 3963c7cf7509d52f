// `npm run build`: plain JavaScript in dist/ with the data files that the programs read beside their code.
import { spawnSync } from "node:child_process";
import { cpSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../config/settings.ts";

const dist = join(ROOT, "dist");
rmSync(dist, { recursive: true, force: true });
const tsc = join(ROOT, "node_modules", ".bin", "tsc");
const { status } = spawnSync(tsc, ["-p", "tsconfig.build.json"], { cwd: ROOT, stdio: "inherit" });
if (status !== 0) process.exit(1);

// The page's scripts go along as they are: the room strips their types when it serves them.
const data = ["config/**/*.json", "models/*/*.gguf", "models/*/SHA256SUMS", "bot/local/page/*"];
for (const file of data.flatMap((pattern) => globSync(pattern, { cwd: ROOT }))) {
  cpSync(join(ROOT, file), join(dist, file));
}
