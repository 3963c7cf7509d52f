import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";

/** An Ed25519 key pair with its id. */
export interface SigningKey {
  readonly keyId: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Makes a fresh Ed25519 key pair. */
export function generateSigningKey(): SigningKey {
  return signingKey(generateKeyPairSync("ed25519").privateKey);
}

/** Reads a PKCS #8 PEM. Throws TypeError for any other kind of key. */
export function signingKeyFromPem(pem: string): SigningKey {
  return signingKey(createPrivateKey(pem));
}

/** PKCS #8 PEM of the private half: keep it in a file with mode 0600. */
export function signingKeyToPem(key: SigningKey): string {
  return key.privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

/** Reads an SPKI PEM. Throws TypeError unless it is Ed25519. */
export function publicKeyFromPem(pem: string): KeyObject {
  return requireEd25519(createPublicKey(pem));
}

/** SPKI PEM of a public key, as `openssl` and `cosign` read it. */
export function publicKeyToPem(publicKey: KeyObject): string {
  return publicKey.export({ type: "spki", format: "pem" }) as string;
}

/** Public key from its 32 raw bytes (RFC 8032 §5.1.5). Throws TypeError for another length. */
export function publicKeyFromRaw(raw: Uint8Array): KeyObject {
  if (raw.length !== 32)
    throw new TypeError(`an Ed25519 public key has 32 bytes, not ${raw.length}`);
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: "der", type: "spki" });
}

/** The 32 raw bytes of an Ed25519 public key. */
export function publicKeyToRaw(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: "spki", format: "der" }).subarray(SPKI_PREFIX.length);
}

/**
 * Key id: the OpenSSH fingerprint, `SHA256:` and unpadded base64 of SHA-256 over the RFC 4253 §6.6 key blob.
 * The form that cosign, sigstore-go, @sigstore/verify and securesystemslib all accept as a DSSE keyid.
 */
export function keyIdOf(publicKey: KeyObject): string {
  let id = keyIds.get(publicKey);
  if (id === undefined) {
    const blob = Buffer.concat([sshString("ssh-ed25519"), sshString(publicKeyToRaw(publicKey))]);
    id = `SHA256:${createHash("sha256").update(blob).digest("base64").replace(/=+$/, "")}`;
    keyIds.set(publicKey, id);
  }
  return id;
}

/** A key object never changes, and every receipt of a node asks for its id. */
const keyIds = new WeakMap<KeyObject, string>();

const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

function signingKey(privateKey: KeyObject): SigningKey {
  const publicKey = createPublicKey(requireEd25519(privateKey));
  return Object.freeze({ keyId: keyIdOf(publicKey), privateKey, publicKey });
}

function requireEd25519(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "ed25519") {
    throw new TypeError(`expected an Ed25519 key, got ${key.asymmetricKeyType ?? key.type}`);
  }
  return key;
}

function sshString(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
