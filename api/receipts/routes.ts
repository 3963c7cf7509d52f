import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ApiError, Provenance } from "../../protocol/wire/http.ts";
import { PlatformId, Uuid } from "../../protocol/wire/primitives.ts";
import type { ApiContext } from "../context.ts";
import { failures } from "../errors.ts";
import type { LoadJob } from "../jobs/view.ts";
import type { PolicyBook } from "../policy/book.ts";
import { exportAnswer } from "./export.ts";
import { provenanceOf } from "./provenance.ts";

const JobPath = Type.Object({ id: Uuid });
/** Whoever wants to see it: a private answer is shown to the person who asked only. */
const Viewer = Type.Object({ viewer: Type.Optional(PlatformId) }, { additionalProperties: false });
const refusals = { 403: ApiError, 404: ApiError, 409: ApiError, 410: ApiError };

/** Where an answer came from, and the files to check it with. */
export const receiptRoutes =
  (parts: { ctx: ApiContext; load: LoadJob; policies: PolicyBook }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      "/v1/jobs/:id/provenance",
      {
        schema: {
          tags: ["receipts"],
          summary: "All that is known of where an answer came from",
          params: JobPath,
          querystring: Viewer,
          response: { 200: Provenance, ...refusals },
        },
      },
      ({ params, query }) => provenanceOf(parts, params.id, query.viewer),
    );

    app.get(
      "/v1/jobs/:id/export",
      {
        schema: {
          tags: ["receipts"],
          summary: "The answer with everything needed to verify it, zipped",
          params: JobPath,
          querystring: Viewer,
          produces: ["application/zip"],
          response: { 200: Type.Unknown(), ...refusals },
        },
      },
      async (request, reply) => {
        const { zip, receiptId } = await exportAnswer(
          parts,
          request.params.id,
          request.query.viewer,
        );
        return reply
          .header("content-type", "application/zip")
          .header("content-disposition", `attachment; filename="answer-${receiptId}.zip"`)
          .send(zip);
      },
    );

    app.get(
      "/v1/receipts/:receiptId",
      {
        schema: {
          tags: ["receipts"],
          summary: "The answer a receipt id names",
          params: Type.Object({ receiptId: Type.String({ pattern: "^[a-z2-7]{10}$" }) }),
          querystring: Viewer,
          response: { 200: Provenance, ...refusals },
        },
      },
      async (request) => {
        const row = await parts.ctx.db
          .selectFrom("receipt")
          .select("job_id")
          .where("id", "=", request.params.receiptId)
          .executeTakeFirst();
        if (row === undefined) throw failures.receiptUnknown();
        return provenanceOf(parts, row.job_id, request.query.viewer);
      },
    );
  };
