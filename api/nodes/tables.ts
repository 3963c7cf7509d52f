/** An invite for a volunteer's machine. Times are integer milliseconds since the Unix epoch. */
export interface InviteTable {
  id: string;
  /** SHA-256 of the secret; the secret itself is kept nowhere. */
  secret_hash: string;
  /** Account of the moderator who made it; null: the operator. */
  created_by: string | null;
  community: string | null;
  trust: "own" | "trusted" | "open";
  /** Account of the volunteer. */
  owner_account: string | null;
  note: string;
  created_at: number;
  expires_at: number;
  used_at: number | null;
  used_by_node: string | null;
  revoked_at: number | null;
}
