import { readFileSync } from "node:fs";

/** A package as the lock file fixes it. */
export interface Locked {
  readonly name: string;
  readonly version: string;
}

/** Every package of a lock file, each version once; workspaces and links are none. */
export function lockedPackages(file: string): Locked[] {
  const { packages } = JSON.parse(readFileSync(file, "utf8")) as {
    packages: Record<string, { name?: string; version?: string; link?: boolean }>;
  };
  const found = new Map<string, Locked>();
  for (const [place, { name: alias, version, link }] of Object.entries(packages)) {
    if (!place.includes("node_modules/") || link || version === undefined) continue;
    // Under an alias ("npm:other@1") the entry says what it really is.
    const name = alias ?? place.replace(/^.*node_modules\//, "");
    found.set(`${name}@${version}`, { name, version });
  }
  return [...found.values()];
}
