import { poolView } from "../views/pool.ts";
import { type Command, privately, wordsOf } from "./command.ts";

/** Shows who is there to answer, how long the queue is, and the last hour. */
export const pool: Command = {
  name: "pool",
  summary: "Nodes, models, the queue and the last hour",
  options: [],
  async run(context) {
    return privately(poolView(await context.pool.pool(), wordsOf(context)));
  },
};
