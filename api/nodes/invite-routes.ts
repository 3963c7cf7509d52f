import { randomUUID } from "node:crypto";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import Type from "typebox";
import { inviteText } from "../../protocol/invite-text.ts";
import { publicKeyToRaw } from "../../protocol/keys.ts";
import { signEnvelope } from "../../protocol/receipts/dsse.ts";
import { canonicalBytes } from "../../protocol/receipts/jcs.ts";
import {
  INVITE_DEFAULT_MS,
  INVITE_LOOK_PAYLOAD_TYPE,
  Invite,
  InviteCreated,
  InviteList,
  type InviteLook,
  InviteLookAnswer,
  InviteLookRequest,
  InviteQuery,
  InviteRequest,
  InviteRevocation,
} from "../../protocol/wire/invites.ts";
import { Uuid } from "../../protocol/wire/primitives.ts";
import type { ApiContext } from "../context.ts";
import type { PolicyBook } from "../policy/book.ts";
import type { Rights } from "../policy/rights.ts";
import { inviteFailures } from "./invite-failures.ts";
import { requireInviter } from "./invite-rights.ts";
import {
  inviteByHash,
  inviteById,
  inviteState,
  listInvites,
  revokeInvite,
  storeInvite,
  viewOfInvite,
} from "./invites.ts";

/** Making, listing and revoking invites, for doors and the operator. */
export const inviteRoutes =
  (parts: { ctx: ApiContext; policies: PolicyBook; rights: Rights }): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { ctx } = parts;
    app.post(
      "/v1/invites",
      {
        schema: {
          tags: ["nodes"],
          summary: "Invite a volunteer's machine",
          body: InviteRequest,
          response: { 201: InviteCreated },
        },
      },
      async (request, reply) => {
        const { actor, community, trust = "open", owner, note = "", lifetimeMs } = request.body;
        const inviter = actor && { community, ...actor };
        await requireInviter(parts, inviter, community ?? null);
        if (trust !== "open" && community === undefined)
          throw inviteFailures.communityNeeded(trust);
        const now = ctx.clock();
        const secret = ctx.random(32).toString("base64url");
        const invite = await storeInvite(ctx.db, {
          id: randomUUID(),
          secret,
          createdBy: actor?.account ?? null,
          community: community ?? null,
          trust,
          owner: owner ?? null,
          note,
          createdAt: now,
          expiresAt: now + (lifetimeMs ?? INVITE_DEFAULT_MS),
        });
        const url =
          request.body.url ?? ctx.settings.publicUrl ?? `${request.protocol}://${request.host}`;
        const text = inviteText({ url, poolKeyId: ctx.secrets.poolKey.keyId, secret });
        const command = `npm run worker -- join ${text}`;
        return reply.code(201).send({ invite, text, command, warning: reachWarning(url) });
      },
    );

    app.get(
      "/v1/invites",
      {
        schema: {
          tags: ["nodes"],
          summary: "Invites, newest first; their secrets are not shown again",
          querystring: InviteQuery,
          response: { 200: InviteList },
        },
      },
      async (request) => ({
        invites: await listInvites(ctx.db, request.query.community ?? null, ctx.clock()),
      }),
    );

    app.delete(
      "/v1/invites/:id",
      {
        schema: {
          tags: ["nodes"],
          summary: "Revoke an invite that nobody used; safe to repeat",
          params: Type.Object({ id: Uuid }),
          body: Type.Optional(InviteRevocation),
          response: { 200: Invite },
        },
      },
      async (request) => {
        const found = await inviteById(ctx.db, request.params.id);
        if (found === undefined) throw inviteFailures.unknown();
        await requireInviter(parts, request.body?.actor, found.community);
        const now = ctx.clock();
        const after = await revokeInvite(ctx.db, found.id, now);
        if (after.used_at !== null) throw inviteFailures.alreadyUsed(after.used_by_node as string);
        return viewOfInvite(after, now);
      },
    );
  };

/** For whoever holds an invite: what it is for, in the pool's own signed words. Needs no token, uses nothing up. */
export const inviteLookRoute =
  (ctx: ApiContext): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      "/v1/invites/look",
      {
        schema: {
          tags: ["nodes"],
          summary: "What an invite is for, signed with the pool's key",
          security: [],
          body: InviteLookRequest,
          response: { 200: InviteLookAnswer },
        },
      },
      async (request): Promise<InviteLookAnswer> => {
        const found = await inviteByHash(ctx.db, request.body.hash);
        if (found === undefined) throw inviteFailures.unknown();
        const { poolKey } = ctx.secrets;
        const look: InviteLook = {
          nonce: request.body.nonce,
          pool: ctx.settings.poolName,
          state: inviteState(found, ctx.clock()),
          community: found.community,
          trust: found.trust,
          expiresAt: found.expires_at,
        };
        return {
          publicKey: publicKeyToRaw(poolKey.publicKey).toString("base64"),
          envelope: signEnvelope(poolKey, INVITE_LOOK_PAYLOAD_TYPE, canonicalBytes(look)),
        };
      },
    );
  };

function reachWarning(url: string): string | null {
  const { hostname } = new URL(url);
  if (!/^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(hostname)) return null;
  return (
    `The address ${url} reaches the pool from this machine only. For a volunteer elsewhere set PUBLIC_URL to the ` +
    "address they can reach, or name it when you make the invite."
  );
}
