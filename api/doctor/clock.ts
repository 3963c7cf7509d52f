import { type Finding, ok, problem, warning } from "./finding.ts";

/** Deadlines of jobs, manifests and invites are compared across machines. */
const WARN_MS = 500;
const BAD_MS = 2_000;

/** Difference of another machine's clock, milliseconds; the answer is taken to be from the middle of its way. */
export async function clockSkew(ask: () => Promise<number>, now: () => number): Promise<number> {
  const begun = now();
  const theirs = await ask();
  return Math.round(theirs - (begun + now()) / 2);
}

export function judgeSkew(check: string, whose: string, skewMs: number): Finding {
  const far = Math.abs(skewMs);
  const found = `${whose} clock is ${far < 1000 ? `${far} ms` : `${(far / 1000).toFixed(1)} s`} ${
    skewMs >= 0 ? "ahead of" : "behind"
  } this machine's`;
  if (far < WARN_MS) return ok(check, found);
  const means =
    "Waiting jobs, orders to nodes and invites end too early or too late where clocks differ.";
  const remedy = "Run a time service (chrony or systemd-timesyncd) on both machines.";
  return (far < BAD_MS ? warning : problem)(check, found, means, remedy);
}
