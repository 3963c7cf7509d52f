import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { ApiError } from "../../protocol/wire/http.ts";
import {
  isPolicyKey,
  Policy,
  PolicyChange,
  PolicyChanges,
  type PolicySetter,
  PoolPolicyChange,
} from "../../protocol/wire/policy.ts";
import { PlatformId } from "../../protocol/wire/primitives.ts";
import type { ApiContext } from "../context.ts";
import { failures } from "../errors.ts";
import type { ModelBook } from "../pool/model-book.ts";
import type { PolicyBook } from "./book.ts";
import { policyChanges } from "./changes.ts";
import { effectivePolicy } from "./effective.ts";
import { policyFailures } from "./failures.ts";
import { actorIn, moderatesPool, type Rights, requireModerator } from "./rights.ts";
import { communityScope, type Place, POOL_SCOPE, placeOf, roomScope } from "./scope.ts";
import { setPolicy } from "./set.ts";

export interface PolicyRoom {
  readonly ctx: ApiContext;
  readonly policies: PolicyBook;
  readonly book: ModelBook;
  readonly rights: Rights;
}

const CommunityPath = Type.Object({ id: PlatformId });
const InRoom = Type.Object({ room: Type.Optional(PlatformId) }, { additionalProperties: false });
const tags = ["policy"];
const refusals = { 400: ApiError, 403: ApiError, 404: ApiError, 409: ApiError };

/** What moderators can set, what holds, and who changed it. */
export const policyRoutes =
  (room: PolicyRoom): FastifyPluginAsyncTypebox =>
  async (app) => {
    const view = async (place: Place): Promise<Policy> => ({
      community: place.community,
      room: place.room,
      entries: [...(await effectivePolicy(room.ctx.db, place)).entries],
    });

    app.get(
      "/v1/communities/:id/policy",
      {
        schema: {
          tags,
          summary: "Settings as they hold in a community or one of its rooms",
          params: CommunityPath,
          querystring: InRoom,
          response: { 200: Policy, 400: ApiError },
        },
      },
      ({ params, query }) => view({ community: params.id, room: query.room ?? null }),
    );

    app.put(
      "/v1/communities/:id/policy",
      {
        schema: {
          tags,
          summary: "Change settings of a community or one of its rooms",
          description: "For its moderators. All changes together or none.",
          params: CommunityPath,
          body: PolicyChange,
          response: { 200: Policy, ...refusals },
        },
      },
      async ({ params: { id }, body }) => {
        const actor = actorIn(body.actor, id);
        const { values } = await room.policies.in({ community: id, room: null });
        requireModerator(room.rights, actor, id, values);
        const scope = body.room === undefined ? communityScope(id) : roomScope(id, body.room);
        await change(room, scope, body, { kind: "moderator", account: actor.account });
        return view({ community: id, room: body.room ?? null });
      },
    );

    app.get(
      "/v1/communities/:id/policy/changes",
      {
        schema: {
          tags,
          summary: "Who changed which setting of a community, newest first",
          params: CommunityPath,
          response: { 200: PolicyChanges, 400: ApiError },
        },
      },
      async ({ params }) => ({ changes: await policyChanges(room.ctx.db, params.id) }),
    );

    app.get(
      "/v1/policy",
      { schema: { tags, summary: "Settings of the whole pool", response: { 200: Policy } } },
      () => view({ community: null, room: null }),
    );

    app.put(
      "/v1/policy",
      {
        schema: {
          tags,
          summary: "Change settings of the whole pool",
          description: "For the pool's moderators. All changes together or none.",
          body: PoolPolicyChange,
          response: { 200: Policy, ...refusals },
        },
      },
      async ({ body }) => {
        const { account } = body.actor;
        if (!moderatesPool(room.rights, account)) throw policyFailures.notPoolModerator();
        await change(room, POOL_SCOPE, body, { kind: "moderator", account });
        return view({ community: null, room: null });
      },
    );

    app.get(
      "/v1/policy/changes",
      {
        schema: {
          tags,
          summary: "Who changed which setting of the whole pool, newest first",
          response: { 200: PolicyChanges },
        },
      },
      async () => ({ changes: await policyChanges(room.ctx.db, null) }),
    );
  };

async function change(
  { ctx, policies, book }: PolicyRoom,
  scope: string,
  { changes, expected = {}, unset = [] }: Pick<PolicyChange, "changes" | "expected" | "unset">,
  by: PolicySetter,
): Promise<void> {
  const now = ctx.clock();
  const values = new Map<string, unknown>(unset.map((key) => [key, undefined]));
  for (const [key, value] of Object.entries(changes)) values.set(key, value);
  for (const key of Object.keys(expected)) {
    if (!values.has(key)) throw policyFailures.expectedOnly(key);
  }
  const model = values.get("default_model");
  if (typeof model === "string") await requireKnownModel(book, model);
  await ctx.db.transaction().execute(async (trx) => {
    // In one order, so that two changes of several keys never wait for each other.
    for (const key of [...values.keys()].sort()) {
      const seen = Object.hasOwn(expected, key) ? { expected: expected[key] } : {};
      await setPolicy(trx, { scope, key, value: values.get(key), by, now, ...seen });
    }
  });
  const { level } = placeOf(scope);
  ctx.log.info(
    { level, keys: [...values.keys()].filter(isPolicyKey), by: by.kind },
    "settings changed",
  );
  policies.changed();
}

/** Nobody is helped by a default that names nothing. Throws ApiFailure `model_unknown`. */
async function requireKnownModel(book: ModelBook, wanted: string): Promise<void> {
  if ((await book.resolve(wanted)) !== null) return;
  const known = (await book.all()).map((each) => each.name);
  throw failures.modelUnknown(wanted, known);
}
