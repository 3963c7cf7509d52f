import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyReply } from "fastify";
import Type from "typebox";
import {
  AgainRequest,
  ApiError,
  AskRequest,
  CancelRequest,
  Job,
} from "../../protocol/wire/http.ts";
import { Uuid } from "../../protocol/wire/primitives.ts";
import type { ApiContext } from "../context.ts";
import { failures } from "../errors.ts";
import { erasedFailure } from "../members/erased.ts";
import { requireStopper, requireViewer } from "../moderation/job-rights.ts";
import type { PolicyBook } from "../policy/book.ts";
import type { Rights } from "../policy/rights.ts";
import type { Database } from "../storage/open.ts";
import type { Asked, Intake } from "./ask.ts";
import { cancelJob } from "./cancel.ts";
import type { Dispatcher } from "./dispatch.ts";
import { EventStream } from "./event-stream.ts";
import type { Following } from "./follow.ts";
import type { Relay } from "./relay.ts";
import type { LoadJob } from "./view.ts";

export interface JobsRoom {
  readonly ctx: ApiContext;
  readonly relay: Relay;
  readonly dispatcher: Dispatcher;
  readonly db: Database;
  readonly policies: PolicyBook;
  readonly rights: Rights;
  readonly intake: Intake;
  readonly following: Following;
  /** A job as callers see it, and its row; null when there is none. */
  readonly load: LoadJob;
  readonly viewFresh: (asked: Asked) => Promise<Job>;
}

const JobPath = Type.Object({ id: Uuid });
const tags = ["jobs"];
const refusals = { 400: ApiError, 403: ApiError, 404: ApiError, 429: ApiError };

/** POST /v1/jobs and what can be done with a job. */
export const jobRoutes =
  (room: JobsRoom): FastifyPluginAsyncTypebox =>
  async (app) => {
    const found = async (id: string) => {
      const loaded = await room.load(id);
      if (loaded === null) throw failures.jobUnknown();
      return loaded;
    };

    const answer = async (reply: FastifyReply, asked: Asked) => {
      reply.code(asked.fresh ? 201 : 200);
      return asked.fresh ? room.viewFresh(asked) : (await found(asked.row.id)).job;
    };

    app.post(
      "/v1/jobs",
      {
        schema: {
          tags,
          summary: "Ask",
          description:
            "200 gives the job that the same community asked with the same requestKey before.",
          body: AskRequest,
          response: { 200: Job, 201: Job, ...refusals, 413: ApiError },
        },
      },
      async (request, reply) => {
        return answer(reply, await room.intake.ask(request.body));
      },
    );

    app.get(
      "/v1/jobs/:id",
      {
        schema: {
          tags,
          summary: "A job as it is now",
          params: JobPath,
          response: { 200: Job, 404: ApiError },
        },
      },
      async (request) => (await found(request.params.id)).job,
    );

    app.get(
      "/v1/jobs/:id/events",
      {
        schema: {
          tags,
          summary: "Follow a job",
          description:
            "Server-sent events: queued, started, text, moved, end (see JobEvents). Begins with the present state.",
          params: JobPath,
          produces: ["text/event-stream"],
          response: { 404: ApiError },
        },
      },
      async (request, reply) => {
        let left = false;
        let stop: (() => void) | null = null;
        reply.raw.on("close", () => {
          left = true;
          stop?.();
        });
        stop = await room.following.begin(request.params.id, () => {
          reply.hijack();
          return new EventStream(reply.raw, room.ctx.limits.keepAliveMs);
        });
        if (stop === null) throw failures.jobUnknown();
        if (left) stop();
      },
    );

    app.post(
      "/v1/jobs/:id/cancel",
      {
        schema: {
          tags,
          summary: "Stop a job",
          description:
            "For who asked it and for moderators of its community. Safe to repeat; answers with the job as it is now.",
          params: JobPath,
          body: CancelRequest,
          response: { 200: Job, 403: ApiError, 404: ApiError },
        },
      },
      async (request) => {
        const { row } = await found(request.params.id);
        await requireStopper(room, row, request.body);
        await cancelJob(room, request.params.id);
        return (await found(request.params.id)).job;
      },
    );

    app.post(
      "/v1/jobs/:id/again",
      {
        schema: {
          tags,
          summary: "Ask the same again",
          description: "The same question and conversation, a new job and a new seed.",
          params: JobPath,
          body: AgainRequest,
          response: { 200: Job, 201: Job, ...refusals, 410: ApiError },
        },
      },
      async (request, reply) => {
        const { row: earlier } = await found(request.params.id);
        const { body } = request;
        await requireViewer(room.ctx.db, earlier, body.member);
        if (earlier.erased_at !== null) throw erasedFailure(earlier.erased_at);
        const inserted = await room.intake.ask(
          {
            private: earlier.private,
            ...body,
            community: earlier.community,
            room: earlier.room,
            prompt: earlier.prompt,
            ...(earlier.continues === null ? {} : { continues: earlier.continues }),
            options: { ...earlier.options, ...body.options },
          },
          earlier.id,
        );
        return answer(reply, inserted);
      },
    );
  };
