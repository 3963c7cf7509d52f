import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ApiError } from "../../protocol/wire/http.ts";
import { Erased, Member, MemberData } from "../../protocol/wire/members.ts";
import { PlatformId } from "../../protocol/wire/primitives.ts";
import type { ApiContext } from "../context.ts";
import type { Dispatcher } from "../jobs/dispatch.ts";
import type { Relay } from "../jobs/relay.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import type { PolicyBook } from "../policy/book.ts";
import { memberView } from "./account.ts";
import { eraseMember, memberData } from "./data.ts";

export interface MembersRoom {
  readonly ctx: ApiContext;
  readonly policies: PolicyBook;
  readonly directory: NodeDirectory;
  readonly relay: Relay;
  readonly dispatcher: Dispatcher;
}

const AccountPath = Type.Object({ account: PlatformId });
const InPlace = Type.Object(
  { community: Type.Optional(PlatformId), room: Type.Optional(PlatformId) },
  { additionalProperties: false },
);
const tags = ["members"];

/** What a member can see and have erased of themselves. The door vouches that it is they who ask. */
export const memberRoutes =
  (parts: MembersRoom): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      "/v1/members/:account",
      {
        schema: {
          tags,
          summary: "A person: linked accounts, today's quota, machines and what they earned",
          params: AccountPath,
          querystring: InPlace,
          response: { 200: Member, 400: ApiError },
        },
      },
      ({ params, query: { community = null, room = null } }) =>
        memberView(parts, params.account, { community, room }),
    );
    app.get(
      "/v1/members/:account/data",
      {
        schema: {
          tags,
          summary: "Everything the pool keeps of what a person wrote",
          params: AccountPath,
          response: { 200: MemberData, 400: ApiError },
        },
      },
      ({ params }) => memberData(parts.ctx, params.account),
    );
    app.delete(
      "/v1/members/:account/data",
      {
        schema: {
          tags,
          summary: "Erase a person's questions and answers",
          description: "On all linked accounts. The public log stays valid. Safe to repeat.",
          params: AccountPath,
          response: { 200: Erased, 400: ApiError },
        },
      },
      ({ params }) => eraseMember(parts, params.account),
    );
  };
