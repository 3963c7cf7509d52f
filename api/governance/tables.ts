import type { ColumnType, Generated } from "kysely";
import type { Action, Place } from "../../protocol/wire/governance.ts";
import type { Bytes, Json } from "../storage/columns.ts";
import type { Terms } from "./proposals/terms.ts";
import type { Said, Text } from "./words/say.ts";

type OptionalJson<T> = ColumnType<T | null, string | null | undefined, string | null>;

/** Rows of governance as the migrated database holds them. Times are database time, milliseconds. */

export interface ConstitutionTable {
  version: number;
  /** Canonical JSON (RFC 8785). */
  content: string;
  digest: string;
  adopted_at: number;
  /** What made it; null for the one the pool was founded with. */
  proposal_id: string | null;
}

export interface MemberTable {
  person_id: string;
  since: number;
  /** Proposals made from then on count this person in. */
  votes_from: number;
  how: "founder" | "admitted" | "vouched";
}

export interface VouchTable {
  person_id: string;
  by_person: string;
  at: number;
}

export interface StewardTable {
  person_id: string;
  since: number;
  how: string;
}

export interface AgentTable {
  account: string;
  person_id: string;
  name: string;
  purpose: string;
  controller: string;
  controller_account: string;
  declared_at: number;
}

export interface LinkCodeTable {
  /** SHA-256 of the code: the code itself is shown once and kept nowhere. */
  hash: string;
  person_id: string;
  account: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  used_by: string | null;
}

export interface LinkTryTable {
  account: string;
  at: number;
}

export interface ReminderTable {
  person_id: string;
  account: string;
}

export interface ProposalTable {
  id: string;
  /** What people call it. */
  number: number;
  community: string;
  room: string;
  request_key: string;
  kind: string;
  /** Entry of the constitution that governs it. */
  type: string;
  /** What people wrote, or English: for the record and its export. */
  title: string;
  /** The title where it is ours; null: people's words. */
  title_said: OptionalJson<Said>;
  reason: string;
  proposer: string;
  proposer_account: string;
  revision: number;
  binding: boolean;
  method: string;
  ballot_kind: string;
  sealed: boolean;
  rules_version: number;
  /** Thresholds and durations as frozen when it was made. */
  terms: Json<Terms>;
  created_at: number;
  /** Null until enough people back it. */
  talk_until: number | null;
  vote_until: number | null;
  /** Set when the members have chosen and the producers must agree. */
  ratify_until: number | null;
  extensions: number;
  withdrawn_at: number | null;
  closed_at: number | null;
  /** Option that the members chose, while the producers are asked. */
  chosen: string | null;
  outcome: string | null;
  /** Names of voters in the log and the export are salted with it. */
  roll_salt: string;
  /** Revealed at close; its digest is published before. */
  tie_secret: string;
  /** State that the rooms were told last. */
  told: string;
}

export interface ProposalOptionTable {
  proposal_id: string;
  id: string;
  title: string;
  title_said: OptionalJson<Said>;
  action: Json<Action | null>;
  changes: Json<{ what: Text; now: Text; becomes: Text }[]>;
  /** What the action would change, as it was when the option was written. */
  expected: Json<unknown | null>;
  added_by: string | null;
  added_at: number;
}

export interface ProposalRevisionTable {
  proposal_id: string;
  revision: number;
  content: Json<unknown>;
  at: number;
}

export interface ProposalPlaceTable {
  proposal_id: string;
  community: string;
  room: string;
  thread: string | null;
  /** Null: no card stands there, or nobody has said so yet. */
  message: string | null;
  /** The community's settings name this room, and nobody proposed there: it is told as long as they do. */
  by_setting: Generated<boolean>;
  /** When a door is asked for a card that still is not there; null: never. */
  card_due: number | null;
}

export interface BackingTable {
  proposal_id: string;
  person_id: string;
  kind: "sponsor" | "option" | "objection" | "hold";
  account: string;
  reason: string | null;
  at: number;
}

export interface RollTable {
  proposal_id: string;
  house: "members" | "producers";
  /** The person for whom the seat was made; never changes. */
  seat: string;
  /** Who holds it now: two seats held by one person, after a link, are one ballot. */
  person_id: string;
  /** In millionths. */
  weight: number;
  agent: boolean;
  controller: string;
}

export interface BallotTable {
  proposal_id: string;
  person_id: string;
  /** `ratify`: the producers' answer on what the members chose. */
  stage: "vote" | "ratify";
  account: string;
  revision: number;
  /** Open: canonical JSON. Sealed: nonce, AES-256-GCM ciphertext and tag; empty after the count. */
  content: Bytes;
  /** Random; opens the commitment of an open ballot in the log. */
  opening: string;
  /** What the log calls the voter; it stays when accounts are linked. */
  voter: string;
  receipt: string;
  /** Its entry in the log. */
  seq: number;
  cast_at: number;
  state: "counts" | "withdrawn" | "void" | "merged";
}

export interface BallotLogTable {
  proposal_id: string;
  seq: number;
  at: number;
  /** Canonical JSON of a LogEntry (protocol/verify/poll-rows.ts). */
  entry: string;
  hash: string;
  receipt: string | null;
  event_id: string | null;
}

export interface PollResultTable {
  proposal_id: string;
  content: Json<unknown>;
  export: string;
  created_at: number;
}

/** Who voted how, beside the log, which commits to it: open votes, and agents. */
export interface PollNameTable {
  proposal_id: string;
  stage: "vote" | "ratify";
  /** As the log calls them. */
  voter: string;
  account: string;
  agent: boolean;
  /** As people write it. */
  choice: string;
  /** What they wanted, and whether it was outvoted. */
  side: Json<Text>;
  minority: boolean;
  reason: string | null;
  /** Opens the commitment in the ballot's row. */
  opening: string;
}

export type EffectState = "waiting" | "held" | "done" | "stale" | "reverted" | "stopped";

export interface EffectTable {
  proposal_id: string;
  action: Json<Action>;
  expected: Json<unknown | null>;
  /** What undoes it: the values as they were. */
  inverse: Json<unknown | null>;
  state: EffectState;
  due_at: number;
  held_at: number | null;
  done_at: number | null;
  words: Json<Text>;
}

export interface EmergencyTable {
  id: string;
  subject: "node" | "model" | "member";
  subject_id: string;
  subject_name: string;
  reason: string;
  community: string;
  room: string;
  state: string;
  first_steward: string;
  first_account: string;
  second_steward: string | null;
  second_account: string | null;
  proposed_at: number;
  in_force_at: number | null;
  lapses_at: number | null;
  proposal_id: string | null;
  undo: Json<unknown | null>;
}

export interface SuspensionTable {
  subject: "node" | "model" | "member";
  subject_id: string;
  emergency_id: string;
  /** Null: the members ratified it. */
  until: number | null;
}

export interface GovernanceEventTable {
  /** Without gaps and in the order of commits. */
  id: number;
  /** Says what it tells, so that nothing is told twice. */
  key: string;
  at: number;
  type: string;
  proposal: number | null;
  words: Json<Text>;
  places: Json<Place[]>;
  tell: string[];
  data: Json<Record<string, unknown>>;
}

export interface GovernanceDoorTable {
  door: string;
  seen: number;
}
