import { createHash, type KeyObject, timingSafeEqual, verify } from "node:crypto";
import { keyIdOf, publicKeyFromRaw } from "../../protocol/keys.ts";
import { HELLO_DOMAIN, type HelloFrame } from "../../protocol/wire/gateway.ts";
import type { Clock } from "../context.ts";
import type { Database } from "../storage/open.ts";

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

/** Lets a known key in, and a new one that brings the enrolment token. Throws NodeRefused. */
export async function admitNode(
  db: Database,
  node: ProvenNode,
  hello: HelloFrame,
  enrolmentToken: string,
  replica: string,
  clock: Clock,
): Promise<void> {
  const now = clock();
  const known = await db
    .updateTable("node")
    .set({ name: node.name, last_seen_at: now, replica })
    .where("key_id", "=", node.keyId)
    .executeTakeFirst();
  if (known.numUpdatedRows > 0n) return;
  if (hello.enrolmentToken === undefined || !sameSecret(hello.enrolmentToken, enrolmentToken)) {
    throw new NodeRefused(
      "enrolment_needed",
      "This pool does not know this node's key. Ask its operator for the enrolment token and set ENROLMENT_TOKEN once.",
    );
  }
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
