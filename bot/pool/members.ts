import { Member } from "../../protocol/wire/members.ts";
import { query, type Transport } from "./transport.ts";

/** What a member can see of themselves. */
export interface MemberCalls {
  /** Quota where `community` and `room` say, linked accounts, own machines. */
  member(account: string, place?: { community?: string; room?: string }): Promise<Member>;
}

export function memberCalls(line: Transport): MemberCalls {
  return {
    member: (account, { community, room } = {}) =>
      line.get(`/v1/members/${encodeURIComponent(account)}${query({ community, room })}`, Member),
  };
}
