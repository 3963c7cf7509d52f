import type { IncomingHttpHeaders } from "node:http";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import {
  AgentRequest,
  AgentsView,
  AgentView,
  EmergenciesView,
  EmergencyRequest,
  EmergencyView,
  LinkCode,
  LinkOutcome,
  LinkRequest,
  MeView,
  RedeemRequest,
  ReminderRequest,
  ReminderView,
  SecondRequest,
  StewardsView,
  UnlinkRequest,
  VouchOutcome,
  VouchRequest,
} from "../../../protocol/wire/governance.ts";
import { ApiError } from "../../../protocol/wire/http.ts";
import { PlatformId, Uuid } from "../../../protocol/wire/primitives.ts";
import { makeLinkCode, redeemLinkCode, unlinkAccount } from "../../members/links.ts";
import { accountsOf, personOf } from "../../members/person.ts";
import { currentRules } from "../constitution/book.ts";
import { proposeEmergency, secondEmergency } from "../emergencies/act.ts";
import { emergencies } from "../emergencies/view.ts";
import type { GovernanceParts } from "../parts.ts";
import { agents, declareAgent } from "../people/agents.ts";
import { foundingOf, foundingWords } from "../people/founding.ts";
import { meView } from "../people/me.ts";
import { vouch } from "../people/membership.ts";
import { databaseNow } from "../time.ts";
import { say } from "../words/say.ts";
import { spoken } from "../words/speak.ts";
import { languageOf, read } from "./read.ts";

type Emergencies = Type.Static<typeof EmergenciesView>;
const tags = ["governance"];
const refusals = { 400: ApiError, 403: ApiError, 404: ApiError, 409: ApiError, 429: ApiError };
const ForAccount = Type.Object({ account: PlatformId }, { additionalProperties: false });

/** Links between accounts, membership, agents, stewards and their emergency acts. */
export const peopleRoutes =
  (parts: GovernanceParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ctx, rights } = parts;
    const { db } = ctx;

    app.post(
      "/v1/links",
      {
        schema: {
          tags,
          summary: "A one-time code for this account",
          body: LinkRequest,
          response: { 200: LinkCode, ...refusals },
        },
      },
      async ({ body, headers }) =>
        read<LinkCode>(headers, await makeLinkCode(ctx, body.actor.account)),
    );
    app.post(
      "/v1/links/redeem",
      {
        schema: {
          tags,
          summary: "Become one person with the account that made the code",
          body: RedeemRequest,
          response: { 200: LinkOutcome, ...refusals },
        },
      },
      async ({ body, headers }) =>
        read<LinkOutcome>(headers, await redeemLinkCode(ctx, body.actor.account, body.code)),
    );
    app.post(
      "/v1/links/unlink",
      {
        schema: {
          tags,
          summary: "Let an account stand alone again",
          body: UnlinkRequest,
          response: { 200: LinkOutcome, ...refusals },
        },
      },
      async ({ body: { actor, account = actor.account }, headers }) =>
        read<LinkOutcome>(headers, await unlinkAccount(ctx, actor.account, account)),
    );
    app.get(
      "/v1/governance/me",
      {
        schema: {
          tags,
          summary: "What a person is here, for that person alone",
          querystring: ForAccount,
          response: { 200: MeView, ...refusals },
        },
      },
      async ({ query, headers }) =>
        read<MeView>(headers, await db.transaction().execute((trx) => meView(trx, query.account))),
    );
    app.post(
      "/v1/members/vouches",
      {
        schema: {
          tags,
          summary: "Vouch for somebody",
          body: VouchRequest,
          response: { 200: VouchOutcome, ...refusals },
        },
      },
      ({ body, headers }) =>
        db.transaction().execute(async (trx) => {
          const now = await databaseNow(trx);
          const rules = await currentRules(trx);
          const done = await vouch(
            trx,
            rules,
            body.actor,
            body.account,
            rights.poolModerators,
            now,
          );
          const missing = done.needed - done.vouches;
          return {
            ...{ account: body.account, ...done },
            words: spoken(
              languageOf(headers),
              done.member
                ? say("vouch_member", { account: body.account })
                : say("vouch_kept", { account: body.account, missing }),
            ),
          };
        }),
    );

    app.post(
      "/v1/agents",
      {
        schema: {
          tags,
          summary: "Declare an agent",
          body: AgentRequest,
          response: { 201: AgentView, ...refusals },
        },
      },
      async ({ body }, reply) => reply.code(201).send(await declareAgent(parts, body)),
    );
    app.get(
      "/v1/agents",
      {
        schema: {
          tags,
          summary: "Declared agents and who answers for them",
          response: { 200: AgentsView },
        },
      },
      async () => ({ agents: await agents(db) }),
    );

    app.put(
      "/v1/governance/reminders",
      {
        schema: {
          tags,
          summary: "Be reminded a day before a vote closes, or not",
          body: ReminderRequest,
          response: { 200: ReminderView, ...refusals },
        },
      },
      ({ body }) =>
        db.transaction().execute(async (trx) => {
          const { account } = body.actor;
          const person_id = await personOf(trx, account, await databaseNow(trx));
          if (body.on) {
            await trx
              .insertInto("reminder")
              .values({ person_id, account })
              .onConflict((conflict) => conflict.column("person_id").doUpdateSet({ account }))
              .execute();
          } else await trx.deleteFrom("reminder").where("person_id", "=", person_id).execute();
          return { account, on: body.on };
        }),
    );
    app.get(
      "/v1/governance/reminders",
      {
        schema: {
          tags,
          summary: "Whether somebody is reminded",
          querystring: ForAccount,
          response: { 200: ReminderView },
        },
      },
      async ({ query: { account } }) => {
        const row = await db
          .selectFrom("reminder as r")
          .innerJoin("account as a", "a.person_id", "r.person_id")
          .select("a.account")
          .where("a.account", "=", account)
          .executeTakeFirst();
        return { account, on: row !== undefined };
      },
    );

    app.get(
      "/v1/governance/stewards",
      { schema: { tags, summary: "Who the stewards are", response: { 200: StewardsView } } },
      async ({ headers }) => {
        const rules = await currentRules(db);
        const founding = await foundingOf(db, rules, await databaseNow(db));
        const rows = await db.selectFrom("steward").selectAll().orderBy("since").execute();
        const stewards = await Promise.all(
          rows.map(async ({ person_id, since, how }) => ({
            accounts: await accountsOf(db, person_id),
            since,
            how,
          })),
        );
        return {
          stewards,
          founding: !founding.over,
          words: spoken(languageOf(headers), foundingWords(founding, rules)),
        };
      },
    );
    const one = async (headers: IncomingHttpHeaders, id: string) =>
      read<Emergencies>(headers, { emergencies: await emergencies(db, id) })
        .emergencies[0] as EmergencyView;
    app.post(
      "/v1/emergencies",
      {
        schema: {
          tags,
          summary: "Ask a second steward to suspend a node, a model or a member",
          body: EmergencyRequest,
          response: { 201: EmergencyView, ...refusals },
        },
      },
      async ({ body, headers }, reply) =>
        reply.code(201).send(await one(headers, await proposeEmergency(parts, body))),
    );
    app.post(
      "/v1/emergencies/:id/second",
      {
        schema: {
          ...{ tags, summary: "Agree, as the second steward", params: Type.Object({ id: Uuid }) },
          ...{ body: SecondRequest, response: { 200: EmergencyView, ...refusals } },
        },
      },
      async ({ params, body, headers }) => {
        await secondEmergency(parts, params.id, body.actor);
        return one(headers, params.id);
      },
    );
    app.get(
      "/v1/emergencies",
      {
        schema: {
          tags,
          summary: "Emergency acts, newest first",
          response: { 200: EmergenciesView },
        },
      },
      async ({ headers }) => read<Emergencies>(headers, { emergencies: await emergencies(db) }),
    );
  };
