import { waitingCard } from "../views/community/waiting.ts";
import { actorOf, type Command, namesOf, privately, wordsOf } from "./command.ts";

/** Who waits in this community, and why questions of the last day failed. */
export const poolWaiting: Command = {
  name: "pool waiting",
  summary: "For moderators: who waits, and why questions failed",
  options: [],
  async run(context) {
    const { pool, community } = context;
    const actor = actorOf(context);
    const [waiting, failures] = await Promise.all([
      pool.waiting(community, actor),
      pool.failures(community, actor),
    ]);
    return privately(
      waitingCard(waiting, failures, Date.now(), wordsOf(context), namesOf(context)),
    );
  },
};
