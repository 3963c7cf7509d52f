import { InviteCreated, type InviteRequest } from "../../protocol/wire/invites.ts";
import type { Transport } from "./transport.ts";

/** Invites for volunteers' machines. */
export interface InviteCalls {
  /** The invite's text is in this one answer and never again. */
  invite(request: InviteRequest): Promise<InviteCreated>;
}

export function inviteCalls(line: Transport): InviteCalls {
  return { invite: (request) => line.send("POST", "/v1/invites", InviteCreated, request) };
}
