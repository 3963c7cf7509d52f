// Many honest echo nodes in a process of their own, so that what they cost is not taken for the pool's.
import { FakeNode } from "../../api/support/fake-node.ts";
import type { NodesOrder } from "./drive.ts";

process.once("message", async ({ url, enrolmentToken, count, slots, answer }: NodesOrder) => {
  const nodes = Array.from({ length: count }, (_, at) => new FakeNode(`bench ${at}`));
  for (const node of nodes) {
    const said = await node.connect(url, enrolmentToken);
    if (said.type !== "welcome") throw new Error(`not welcome: ${JSON.stringify(said)}`);
    // What a node did is of no use here, and would grow with every answer.
    node.on("job", (job) => {
      node.jobs.length = 0;
      if (answer) node.answer(job);
    });
    node.ready(undefined, slots);
  }
  process.send?.({ ready: true });
});
process.once("disconnect", () => process.exit());
