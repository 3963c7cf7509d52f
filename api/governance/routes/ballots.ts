import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import {
  BallotReceipt,
  BallotRequest,
  WithdrawBallotRequest,
} from "../../../protocol/wire/governance.ts";
import { ApiError } from "../../../protocol/wire/http.ts";
import { PlatformId } from "../../../protocol/wire/primitives.ts";
import { lookUpReceipt } from "../ballots/look-up.ts";
import { nameLines } from "../ballots/roll-call.ts";
import { ballotBox } from "../ballots/together.ts";
import { withdrawBallot } from "../ballots/withdraw.ts";
import { governanceFailures } from "../failures.ts";
import type { GovernanceParts } from "../parts.ts";
import { proposalByNumber } from "../proposals/view.ts";
import { say } from "../words/say.ts";
import { read } from "./read.ts";

const tags = ["governance"];
const refusals = { 400: ApiError, 403: ApiError, 404: ApiError, 409: ApiError };
const ByNumber = Type.Object({ number: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) });
const _ForAccount = Type.Object(
  { account: Type.Optional(PlatformId) },
  { additionalProperties: false },
);
const Text = Type.String();

/** Ballots, their receipts, and the count that can be taken away. */
export const ballotRoutes =
  (parts: GovernanceParts): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ctx } = parts;
    const cast = ballotBox(ctx);

    app.post(
      "/v1/proposals/:number/ballots",
      {
        schema: {
          ...{ tags, summary: "Vote, or change a vote", params: ByNumber, body: BallotRequest },
          description:
            "The same event id gives the same receipt. Lateness is decided by database time.",
          response: { 200: BallotReceipt, ...refusals },
        },
      },
      async ({ params, body, headers }) =>
        read<BallotReceipt>(headers, await cast(params.number, body)),
    );
    app.post(
      "/v1/proposals/:number/ballots/withdraw",
      {
        schema: {
          ...{ tags, summary: "Take a ballot back", params: ByNumber, body: WithdrawBallotRequest },
          response: { 200: BallotReceipt, ...refusals },
        },
      },
      async ({ params, body, headers }) =>
        read<BallotReceipt>(
          headers,
          await withdrawBallot(ctx, params.number, body.actor, body.eventId),
        ),
    );
    app.get(
      "/v1/proposals/:number/receipts/:receipt",
      {
        schema: {
          ...{ tags, summary: "Whether a ballot is in the log" },
          params: Type.Object({
            ...ByNumber.properties,
            receipt: Type.String({ minLength: 1, maxLength: 60 }),
          }),
          response: { 200: BallotReceipt, ...refusals },
        },
      },
      async ({ params, headers }) =>
        read<BallotReceipt>(headers, await lookUpReceipt(ctx.db, params.number, params.receipt)),
    );

    app.get(
      "/v1/proposals/:number/export",
      {
        schema: {
          tags,
          summary: "A closed poll, for `npm run verify -- poll`",
          params: ByNumber,
          response: { 200: Text, ...refusals },
        },
      },
      async ({ params }, reply) => {
        const { text, row } = await exportOf(parts, params.number);
        return reply
          .serializer((payload: string) => payload)
          .type("application/x-ndjson; charset=utf-8")
          .header("content-disposition", `attachment; filename="poll-${row.number}.jsonl"`)
          .send(text);
      },
    );
    app.get(
      "/v1/proposals/:number/working",
      {
        schema: {
          tags,
          summary: "Every table of the count, as JSON",
          params: ByNumber,
          response: { 200: Type.Unknown(), ...refusals },
        },
      },
      async ({ params }) => {
        const { text } = await exportOf(parts, params.number);
        const rows = text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as { row: string; count?: unknown; rules?: unknown });
        return {
          rules: rows.find(({ row }) => row === "poll")?.rules,
          count: rows.find(({ row }) => row === "result")?.count,
        };
      },
    );
  };

async function exportOf({ ctx }: GovernanceParts, number: number) {
  const row = await proposalByNumber(ctx.db, number);
  const result = await ctx.db
    .selectFrom("poll_result")
    .select("export")
    .where("proposal_id", "=", row.id)
    .executeTakeFirst();
  if (result === undefined) {
    throw governanceFailures.wrongState(say("what_count"), say("state_uncounted"));
  }
  return { row, text: result.export + (await nameLines(ctx.db, row.id)) };
}
