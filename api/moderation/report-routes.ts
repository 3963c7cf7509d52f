import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ApiError } from "../../protocol/wire/http.ts";
import { Report, ReportHandled, ReportRequest, Reports } from "../../protocol/wire/moderation.ts";
import { ActorQuery } from "../../protocol/wire/policy.ts";
import { PlatformId, Uuid } from "../../protocol/wire/primitives.ts";
import type { ApiContext } from "../context.ts";
import { failures } from "../errors.ts";
import type { LoadJob } from "../jobs/view.ts";
import type { PolicyBook } from "../policy/book.ts";
import { actorIn, type Rights, requireModerator } from "../policy/rights.ts";
import { requireViewer } from "./job-rights.ts";
import { addReport, communityReports, handleReport, reportById } from "./reports.ts";

const CommunityPath = Type.Object({ id: PlatformId });
const IdPath = Type.Object({ id: Uuid });
const tags = ["moderation"];
const refusals = { 400: ApiError, 403: ApiError, 404: ApiError };

/** Members report answers; moderators see and handle the reports. */
export const reportRoutes =
  (parts: {
    ctx: ApiContext;
    policies: PolicyBook;
    rights: Rights;
    load: LoadJob;
  }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ctx, policies, rights, load } = parts;
    const valuesOf = async (community: string) =>
      (await policies.in({ community, room: null })).values;
    const reportRoom = async (community: string) => (await valuesOf(community)).report_room;

    app.post(
      "/v1/jobs/:id/reports",
      {
        schema: {
          tags,
          summary: "Report an answer to the moderators",
          description: "200 gives the report that the same account made of it before.",
          params: IdPath,
          body: ReportRequest,
          response: { 200: Report, 201: Report, ...refusals },
        },
      },
      async ({ params, body }, reply) => {
        const loaded = await load(params.id);
        if (loaded === null) throw failures.jobUnknown();
        await requireViewer(ctx.db, loaded.row, body.actor.account);
        const { id, fresh } = await addReport(ctx.db, loaded.row, body, ctx.clock());
        reply.code(fresh ? 201 : 200);
        return reportById(ctx.db, id, reportRoom);
      },
    );

    app.get(
      "/v1/communities/:id/reports",
      {
        schema: {
          tags,
          summary: "Reported answers, for the community's moderators",
          params: CommunityPath,
          querystring: ActorQuery,
          response: { 200: Reports, ...refusals },
        },
      },
      async ({ params: { id }, query }) => {
        const values = await valuesOf(id);
        requireModerator(rights, actorIn(query, id), id, values);
        return { reports: await communityReports(ctx.db, id, values.report_room) };
      },
    );

    app.post(
      "/v1/reports/:id/handled",
      {
        schema: {
          tags,
          summary: "Say that a report is dealt with",
          description:
            "For the community's moderators; actor.community says where that right holds. Safe to repeat: the first stands.",
          params: IdPath,
          body: ReportHandled,
          response: { 200: Report, ...refusals },
        },
      },
      async ({ params, body: { actor } }) => {
        const { community } = await reportById(ctx.db, params.id, reportRoom);
        requireModerator(rights, actor, community, await valuesOf(community));
        await handleReport(ctx.db, params.id, actor.account, ctx.clock());
        return reportById(ctx.db, params.id, reportRoom);
      },
    );
  };
