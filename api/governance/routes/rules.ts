import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import {
  ChoicesQuery,
  ChoicesView,
  EventsQuery,
  EventsView,
  KindsView,
  LintRequest,
  LintView,
  RulesView,
  SeenRequest,
} from "../../../protocol/wire/governance.ts";
import { ApiError } from "../../../protocol/wire/http.ts";
import { currentRules, type Rules, rulesOfVersion } from "../constitution/book.ts";
import { INVARIANTS, invariantWords } from "../constitution/invariants.ts";
import { lint } from "../constitution/lint.ts";
import { needsWords } from "../constitution/needs.ts";
import { rulesWords } from "../constitution/words.ts";
import { eventsAfter, markSeen, seenBy } from "../events/feed.ts";
import type { NewsDesk } from "../events/news-desk.ts";
import { governanceFailures } from "../failures.ts";
import { choices } from "../kinds/choices.ts";
import { proposableKinds } from "../kinds/table.ts";
import type { GovernanceParts } from "../parts.ts";
import { foundingOf, foundingWords } from "../people/founding.ts";
import { stewardAccounts } from "../people/stewards.ts";
import { databaseNow } from "../time.ts";
import { say } from "../words/say.ts";
import type { Unspoken } from "../words/speak.ts";
import { languageOf, read } from "./read.ts";

type Kinds = Type.Static<typeof KindsView>;
type Events = Type.Static<typeof EventsView>;
const tags = ["governance"];

/** Rules in words, forms, and the feed of what happened. */
export const rulesRoutes =
  (parts: GovernanceParts, news: NewsDesk): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ctx, book } = parts;
    const { db } = ctx;

    app.get(
      "/v1/rules",
      {
        schema: {
          tags,
          summary: "The rules in force, in words and as data",
          response: { 200: RulesView },
        },
      },
      async ({ headers }) =>
        read<RulesView>(headers, await rulesView(parts, await currentRules(db))),
    );
    app.get(
      "/v1/rules/:version",
      {
        schema: {
          ...{ tags, summary: "An earlier version of the rules" },
          params: Type.Object({ version: Type.Integer({ minimum: 1, maximum: 1_000_000 }) }),
          response: { 200: RulesView, 404: ApiError },
        },
      },
      async ({ params, headers }) => {
        const rules = await rulesOfVersion(db, params.version);
        if (rules === null) throw governanceFailures.rulesUnknown(params.version);
        return read<RulesView>(headers, await rulesView(parts, rules));
      },
    );
    app.post(
      "/v1/rules/lint",
      {
        schema: {
          tags,
          summary: "What an amendment would change, and what forbids it",
          body: LintRequest,
          response: { 200: LintView, 400: ApiError },
        },
      },
      async ({ body, headers }) => {
        const { amended: _, ...view } = lint((await currentRules(db)).constitution, body.changes);
        return read<LintView>(headers, view);
      },
    );
    app.get(
      "/v1/governance/kinds",
      {
        schema: {
          tags,
          summary: "What can be proposed, and what each form asks",
          response: { 200: KindsView },
        },
      },
      async ({ headers }) => {
        const { constitution } = await currentRules(db);
        const { members } = await db
          .selectFrom("member")
          .select((select) => select.fn.countAll<number>().as("members"))
          .executeTakeFirstOrThrow();
        return read<Kinds>(headers, {
          kinds: proposableKinds().map((kind) => {
            const type = kind.type(null, null);
            const { kind: name, fields } = kind;
            return {
              kind: name,
              title: say(`kind_${name}`),
              words: say(`kind_${name}_means`),
              type,
              needs: needsWords(constitution, type, Number(members)),
              fields,
            };
          }),
        });
      },
    );
    app.get(
      "/v1/governance/choices",
      {
        schema: {
          tags,
          summary: "What a form can offer for a field",
          querystring: ChoicesQuery,
          response: { 200: ChoicesView },
        },
      },
      async ({ query, headers }) => ({
        choices: await choices({ db, book }, query, languageOf(headers)),
      }),
    );

    app.get(
      "/v1/governance/events",
      {
        schema: {
          ...{
            tags,
            summary: "What happened, oldest first; waits for news",
            querystring: EventsQuery,
          },
          description:
            "With `door`, what that door has not acknowledged; with `after`, everything later than that id.",
          response: { 200: EventsView },
        },
      },
      async ({ query, headers }) => {
        const { door, wait = 0, limit = 50 } = query;
        const after = query.after ?? (door === undefined ? 0 : await seenBy(db, door));
        const events = await eventsAfter(db, after, limit);
        if (events.length > 0 || wait === 0) return read<Events>(headers, { events });
        await news.wait(after, wait);
        return read<Events>(headers, { events: await eventsAfter(db, after, limit) });
      },
    );
    app.post(
      "/v1/governance/events/seen",
      {
        schema: {
          tags,
          summary: "A door has told everything up to an id",
          body: SeenRequest,
          response: { 200: SeenRequest },
        },
      },
      async ({ body }) => {
        await markSeen(db, body.door, body.upTo);
        return { door: body.door, upTo: await seenBy(db, body.door) };
      },
    );
  };

async function rulesView({ ctx }: GovernanceParts, rules: Rules): Promise<Unspoken<RulesView>> {
  const founding = await foundingOf(ctx.db, rules, await databaseNow(ctx.db));
  const made =
    rules.proposalId === null
      ? null
      : await ctx.db
          .selectFrom("proposal")
          .select("number")
          .where("id", "=", rules.proposalId)
          .executeTakeFirst();
  return {
    version: rules.version,
    digest: rules.digest,
    adoptedAt: rules.adoptedAt,
    proposal: made?.number ?? null,
    founding: { ...founding, words: foundingWords(founding, rules) },
    sections: rulesWords(rules.constitution, await stewardAccounts(ctx.db)),
    invariants: INVARIANTS.map((invariant) => ({
      id: invariant.id,
      words: invariantWords(invariant),
    })),
    constitution: rules.constitution,
  };
}
