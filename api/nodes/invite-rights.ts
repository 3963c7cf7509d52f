import type { Actor } from "../../protocol/wire/policy.ts";
import type { PolicyBook } from "../policy/book.ts";
import { moderates, moderatesPool, type Rights } from "../policy/rights.ts";
import { inviteFailures } from "./invite-failures.ts";

/**
 * Who may invite: the operator (no actor: whoever holds the service token), the pool's moderators, and a
 * community's moderators for their community. Throws ApiFailure.
 */
export async function requireInviter(
  { policies, rights }: { readonly policies: PolicyBook; readonly rights: Rights },
  actor: Actor | undefined,
  community: string | null,
): Promise<void> {
  if (actor === undefined || moderatesPool(rights, actor.account)) return;
  if (community === null) throw inviteFailures.notAllowed();
  const { values } = await policies.in({ community, room: null });
  if (!moderates(rights, actor, community, values)) throw inviteFailures.notAllowed();
}
