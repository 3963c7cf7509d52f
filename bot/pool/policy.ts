import { Policy, type PolicyChange } from "../../protocol/wire/policy.ts";
import { query, type Transport } from "./transport.ts";

/** Settings of a community. */
export interface PolicyCalls {
  /** As they hold in a community, or in one of its rooms. */
  policy(community: string, room?: string): Promise<Policy>;
  /** All changes together or none; answers with what holds then. */
  changePolicy(community: string, change: PolicyChange): Promise<Policy>;
}

export function policyCalls(line: Transport): PolicyCalls {
  const at = (community: string) => `/v1/communities/${encodeURIComponent(community)}/policy`;
  return {
    policy: (community, room) => line.get(`${at(community)}${query({ room })}`, Policy),
    changePolicy: (community, change) => line.send("PUT", at(community), Policy, change),
  };
}
