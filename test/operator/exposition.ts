import { spawnSync } from "node:child_process";

/** One series of a scrape as an outside parser read it. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const PARSE = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as families
print(json.dumps([[s.name, s.labels, s.value] for f in families(sys.stdin.read()) for s in f.samples]))
`;

/** Whether the judge is here: Prometheus' own Python client, from Debian's package. */
export function judgeIsHere(): boolean {
  return spawnSync("/usr/bin/python3", ["-c", "import prometheus_client"]).status === 0;
}

/** Reads a scrape with Prometheus' own parser. Throws what the parser says when it is not the format. */
export function parseExposition(text: string): Sample[] {
  const { status, stdout, stderr } = spawnSync("/usr/bin/python3", ["-c", PARSE], {
    input: text,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`not the exposition format: ${stderr}`);
  // Python writes NaN where JSON has no word for it: an event loop without a sample yet.
  const samples = JSON.parse(stdout.replaceAll("NaN", "null")) as [
    string,
    Record<string, string>,
    number | null,
  ][];
  return samples.map(([name, labels, value]) => ({ name, labels, value: value ?? Number.NaN }));
}

/** The value of one series, by its name and some of its labels; sums where several fit; 0 where none does. */
export function seriesValue(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number {
  return samples
    .filter((sample) => sample.name === name)
    .filter((sample) =>
      Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
    )
    .reduce((sum, sample) => sum + sample.value, 0);
}
