/** A human with one or more accounts; nothing else is known of them. */
export interface PersonTable {
  id: string;
  created_at: number;
}

/** An account as a door names it. */
export interface AccountTable {
  account: string;
  person_id: string;
  first_seen_at: number;
  /** Null while the account is the one the person came with. */
  linked_at: number | null;
}

/** For whom a node computes: its answers count for this person. */
export interface NodeOwnerTable {
  node_key: string;
  person_id: string;
  since: number;
}
