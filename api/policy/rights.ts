import type { Actor, ActorQuery, PolicyValues } from "../../protocol/wire/policy.ts";
import { policyFailures } from "./failures.ts";

/** What must be known to judge a right. */
export interface Rights {
  /** Accounts that moderate the whole pool. */
  readonly poolModerators: readonly string[];
}

/** True for those who moderate the whole pool. */
export function moderatesPool(rights: Rights, account: string): boolean {
  return rights.poolModerators.includes(account);
}

/**
 * True when the actor may moderate in `community`: by the platform's word for that very community, by a role
 * its moderators named, or as a moderator of the pool.
 */
export function moderates(
  rights: Rights,
  actor: Pick<Actor, "account" | "moderator" | "roles" | "community">,
  community: string,
  policy: Pick<PolicyValues, "moderator_roles">,
): boolean {
  if (moderatesPool(rights, actor.account)) return true;
  if (actor.community !== community) return false;
  return actor.moderator || actor.roles.some((role) => policy.moderator_roles.includes(role));
}

/** Throws ApiFailure `not_moderator`. */
export function requireModerator(...args: Parameters<typeof moderates>): void {
  if (!moderates(...args)) throw policyFailures.notModerator();
}

/** An actor whose request names the community in its path: unless it says otherwise, it acts there. */
export function actorIn(actor: Actor | ActorQuery, community: string): Actor {
  const { account, moderator = false, roles = [] } = actor;
  return { account, moderator, roles, community: actor.community ?? community };
}
