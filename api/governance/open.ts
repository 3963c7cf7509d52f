import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { everyWhile } from "../rounds.ts";
import { adoptAtFounding, currentRules } from "./constitution/book.ts";
import { Suspensions } from "./emergencies/suspensions.ts";
import { NewsDesk } from "./events/news-desk.ts";
import type { GovernanceParts } from "./parts.ts";
import { foundingOf } from "./people/founding.ts";
import { foundBy } from "./people/membership.ts";
import { ballotRoutes } from "./routes/ballots.ts";
import { peopleRoutes } from "./routes/people.ts";
import { proposalRoutes } from "./routes/proposals.ts";
import { rulesRoutes } from "./routes/rules.ts";
import { tend } from "./tend.ts";
import { databaseNow } from "./time.ts";

/** Governance of one replica. */
export interface OpenGovernance {
  readonly rooms: FastifyPluginAsyncTypebox[];
  /** Digest of the rules in force: orders to nodes name it, and so do receipts. */
  readonly rulesetDigest: () => string;
  /** True for accounts of members whom an emergency act suspends. */
  readonly suspended: (account: string) => boolean;
  close(): Promise<void>;
}

/** Adopts the rules and the founders where there are none yet, and begins the rounds. */
export async function openGovernance(parts: GovernanceParts): Promise<OpenGovernance> {
  const { ctx, rights } = parts;
  await adoptAtFounding(ctx.db);
  await ctx.db.transaction().execute(async (trx) => {
    const now = await databaseNow(trx);
    const founding = await foundingOf(trx, await currentRules(trx), now);
    if (!founding.over) await foundBy(trx, rights.poolModerators, null, now);
  });
  const suspensions = new Suspensions(ctx.db);
  await suspensions.load();
  let digest = (await currentRules(ctx.db)).digest;
  const news = new NewsDesk(ctx.db);
  const { governanceMs } = ctx.limits;
  const rounds = [
    everyWhile(ctx.log, "governance", governanceMs, async () => {
      await tend(parts);
      await suspensions.load();
      digest = (await currentRules(ctx.db)).digest;
    }),
    everyWhile(ctx.log, "governance news", governanceMs, () => news.look()),
  ];
  return {
    rooms: [
      proposalRoutes(parts),
      ballotRoutes(parts),
      peopleRoutes(parts),
      rulesRoutes(parts, news),
    ],
    rulesetDigest: () => digest,
    suspended: suspensions.has,
    async close() {
      news.close();
      await Promise.all(rounds.map((stop) => stop()));
    },
  };
}
