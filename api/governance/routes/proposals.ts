import type { IncomingHttpHeaders } from "node:http";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import {
  ByActor,
  EditRequest,
  ObjectRequest,
  OptionRequest,
  PlaceRequest,
  PollRequest,
  ProposalsQuery,
  ProposalsView,
  ProposalView,
  ProposeRequest,
} from "../../../protocol/wire/governance.ts";
import { ApiError } from "../../../protocol/wire/http.ts";
import { PlatformId } from "../../../protocol/wire/primitives.ts";
import { moderates } from "../../policy/rights.ts";
import type { GovernanceParts } from "../parts.ts";
import { hold, object, sponsor } from "../proposals/back.ts";
import { addOption, edit, withdraw } from "../proposals/change.ts";
import { listProposals } from "../proposals/list.ts";
import { keepPlace } from "../proposals/places.ts";
import { previewProposal } from "../proposals/preview.ts";
import { propose, runPoll } from "../proposals/propose.ts";
import { proposalByNumber, viewProposal } from "../proposals/view.ts";
import { read } from "./read.ts";

const tags = ["governance"];
const refusals = { 400: ApiError, 403: ApiError, 404: ApiError, 409: ApiError };
const ByNumber = Type.Object({ number: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) });
const ForAccount = Type.Object(
  { account: Type.Optional(PlatformId) },
  { additionalProperties: false },
);
const _Text = Type.String();

/** Proposals: made, talked over, shown. */
export const proposalRoutes =
  (parts: GovernanceParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ctx } = parts;
    const view = async (headers: IncomingHttpHeaders, number: number, account?: string) =>
      read<ProposalView>(headers, await viewProposal(ctx, number, account));
    const answers = { 200: ProposalView, ...refusals };

    app.post(
      "/v1/proposals",
      {
        schema: {
          ...{ tags, summary: "Propose something", body: ProposeRequest },
          description: "The same request key in the same community gives the same proposal.",
          response: { 201: ProposalView, ...refusals },
        },
      },
      async ({ body, headers }, reply) => {
        const number = await propose(parts, body);
        return reply.code(201).send(await view(headers, number, body.actor.account));
      },
    );
    app.post(
      "/v1/proposals/preview",
      {
        schema: {
          tags,
          summary: "The card of a proposal that is not made",
          body: ProposeRequest,
          response: answers,
        },
      },
      async ({ body, headers }) => read<ProposalView>(headers, await previewProposal(parts, body)),
    );
    app.post(
      "/v1/polls",
      {
        schema: {
          ...{ tags, summary: "Run a poll, as a moderator", body: PollRequest },
          response: { 201: ProposalView, ...refusals },
        },
      },
      async ({ body, headers }, reply) => {
        const { community } = body.place;
        const { values } = await parts.policies.in({ community, room: null });
        const number = await runPoll(
          parts,
          body,
          moderates(
            parts.rights,
            { ...body.actor, community: body.actor.community ?? community },
            community,
            values,
          ),
        );
        return reply.code(201).send(await view(headers, number, body.actor.account));
      },
    );
    app.get(
      "/v1/proposals",
      {
        schema: {
          tags,
          summary: "Proposals, newest first",
          querystring: ProposalsQuery,
          response: { 200: ProposalsView, 400: ApiError },
        },
      },
      async ({ query, headers }) =>
        read<ProposalsView>(headers, { proposals: await listProposals(ctx.db, query) }),
    );
    app.get(
      "/v1/proposals/:number",
      {
        schema: {
          tags,
          summary: "A proposal's card",
          params: ByNumber,
          querystring: ForAccount,
          response: answers,
        },
      },
      ({ params, query, headers }) => view(headers, params.number, query.account),
    );
    app.post(
      "/v1/proposals/:number/options",
      {
        schema: {
          tags,
          summary: "Add an option, while talk is open",
          params: ByNumber,
          body: OptionRequest,
          response: answers,
        },
      },
      async ({ params, body, headers }) => {
        await addOption(parts, params.number, body.actor, body.fields);
        return view(headers, params.number, body.actor.account);
      },
    );
    app.post(
      "/v1/proposals/:number/edit",
      {
        schema: {
          tags,
          summary: "A new revision, by its author",
          params: ByNumber,
          body: EditRequest,
          response: answers,
        },
      },
      async ({ params, body, headers }) => {
        await edit(parts, params.number, body.actor, body.fields, body.reason);
        return view(headers, params.number, body.actor.account);
      },
    );
    const byActor = {
      sponsors: [sponsor, "Back a proposal"],
      withdraw: [withdraw, "Take a proposal back, until the vote"],
      hold: [hold, "Hold what has passed, once"],
    } as const;
    for (const [name, [act, summary]] of Object.entries(byActor)) {
      app.post(
        `/v1/proposals/:number/${name}`,
        { schema: { tags, summary, params: ByNumber, body: ByActor, response: answers } },
        async ({ params, body, headers }) => {
          await act(parts, params.number, body.actor);
          return view(headers, params.number, body.actor.account);
        },
      );
    }
    app.post(
      "/v1/proposals/:number/objections",
      {
        schema: {
          tags,
          summary: "Object to what would pass by consent",
          params: ByNumber,
          body: ObjectRequest,
          response: answers,
        },
      },
      async ({ params, body, headers }) => {
        await object(parts, params.number, body.actor, body.reason);
        return view(headers, params.number, body.actor.account);
      },
    );
    app.post(
      "/v1/proposals/:number/places",
      {
        schema: {
          tags,
          summary: "Say where a card stands",
          params: ByNumber,
          body: PlaceRequest,
          response: answers,
        },
      },
      async ({ params, body, headers }) => {
        const row = await proposalByNumber(ctx.db, params.number);
        await keepPlace(ctx.db, row.id, body.place);
        return view(headers, params.number);
      },
    );
  };
