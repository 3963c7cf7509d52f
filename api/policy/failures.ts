import { POLICY_KEYS, type PolicyKey } from "../../protocol/wire/policy.ts";
import { ApiFailure } from "../errors.ts";

/** Why a setting is not changed, or an act is not allowed. */
export const policyFailures = {
  unknownKey: (key: string) =>
    new ApiFailure(
      400,
      "policy_unknown_key",
      `There is no setting “${key.slice(0, 60)}”. Settings: ${Object.keys(POLICY_KEYS).join(", ")}.`,
    ),
  expectedOnly: (key: string) =>
    new ApiFailure(
      400,
      "policy_expected_only",
      `“expected” names “${key.slice(0, 60)}”, which is neither in “changes” nor in “unset”. Send what is to change.`,
    ),
  level: (key: PolicyKey, level: string) =>
    new ApiFailure(
      400,
      "policy_level",
      `“${POLICY_KEYS[key].title}” (${key}) cannot be set for a ${level}, only for: ${POLICY_KEYS[key].levels.join(", ")}.`,
    ),
  value: (key: PolicyKey) =>
    new ApiFailure(
      400,
      "policy_value",
      `This value will not do for “${POLICY_KEYS[key].title}” (${key}). Write ${POLICY_KEYS[key].write}.`,
    ),
  voted: (key: PolicyKey, proposal: string | number) =>
    new ApiFailure(
      409,
      "policy_voted",
      `“${POLICY_KEYS[key].title}” (${key}) was decided by the members in proposal ${proposal}, so moderators cannot change it. Propose a change.`,
    ),
  stale: (key: PolicyKey, present: unknown) =>
    new ApiFailure(
      409,
      "policy_stale",
      `Somebody has changed “${POLICY_KEYS[key].title}” (${key}) meanwhile: it is ${shown(present)} now. Look at it again and decide.`,
    ),
  notModerator: () =>
    new ApiFailure(
      403,
      "not_moderator",
      "Only moderators of this place may do that. Ask one of them, or propose it to the members.",
    ),
  notPoolModerator: () =>
    new ApiFailure(
      403,
      "not_pool_moderator",
      "This concerns the whole pool, so only its moderators may do it (POOL_MODERATORS of the pool's operator). Ask one of them, or propose it to the members.",
    ),
};

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
