import canonicalizeJson from "canonicalize";

/** Canonical JSON bytes (RFC 8785). Throws TypeError for what JSON cannot hold. */
export function canonicalBytes(value: unknown): Buffer {
  const text = canonicalizeJson(value);
  if (text === undefined) throw new TypeError("value has no JSON form");
  return Buffer.from(text, "utf8");
}
