import type { StandingState } from "../../protocol/wire/moderation.ts";

/** What moderators have decided about a node; `scope` is a community, or `*` for the whole pool. */
export interface NodeStandingTable {
  node_key: string;
  scope: string;
  state: StandingState;
  reason: string;
  set_by: string;
  set_at: number;
  /** Ends by itself then; null: until lifted. */
  until: number | null;
}

/** A community's own and trusted nodes; any other node is open. */
export interface NodeTrustTable {
  node_key: string;
  community: string;
  class: "own" | "trusted";
  since: number;
}

/** An answer that somebody wants moderators to look at. */
export interface ReportTable {
  id: string;
  job_id: string;
  community: string;
  account: string;
  reason: string;
  at: number;
  handled_by: string | null;
  handled_at: number | null;
}
