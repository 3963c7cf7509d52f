import type { IncomingHttpHeaders } from "node:http";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ApiError } from "../../protocol/wire/http.ts";
import {
  CommunityNodes,
  Failures,
  NodeStandings,
  StandingLift,
  StandingRequest,
  TrustRequest,
  Waiting,
} from "../../protocol/wire/moderation.ts";
import { type Actor, ActorQuery } from "../../protocol/wire/policy.ts";
import { KeyId, PlatformId } from "../../protocol/wire/primitives.ts";
import type { ApiContext } from "../context.ts";
import { read } from "../governance/routes/read.ts";
import type { Places } from "../jobs/place.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import type { PolicyBook } from "../policy/book.ts";
import { policyFailures } from "../policy/failures.ts";
import {
  actorIn,
  moderates,
  moderatesPool,
  type Rights,
  requireModerator,
} from "../policy/rights.ts";
import { communityNodes } from "./community-nodes.ts";
import { EVERYWHERE, type NodeRules } from "./node-rules.ts";
import { liftStanding, nodeStandings, setStanding, setTrust } from "./standing.ts";
import { failedJobs, waitingJobs } from "./waiting.ts";

export interface ModerationRoom {
  readonly ctx: ApiContext;
  readonly policies: PolicyBook;
  readonly rules: NodeRules;
  readonly rights: Rights;
  readonly directory: NodeDirectory;
  readonly places: Places;
}

const CommunityPath = Type.Object({ id: PlatformId });
const Looker = Type.Partial(ActorQuery, { additionalProperties: false });
const NodePath = Type.Object({ keyId: KeyId });
type Nodes = Pick<Type.Static<typeof CommunityNodes>, "nodes">;
const tags = ["moderation"];
const refusals = { 400: ApiError, 403: ApiError, 404: ApiError };

/** What moderators see of the pool, and what they decide about nodes. */
export const moderationRoutes =
  (room: ModerationRoom): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ctx, policies, rules, rights } = room;
    const moderatorsOf = async (community: string, actor: Actor) => {
      const { values } = await policies.in({ community, room: null });
      requireModerator(rights, actor, community, values);
    };
    const isModerator = async (community: string, who: ActorQuery) => {
      const { values } = await policies.in({ community, room: null });
      return moderates(rights, actorIn(who, community), community, values);
    };
    /** `*` is the pool's moderators' word, everything else that of one community's. */
    const mayDecide = async (scope: string, actor: Actor) => {
      if (scope !== EVERYWHERE) return moderatorsOf(scope, actor);
      if (!moderatesPool(rights, actor.account)) throw policyFailures.notPoolModerator();
    };
    /** Done and known to all replicas before the moderator is told so. */
    const decided = async (headers: IncomingHttpHeaders, keyId: string) => {
      await rules.changed();
      return read<NodeStandings>(headers, await nodeStandings(ctx.db, keyId, ctx.clock()));
    };

    app.get(
      "/v1/communities/:id/nodes",
      {
        schema: {
          tags,
          summary: "Nodes as one community sees them: trust, standing, what they do for it",
          description:
            "For everybody in it: these machines see the members' questions. Deciding about them is for moderators; mayDecide says whether the account named is one.",
          params: CommunityPath,
          querystring: Looker,
          response: { 200: CommunityNodes, 400: ApiError },
        },
      },
      async ({ params: { id }, query: { account, ...rest }, headers }) => ({
        ...read<Nodes>(headers, { nodes: await communityNodes(room, id) }),
        mayDecide: account !== undefined && (await isModerator(id, { account, ...rest })),
      }),
    );

    app.put(
      "/v1/nodes/:keyId/standing",
      {
        schema: {
          tags,
          summary: "Pause, drain or bar a node",
          description:
            "For a community's jobs by its moderators; for all (`*`) by the pool's. A community's moderator says in actor.community where that right holds.",
          params: NodePath,
          body: StandingRequest,
          response: { 200: NodeStandings, ...refusals },
        },
      },
      async ({ params: { keyId }, body, headers }) => {
        await mayDecide(body.scope, body.actor);
        await setStanding(ctx.db, keyId, body, ctx.clock());
        ctx.log.info({ node: keyId, state: body.state }, "moderators decided about a node");
        return decided(headers, keyId);
      },
    );

    app.delete(
      "/v1/nodes/:keyId/standing",
      {
        schema: {
          tags,
          summary: "Let a node work again",
          params: NodePath,
          body: StandingLift,
          response: { 200: NodeStandings, ...refusals },
        },
      },
      async ({ params: { keyId }, body, headers }) => {
        await mayDecide(body.scope, body.actor);
        await liftStanding(ctx.db, keyId, body.scope);
        return decided(headers, keyId);
      },
    );

    app.put(
      "/v1/nodes/:keyId/trust",
      {
        schema: {
          tags,
          summary: "Say how far a community trusts a node",
          params: NodePath,
          body: TrustRequest,
          response: { 200: NodeStandings, ...refusals },
        },
      },
      async ({ params: { keyId }, body, headers }) => {
        await moderatorsOf(body.community, body.actor);
        await setTrust(ctx.db, keyId, body.community, body.class, ctx.clock());
        return decided(headers, keyId);
      },
    );

    app.get(
      "/v1/communities/:id/waiting",
      {
        schema: {
          tags,
          summary: "Who waits, for its moderators",
          params: CommunityPath,
          querystring: ActorQuery,
          response: { 200: Waiting, ...refusals },
        },
      },
      async ({ params: { id }, query }) => {
        await moderatorsOf(id, actorIn(query, id));
        return waitingJobs(ctx.db, room.places, id);
      },
    );

    app.get(
      "/v1/communities/:id/failures",
      {
        schema: {
          tags,
          summary: "Why questions had no answer, for its moderators",
          params: CommunityPath,
          querystring: ActorQuery,
          response: { 200: Failures, ...refusals },
        },
      },
      async ({ params: { id }, query }) => {
        await moderatorsOf(id, actorIn(query, id));
        return failedJobs(ctx.db, id, ctx.clock());
      },
    );
  };
