import { closeProposal, dueProposals } from "./closing/close.ts";
import { currentRules } from "./constitution/book.ts";
import { runDueEffect } from "./effects/run.ts";
import { lapseEmergencies } from "./emergencies/lapse.ts";
import { askForCards } from "./events/missing-cards.ts";
import { tell } from "./events/tell.ts";
import { tellTurns } from "./events/turns.ts";
import type { GovernanceParts } from "./parts.ts";
import { FOUNDING_OVER, foundingOf, foundingTold } from "./people/founding.ts";
import { votesRooms } from "./proposals/places.ts";
import { databaseNow } from "./time.ts";
import { say } from "./words/say.ts";

/**
 * One round: closes what is over, takes into effect what is due, ends what lapsed, tells what time brought. Every step
 * stands for itself and can be done by any replica, again, or late; nothing here decides whether a ballot counts.
 */
export async function tend(parts: GovernanceParts): Promise<void> {
  const { ctx } = parts;
  await tellTurns(ctx.db);
  await askForCards(ctx.db);
  for (const number of await dueProposals(ctx.db)) await closeProposal(ctx, number);
  while (await runDueEffect(parts)) {
    // One by one, so that a second action on the same setting sees what the first did.
  }
  await lapseEmergencies(parts);
  await tellFounding(parts);
}

async function tellFounding({ ctx }: GovernanceParts): Promise<void> {
  if (await foundingTold(ctx.db)) return;
  const rules = await currentRules(ctx.db);
  const founding = await foundingOf(ctx.db, rules, await databaseNow(ctx.db));
  if (!founding.over) return;
  await ctx.db.transaction().execute(async (trx) =>
    tell(trx, {
      key: FOUNDING_OVER,
      type: "founding-over",
      words: say("event_founding_over", { members: say("count_members", { n: founding.members }) }),
      places: await votesRooms(trx),
      data: { members: founding.members },
    }),
  );
}
