import { createHash, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import type { Transaction } from "kysely";
import { inviteHash } from "../../protocol/invite-text.ts";
import { keyIdOf, publicKeyFromRaw } from "../../protocol/keys.ts";
import { HELLO_DOMAIN, type HelloFrame } from "../../protocol/wire/gateway.ts";
import type { Clock } from "../context.ts";
import { personOf } from "../members/person.ts";
import type { Database } from "../storage/open.ts";
import type { Tables } from "../storage/tables.ts";
import { inviteByHash, inviteState, useInvite } from "./invites.ts";

export interface ProvenNode {
  readonly keyId: string;
  readonly publicKey: KeyObject;
  readonly name: string;
}

/** Why a node may not come in, in words for its owner. */
export class NodeRefused extends Error {
  override name = "NodeRefused";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Checks that the caller holds the key it names. Throws NodeRefused. */
export function proveNode(hello: HelloFrame, nonce: Uint8Array): ProvenNode {
  let publicKey: KeyObject;
  try {
    publicKey = publicKeyFromRaw(Buffer.from(hello.publicKey, "base64"));
  } catch {
    throw new NodeRefused("bad_key", "The public key is not an Ed25519 key.");
  }
  const signed = Buffer.concat([Buffer.from(HELLO_DOMAIN), nonce]);
  if (!verify(null, signed, publicKey, Buffer.from(hello.signature, "base64"))) {
    throw new NodeRefused(
      "bad_signature",
      "The signature does not match the challenge and the key. Is the key file intact?",
    );
  }
  return { keyId: keyIdOf(publicKey), publicKey, name: hello.name };
}

/**
 * Lets a known key in, and a new one that brings the enrolment token or an invite. An invite is used up in
 * the same transaction that makes the node, with what it says of owner and trust. Throws NodeRefused.
 */
export async function admitNode(
  db: Database,
  node: ProvenNode,
  hello: HelloFrame,
  enrolmentToken: string,
  replica: string,
  clock: Clock,
): Promise<void> {
  const now = clock();
  const { invite } = hello;
  if (invite !== undefined) {
    return db.transaction().execute((trx) => joinWith(trx, invite, node, hello, replica, now));
  }
  if (await greetKnown(db, node, replica, now)) return;
  if (hello.enrolmentToken === undefined || !sameSecret(hello.enrolmentToken, enrolmentToken)) {
    throw new NodeRefused(
      "enrolment_needed",
      "This pool does not know this node's key. Ask for an invite and run: npm run worker -- join <invite>. " +
        "(On the operator's own machines: set ENROLMENT_TOKEN once.)",
    );
  }
  await addNode(db, node, hello, replica, now);
}

async function joinWith(
  trx: Transaction<Tables>,
  secret: string,
  node: ProvenNode,
  hello: HelloFrame,
  replica: string,
  now: number,
): Promise<void> {
  const invite = await useInvite(trx, secret, node.keyId, now);
  if (invite === null) throw await inviteRefused(trx, secret, now);
  if (!(await greetKnown(trx, node, replica, now))) await addNode(trx, node, hello, replica, now);
  const { community, trust, owner_account } = invite;
  if (community !== null && trust !== "open") {
    await trx
      .insertInto("node_trust")
      .values({ node_key: node.keyId, community, class: trust, since: now })
      .onConflict((on) => on.columns(["node_key", "community"]).doUpdateSet({ class: trust }))
      .execute();
  }
  if (owner_account !== null) {
    const person_id = await personOf(trx, owner_account, now);
    await trx
      .insertInto("node_owner")
      .values({ node_key: node.keyId, person_id, since: now })
      .onConflict((on) => on.column("node_key").doUpdateSet({ person_id, since: now }))
      .execute();
  }
}

/** Why an invite that could not be used could not. */
async function inviteRefused(
  trx: Transaction<Tables>,
  secret: string,
  now: number,
): Promise<NodeRefused> {
  const row = await inviteByHash(trx, inviteHash(secret));
  const state = row === undefined ? "unknown" : inviteState(row, now);
  const why = {
    unknown: "This pool has no such invite.",
    used: "This invite was used by another machine: each is good for one.",
    expired: "This invite has expired.",
    revoked: "This invite was taken back.",
    // Used between our two looks at it.
    open: "This invite is being used by another machine.",
  }[state];
  return new NodeRefused(`invite_${state}`, `${why} Ask whoever sent it for a new one.`);
}

/** False when the pool does not know the key. */
async function greetKnown(
  db: Database,
  node: ProvenNode,
  replica: string,
  now: number,
): Promise<boolean> {
  const known = await db
    .updateTable("node")
    .set({ name: node.name, last_seen_at: now, replica })
    .where("key_id", "=", node.keyId)
    .executeTakeFirst();
  return known.numUpdatedRows > 0n;
}

async function addNode(
  db: Database,
  node: ProvenNode,
  hello: HelloFrame,
  replica: string,
  now: number,
): Promise<void> {
  await db
    .insertInto("node")
    .values({
      key_id: node.keyId,
      public_key: hello.publicKey,
      name: node.name,
      enrolled_at: now,
      last_seen_at: now,
      online: false,
      replica,
      slots: 0,
      engine: "null",
      models: "[]",
      fetches: "[]",
    })
    .onConflict((conflict) => conflict.column("key_id").doNothing())
    .execute();
}

/** Compares without telling by its duration where two secrets differ. */
export function sameSecret(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
