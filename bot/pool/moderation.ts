import {
  CommunityNodes,
  Failures,
  NodeStandings,
  Report,
  type ReportRequest,
  Reports,
  type StandingLift,
  type StandingRequest,
  Waiting,
} from "../../protocol/wire/moderation.ts";
import type { Actor } from "../../protocol/wire/policy.ts";
import type { Transport } from "./transport.ts";

/** What moderators see and do. */
export interface ModerationCalls {
  communityNodes(community: string, actor: Actor): Promise<CommunityNodes>;
  /** Pauses or bars a node; safe to repeat. */
  setStanding(keyId: string, request: StandingRequest): Promise<NodeStandings>;
  liftStanding(keyId: string, request: StandingLift): Promise<NodeStandings>;
  waiting(community: string, actor: Actor): Promise<Waiting>;
  failures(community: string, actor: Actor): Promise<Failures>;
  /** Any member may report; the same report again gives the first. */
  report(jobId: string, request: ReportRequest): Promise<Report>;
  reports(community: string, actor: Actor): Promise<Reports>;
  reportHandled(reportId: string, actor: Actor): Promise<Report>;
}

export function moderationCalls(line: Transport): ModerationCalls {
  const of = (community: string, what: string, actor: Actor) =>
    `/v1/communities/${encodeURIComponent(community)}/${what}?${actorQuery(actor)}`;
  const standing = (keyId: string) => `/v1/nodes/${encodeURIComponent(keyId)}/standing`;
  return {
    communityNodes: (community, actor) => line.get(of(community, "nodes", actor), CommunityNodes),
    setStanding: (keyId, request) => line.send("PUT", standing(keyId), NodeStandings, request),
    liftStanding: (keyId, request) => line.send("DELETE", standing(keyId), NodeStandings, request),
    waiting: (community, actor) => line.get(of(community, "waiting", actor), Waiting),
    failures: (community, actor) => line.get(of(community, "failures", actor), Failures),
    report: (jobId, request) => line.send("POST", `/v1/jobs/${jobId}/reports`, Report, request),
    reports: (community, actor) => line.get(of(community, "reports", actor), Reports),
    reportHandled: (reportId, actor) =>
      line.send("POST", `/v1/reports/${reportId}/handled`, Report, { actor }),
  };
}

/** `account=…&moderator=true&roles=a&roles=b` */
function actorQuery({ account, moderator, roles, community }: Actor): string {
  const params = new URLSearchParams({ account, moderator: String(moderator) });
  for (const role of roles) params.append("roles", role);
  if (community !== undefined) params.set("community", community);
  return String(params);
}
