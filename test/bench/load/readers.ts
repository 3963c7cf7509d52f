// Doors that read streamed answers, in a process of their own: the bot's own client and event reader.
import { randomUUID } from "node:crypto";
import { poolClient } from "../../../bot/pool/client.ts";
import { now } from "./clock.ts";
import type { ReadersOrder, ReadersReport } from "./drive.ts";

process.on("message", async ({ url, token, count, warmUpTokens }: ReadersOrder) => {
  const client = poolClient({ url, serviceToken: token });
  const delaysMs: number[] = [];
  let tokens = 0;
  let begunAt = Number.NaN;
  let endedAt = Number.NaN;
  const read = async (number: number) => {
    const { id } = await client.ask({
      community: `community ${number}`,
      member: "bench",
      room: "bench",
      requestKey: randomUUID(),
      prompt: "stream",
      options: { wait: true, maxTokens: 8192 },
    });
    let rest = "";
    for await (const event of client.events(id)) {
      if (event.event !== "text") continue;
      const at = now();
      const words = (rest + event.data.text).split(" ");
      rest = words.pop() ?? "";
      for (const word of words) {
        if (++tokens < warmUpTokens) continue;
        if (Number.isNaN(begunAt)) begunAt = at;
        endedAt = at;
        delaysMs.push(at - Number(word));
      }
    }
  };
  await Promise.all(Array.from({ length: count }, (_, number) => read(number)));
  const report: ReadersReport = { tokens, seconds: (endedAt - begunAt) / 1000, delaysMs };
  process.send?.(report);
});
process.once("disconnect", () => process.exit());
