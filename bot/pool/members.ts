import { Erased, Member, MemberData } from "../../protocol/wire/members.ts";
import { query, type Transport } from "./transport.ts";

/** What a member can see of themselves. */
export interface MemberCalls {
  /** Quota where `community` and `room` say, linked accounts, own machines. */
  member(account: string, place?: { community?: string; room?: string }): Promise<Member>;
  /** Everything that is kept of the person, over all their accounts. */
  memberData(account: string): Promise<MemberData>;
  /** Erases the words of all that a person wrote; safe to repeat. */
  eraseMember(account: string): Promise<Erased>;
}

export function memberCalls(line: Transport): MemberCalls {
  return {
    member: (account, { community, room } = {}) =>
      line.get(`/v1/members/${encodeURIComponent(account)}${query({ community, room })}`, Member),
    memberData: (account) =>
      line.get(`/v1/members/${encodeURIComponent(account)}/data`, MemberData),
    eraseMember: (account) =>
      line.send("DELETE", `/v1/members/${encodeURIComponent(account)}/data`, Erased, {}),
  };
}
