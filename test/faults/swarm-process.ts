// Many volunteers' machines in one process, so that they can be killed together. Keys are kept in KEYS.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { generateSigningKey, signingKeyFromPem, signingKeyToPem } from "../../protocol/keys.ts";
import type { FakeJob } from "../api/support/fake-node.ts";
import { type Conduct, SwarmNode } from "./swarm-node.ts";

/** The first `nodes` of the swarm behave like this from now on, the others honestly. */
export interface SwarmOrder {
  readonly conduct: Conduct;
  readonly nodes: number;
}

const env = process.env as Record<string, string>;
const count = Number(env.NODES);
const keyFile = env.KEYS as string;
if (!existsSync(keyFile)) {
  const made = Array.from({ length: count }, () => signingKeyToPem(generateSigningKey()));
  writeFileSync(keyFile, JSON.stringify(made), { mode: 0o600 });
}
const keys = (JSON.parse(readFileSync(keyFile, "utf8")) as string[]).map(signingKeyFromPem);
const pool = { url: env.API_URL as string, enrolmentToken: env.ENROLMENT_TOKEN as string };
const times = { paceMs: Number(env.PACE_MS), silenceMs: Number(env.SILENCE_MS) };
const leases = new Map<string, FakeJob>();
const tell = (misbehaved: Conduct) => process.send?.({ misbehaved });
const nodes = keys.map((key, i) => new SwarmNode(`node-${i}`, key, pool, times, leases, tell));
for (const node of nodes) node.connect();

process.on("message", (order: SwarmOrder) => {
  for (const [i, node] of nodes.entries()) {
    node.behave(i < order.nodes ? order.conduct : "honest");
  }
});
process.on("disconnect", () => process.exit());
process.send?.({ ready: true });
