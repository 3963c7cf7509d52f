import { ApiFailure } from "../errors.ts";

/** What can be wrong with making, looking at or revoking an invite. */
export const inviteFailures = {
  notAllowed: () =>
    new ApiFailure(
      403,
      "invite_not_allowed",
      "Inviting machines is for this community's moderators and the pool's operator. Ask one of them.",
    ),
  communityNeeded: (trust: string) =>
    new ApiFailure(
      400,
      "invite_community_needed",
      `A machine is “${trust}” for a community: name the community, or invite it as open.`,
    ),
  unknown: () =>
    new ApiFailure(404, "invite_unknown", "The pool has no such invite. Ask for a new one."),
  alreadyUsed: (node: string) =>
    new ApiFailure(
      409,
      "invite_used",
      `This invite was used by the node ${node}; revoking it changes nothing. Bar that node instead.`,
    ),
};
