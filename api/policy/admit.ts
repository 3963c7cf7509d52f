import type { AskRequest } from "../../protocol/wire/http.ts";
import type { PolicyValues, PrivacyClass } from "../../protocol/wire/policy.ts";
import { ApiFailure } from "../errors.ts";
import { moderates, type Rights } from "./rights.ts";

/** Why somebody may not ask here. */
export const admitFailures = {
  channel: () =>
    new ApiFailure(
      403,
      "room_not_allowed",
      "Questions are not answered in this room: the moderators chose others for that. Ask in one of those.",
    ),
  mayNotAsk: () =>
    new ApiFailure(
      403,
      "may_not_ask",
      "In this place only members with certain roles may ask. Ask its moderators for one of them, or ask somewhere else.",
    ),
  modelNotServed: (model: string) =>
    new ApiFailure(
      403,
      "model_not_served",
      `${model} is not served in this pool. Ask without naming a model, or name another.`,
    ),
};

type AskedIn = Pick<
  AskRequest,
  "community" | "room" | "parentRoom" | "member" | "roles" | "moderator"
>;

/** Throws ApiFailure `room_not_allowed` or `may_not_ask` where the settings do not let this member ask. Pure. */
export function requireMayAsk(values: PolicyValues, asked: AskedIn, rights: Rights): void {
  const { channels_allowed: rooms, may_ask } = values;
  const { room, parentRoom, community, roles = [], moderator = false } = asked;
  if (rooms !== null && !rooms.includes(room) && !(parentRoom && rooms.includes(parentRoom))) {
    throw admitFailures.channel();
  }
  if (may_ask === "everyone" || may_ask.roles.some((role) => roles.includes(role))) return;
  const actor = { account: asked.member, moderator, roles, community };
  if (!moderates(rights, actor, community, values)) throw admitFailures.mayNotAsk();
}

const TIGHTNESS: Record<PrivacyClass, number> = { open: 0, trusted: 1, own: 2 };

/** The tighter of what the place demands and what the asker wants. */
export function tighter(place: PrivacyClass, wanted: PrivacyClass = "open"): PrivacyClass {
  return TIGHTNESS[wanted] > TIGHTNESS[place] ? wanted : place;
}
