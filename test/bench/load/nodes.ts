// Many honest nodes in a process of their own, so that what they cost is not taken for the pool's.
import { type FakeJob, FakeNode } from "../../api/support/fake-node.ts";
import { stamp } from "./clock.ts";
import type { NodesOrder } from "./drive.ts";

process.once("message", async (order: NodesOrder) => {
  const { url, enrolmentToken, count, slots, work } = order;
  // A hundred at once: each needs a few turns of the pool.
  for (let from = 0; from < count; from += 100) {
    const some = Array.from({ length: Math.min(100, count - from) }, (_, at) => from + at);
    await Promise.all(
      some.map(async (at) => {
        const node = new FakeNode(`bench ${at}`);
        const said = await node.connect(url, enrolmentToken);
        if (said.type !== "welcome") throw new Error(`not welcome: ${JSON.stringify(said)}`);
        node.on("job", (job) => {
          // What a node did is of no use here, and would grow with every answer.
          node.jobs.length = 0;
          if (work === "answer") node.answer(job);
          if (work === "stream") stream(node, job, order.tokensPerSecond ?? 0, order.tokens ?? 0);
        });
        node.ready(undefined, slots);
      }),
    );
  }
  process.send?.({ ready: true });
});
process.once("disconnect", () => process.exit());

/** Writes tokens that say when they were written, at a steady speed. */
function stream(node: FakeNode, job: FakeJob, perSecond: number, tokens: number): void {
  const begun = performance.now();
  let written = 0;
  const writing = setInterval(() => {
    const due = Math.min(tokens, Math.floor(((performance.now() - begun) * perSecond) / 1000));
    for (; written < due; written++) node.say(job, `${stamp()} `);
    if (written < tokens) return;
    clearInterval(writing);
    node.finish(job);
  }, 4);
}
