import type Type from "typebox";
import type { InviteActor } from "../../protocol/wire/invites.ts";
import type { ApiContext } from "../context.ts";
import { inviteFailures } from "./invite-failures.ts";

/**
 * Who may invite: the operator (no actor: whoever holds the service token at the machine), the pool's
 * moderators, and a community's moderators for their community. Throws ApiFailure.
 */
export function requireInviter(
  _ctx: ApiContext,
  actor: Type.Static<typeof InviteActor> | undefined,
  community: string | undefined,
): void {
  if (actor === undefined) return;
  if (actor.moderator && community !== undefined) return;
  throw inviteFailures.notAllowed();
}
