import type { Locked } from "./locked.ts";

/** A known vulnerability of a package we use. */
export interface Advisory {
  /** `GHSA-…` where there is one. */
  readonly id: string;
  readonly name: string;
  readonly versions: readonly string[];
  readonly title: string;
  readonly severity: string;
  readonly url: string;
}

/** Somebody who knows vulnerabilities, in the order asked. */
export interface Place {
  readonly name: string;
  /** Throws where it cannot be asked. */
  ask(packages: readonly Locked[]): Promise<Advisory[]>;
}

const ANSWER_MS = 20_000;

/** The registry npm itself uses, by the endpoint behind `npm audit`. Mirrors often refuse it. */
export function npmRegistry(registry: string): Place {
  return {
    name: `npm's registry (${new URL(registry).host})`,
    async ask(packages) {
      const versions: Record<string, string[]> = {};
      for (const { name, version } of packages) {
        versions[name] ??= [];
        versions[name].push(version);
      }
      const url = new URL("-/npm/v1/security/advisories/bulk", registry.replace(/\/*$/, "/"));
      const found = (await post(url.href, versions)) as Record<string, NpmAdvisory[]>;
      return Object.entries(found).flatMap(([name, advisories]) =>
        advisories.map(({ id, title, severity, url }) => ({
          ...{ name, title, severity, url, versions: versions[name] ?? [] },
          id: /GHSA-[\w-]+/.exec(url)?.[0] ?? String(id),
        })),
      );
    },
  };
}

/** The Open Source Vulnerabilities database (osv.dev): the same advisories and more, asked by version. */
export function osv(api: string): Place {
  return {
    name: `OSV (${new URL(api).host})`,
    async ask(packages) {
      const queries = packages.map(({ name, version }) => ({
        ...{ package: { name, ecosystem: "npm" }, version },
      }));
      const { results } = (await post(`${api}/v1/querybatch`, { queries })) as {
        results: { vulns?: { id: string }[] }[];
      };
      if (results.length !== packages.length) throw new Error("it answered for other packages");
      return packages.flatMap(({ name, version }, i) =>
        (results[i]?.vulns ?? []).map(({ id }) => ({
          ...{ id, name, versions: [version], title: "see there", severity: "unknown" },
          url: `https://osv.dev/vulnerability/${id}`,
        })),
      );
    },
  };
}

interface NpmAdvisory {
  readonly id: number;
  readonly title: string;
  readonly severity: string;
  readonly url: string;
}

async function post(url: string, body: unknown): Promise<unknown> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  if (!response.ok) throw new Error(`it answered ${response.status}`);
  return response.json();
}
