import { sha256Hex } from "./receipts/commitments.ts";

/**
 * The echo engine's stand-in for a model: fixed text, no weights. It serves tests and benches and is marked
 * as such in every lineage. Its digest is of a constant, so that it still travels as "a model is its sha256".
 */
export const ECHO_MODEL = Object.freeze({
  sha256: sha256Hex("substrate echo engine v1"),
  name: "echo (no model)",
});
