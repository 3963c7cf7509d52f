import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sha256Hex } from "../protocol/receipts/commitments.ts";
import { canonicalBytes } from "../protocol/receipts/jcs.ts";

/** The rules a pool begins under, as data (config/constitution.default.json). */
export function defaultConstitution(): unknown {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, "constitution.default.json"), "utf8"),
  ) as unknown;
}

/**
 * Names a set of rules in manifests and receipts: SHA-256 of its canonical JSON (RFC 8785), so that layout
 * and key order do not matter and every change of a rule does. 64 hexadecimal digits.
 */
export function rulesetDigest(constitution: unknown = defaultConstitution()): string {
  return sha256Hex(canonicalBytes(constitution));
}
