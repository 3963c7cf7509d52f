import type { Transaction } from "kysely";
import { inviteHash } from "../../protocol/invite-text.ts";
import type { Invite, InviteState } from "../../protocol/wire/invites.ts";
import type { Database } from "../storage/open.ts";
import type { Tables } from "../storage/tables.ts";
import type { InviteTable } from "./tables.ts";

/** What an invite that is being made says. */
export interface NewInvite {
  readonly id: string;
  /** base64url of 32 random bytes; only its hash is stored. */
  readonly secret: string;
  readonly createdBy: string | null;
  readonly community: string | null;
  readonly trust: InviteTable["trust"];
  readonly owner: string | null;
  readonly note: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** Most invites a list shows. */
const LISTED = 500;

export async function storeInvite(db: Database, invite: NewInvite): Promise<Invite> {
  const row = await db
    .insertInto("invite")
    .values({
      id: invite.id,
      secret_hash: inviteHash(invite.secret),
      created_by: invite.createdBy,
      community: invite.community,
      trust: invite.trust,
      owner_account: invite.owner,
      note: invite.note,
      created_at: invite.createdAt,
      expires_at: invite.expiresAt,
      used_at: null,
      used_by_node: null,
      revoked_at: null,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  return viewOfInvite(row, invite.createdAt);
}

/** Newest first, of one community or of all. */
export async function listInvites(
  db: Database,
  community: string | null,
  now: number,
): Promise<Invite[]> {
  let query = db.selectFrom("invite").selectAll().orderBy("created_at", "desc").limit(LISTED);
  if (community !== null) query = query.where("community", "=", community);
  return (await query.execute()).map((row) => viewOfInvite(row, now));
}

export async function inviteById(db: Database, id: string): Promise<InviteTable | undefined> {
  return db.selectFrom("invite").selectAll().where("id", "=", id).executeTakeFirst();
}

/** `hash`: of the secret (inviteHash). */
export async function inviteByHash(db: Database, hash: string): Promise<InviteTable | undefined> {
  return db.selectFrom("invite").selectAll().where("secret_hash", "=", hash).executeTakeFirst();
}

/** Revokes an invite that nobody used; safe to repeat. Returns it as it is then. */
export async function revokeInvite(db: Database, id: string, now: number): Promise<InviteTable> {
  await db
    .updateTable("invite")
    .set({ revoked_at: now })
    .where("id", "=", id)
    .where("used_at", "is", null)
    .where("revoked_at", "is", null)
    .execute();
  return db.selectFrom("invite").selectAll().where("id", "=", id).executeTakeFirstOrThrow();
}

/**
 * Uses an invite up for one node, in one statement: of two nodes that bring it in the same instant one gets
 * it. The node that used it may bring it again (its welcome was lost). Null when it cannot be used.
 */
export async function useInvite(
  trx: Transaction<Tables>,
  secret: string,
  nodeKey: string,
  now: number,
): Promise<InviteTable | null> {
  const taken = await trx
    .updateTable("invite")
    .set({ used_at: now, used_by_node: nodeKey })
    .where("secret_hash", "=", inviteHash(secret))
    .where("used_at", "is", null)
    .where("revoked_at", "is", null)
    .where("expires_at", ">", now)
    .returningAll()
    .executeTakeFirst();
  if (taken !== undefined) return taken;
  const mine = await trx
    .selectFrom("invite")
    .selectAll()
    .where("secret_hash", "=", inviteHash(secret))
    .where("used_by_node", "=", nodeKey)
    .executeTakeFirst();
  return mine ?? null;
}

export function inviteState(row: InviteTable, now: number): InviteState {
  if (row.used_at !== null) return "used";
  if (row.revoked_at !== null) return "revoked";
  return row.expires_at <= now ? "expired" : "open";
}

export function viewOfInvite(row: InviteTable, now: number): Invite {
  return {
    id: row.id,
    state: inviteState(row, now),
    community: row.community,
    trust: row.trust,
    owner: row.owner_account,
    createdBy: row.created_by,
    note: row.note,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at,
    usedByNode: row.used_by_node,
    revokedAt: row.revoked_at,
  };
}
