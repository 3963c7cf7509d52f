import type { Generated } from "kysely";
import type { EngineDescription, ModelFetch, OfferedModel } from "../../protocol/wire/gateway.ts";
import type { AskOptions, Check, JobState } from "../../protocol/wire/http.ts";
import type { Lineage } from "../../protocol/wire/lineage.ts";
import type { PrivacyClass } from "../../protocol/wire/policy.ts";
import type { FinishReason } from "../../protocol/wire/primitives.ts";
import type {
  AgentTable,
  BackingTable,
  BallotLogTable,
  BallotTable,
  ConstitutionTable,
  EffectTable,
  EmergencyTable,
  GovernanceDoorTable,
  GovernanceEventTable,
  LinkCodeTable,
  LinkTryTable,
  MemberTable,
  PollNameTable,
  PollResultTable,
  ProposalOptionTable,
  ProposalPlaceTable,
  ProposalRevisionTable,
  ProposalTable,
  ReminderTable,
  RollTable,
  StewardTable,
  SuspensionTable,
  VouchTable,
} from "../governance/tables.ts";
import type { AccountTable, NodeOwnerTable, PersonTable } from "../members/tables.ts";
import type { NodeStandingTable, NodeTrustTable, ReportTable } from "../moderation/tables.ts";
import type { InviteTable } from "../nodes/tables.ts";
import type { PolicyChangeTable, PolicyTable, SystemPromptTable } from "../policy/tables.ts";
import type { Bytes, Json } from "./columns.ts";

/**
 * Rows as the migrated database holds them; a test compares this file with the database. Times are integer
 * milliseconds since the Unix epoch, JSON columns are written as text and read as values.
 */
export interface Notice {
  readonly code: string;
  readonly message: string;
}

export interface JobTable {
  id: string;
  community: string;
  member: string;
  room: string;
  request_key: string;
  prompt: string;
  /** Job whose answer this replies to. */
  continues: string | null;
  /** Job that this asks again. */
  repeats: string | null;
  model_sha256: string;
  model_name: string;
  /** False: the pool chose the model, and may choose again while the job waits. */
  model_chosen: boolean;
  queue: string;
  priority: number;
  state: JobState;
  options: Json<AskOptions>;
  seed: string;
  seed_commitment: string;
  prompt_salt: string;
  wait: boolean;
  created_at: number;
  /** A job still queued then is given up. */
  expires_at: number;
  started_at: number | null;
  finished_at: number | null;
  cancel_requested_at: number | null;
  /** Replicas with somebody following this job. */
  reply_to: string[];
  /** Attempts begun so far; the latest one's number, and the fence against late answers. */
  attempts: number;
  /** Node at work and the replica that holds its lease; null unless running. */
  node_key: string | null;
  replica: string | null;
  notice: Json<Notice | null>;
  /** Shown to its asker only. */
  private: boolean;
  /** Whose machines may answer. */
  privacy: PrivacyClass;
  /** SHA-256 of the place's instructions to the model; names the row of `system_prompt`. */
  system_prompt: string | null;
  /** When prompt and answer were erased, and why. */
  erased_at: number | null;
  erased_why: "retention" | "member" | null;
}

export interface AttemptTable {
  job_id: string;
  /** Counts from 1. */
  n: number;
  node_key: string;
  node_name: string;
  replica: string;
  started_at: number;
  ended_at: number | null;
  /** `answered`, or a LostAttempt code; null while it runs. */
  code: string | null;
  message: string | null;
}

export interface ResultTable {
  job_id: string;
  text: string;
  finish_reason: FinishReason;
  token_ids: Bytes;
  prompt_tokens: number;
  completion_tokens: number;
  turns_dropped: number;
  load_ms: number;
  prefill_ms: number;
  generate_ms: number;
  node_key: string;
  node_name: string;
  /** The node's engine as it described itself when it answered. */
  engine: Json<EngineDescription>;
  auditable: boolean;
  answer_sha256: string;
  /** Names the row of `bom`. */
  lineage_digest: string;
  created_at: number;
}

export interface ReceiptTable {
  job_id: string;
  role: string;
  /** Short id for people (protocol/receipts/receipt-id.ts). */
  id: string;
  /** The node's DSSE envelope, exact canonical bytes as text. */
  envelope: string;
  /** The pool's signed order to that node, likewise. */
  manifest: string;
  node_key: string;
  checks: Json<Check[]>;
  leaf: string;
  leaf_salt: string;
  received_at: number;
  /** SHA-256 of the envelope once that is erased; null before. */
  envelope_sha256: string | null;
}

export interface LogLeafTable {
  idx: Generated<number>;
  kind: string;
  /** Salted commitment: says nothing once the salt is erased. */
  commitment: string;
  created_at: number;
}

export interface CreditTable {
  job_id: string;
  node_key: string;
  /** Completion tokens of an accepted receipt. */
  amount: number;
  created_at: number;
}

export interface NodeTable {
  key_id: string;
  /** base64 of the 32 bytes. */
  public_key: string;
  name: string;
  enrolled_at: number;
  last_seen_at: number;
  online: boolean;
  replica: string | null;
  slots: number;
  engine: Json<EngineDescription | null>;
  models: Json<OfferedModel[]>;
  fetches: Json<ModelFetch[]>;
}

export interface ModelTable {
  sha256: string;
  name: string;
  bytes: number | null;
  /** Header keys of the file as the first node reported them. */
  declared: Json<Record<string, string>>;
  chat_template: string | null;
  first_seen: number;
}

/** ML-BOMs by digest: receipts name them, so none is ever changed. */
export interface BomTable {
  digest: string;
  content: string;
  lineage: Json<Lineage>;
  created_at: number;
}

/** Running copies of this service; one silent for long is dead and its leases are taken over. */
export interface ReplicaTable {
  id: string;
  seen_at: number;
}

/** Work that one replica does for all, held until a time. */
export interface DutyTable {
  name: string;
  holder: string;
  until: number;
}

export interface Tables {
  job: JobTable;
  attempt: AttemptTable;
  result: ResultTable;
  receipt: ReceiptTable;
  log_leaf: LogLeafTable;
  credit: CreditTable;
  node: NodeTable;
  model: ModelTable;
  bom: BomTable;
  replica: ReplicaTable;
  duty: DutyTable;
  person: PersonTable;
  account: AccountTable;
  policy: PolicyTable;
  policy_change: PolicyChangeTable;
  system_prompt: SystemPromptTable;
  node_standing: NodeStandingTable;
  node_trust: NodeTrustTable;
  node_owner: NodeOwnerTable;
  report: ReportTable;
  invite: InviteTable;
  constitution: ConstitutionTable;
  member: MemberTable;
  vouch: VouchTable;
  steward: StewardTable;
  agent: AgentTable;
  link_code: LinkCodeTable;
  link_try: LinkTryTable;
  reminder: ReminderTable;
  proposal: ProposalTable;
  proposal_option: ProposalOptionTable;
  proposal_revision: ProposalRevisionTable;
  proposal_place: ProposalPlaceTable;
  backing: BackingTable;
  roll: RollTable;
  ballot: BallotTable;
  ballot_log: BallotLogTable;
  poll_result: PollResultTable;
  poll_name: PollNameTable;
  effect: EffectTable;
  emergency: EmergencyTable;
  suspension: SuspensionTable;
  governance_event: GovernanceEventTable;
  governance_door: GovernanceDoorTable;
}
