import Type from "typebox";
import { ANSWER_FILE } from "../receipts/statement.ts";
import { Sha256Hex, Uuid } from "../wire/primitives.ts";

/** The files of an export, by the name they have in the folder. An export holds exactly these. */
export const PACK = {
  answer: ANSWER_FILE,
  receipt: "generate.sigstore.json",
  manifest: "manifest.dsse.json",
  salts: "salts.json",
  bom: "model.cdx.json",
  nodeKey: "keys/node.pem",
  poolKey: "keys/pool.pem",
  readme: "README.txt",
} as const;

/** Their names in the order in which a reader meets them. */
export const PACK_NAMES: readonly string[] = Object.values(PACK);

/** What opens the salted commitments of an answer; whoever has it can check them, nobody else. */
export const Salts = Type.Object(
  {
    jobId: Uuid,
    /** Opens `promptCommitment` over the messages of the manifest. */
    promptSalt: Sha256Hex,
    /** Opens `leaf` over the receipt. */
    leafSalt: Sha256Hex,
    /** The pool's log leaf of this answer (protocol/receipts/commitments.ts, answerLeaf). */
    leaf: Sha256Hex,
    /** Opens `seedCommitment`. */
    seed: Sha256Hex,
  },
  { additionalProperties: false },
);
export type Salts = Type.Static<typeof Salts>;
