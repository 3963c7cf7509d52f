import { buildExportPack } from "../../protocol/export/pack.ts";
import { zipPack } from "../../protocol/export/zip.ts";
import { publicKeyToPem } from "../../protocol/keys.ts";
import type { ApiContext } from "../context.ts";
import type { LoadJob } from "../jobs/view.ts";
import { erasedOrder } from "../members/erased.ts";
import { signedAnswer } from "./provenance.ts";

/** The files of `npm run verify` for one answer, zipped. Throws ApiFailure when there is none. */
export async function exportAnswer(
  parts: { ctx: ApiContext; load: LoadJob },
  id: string,
  viewer?: string,
): Promise<{ zip: Buffer; receiptId: string }> {
  const { row, stored, envelope, manifest, nodePublicKeyPem } = await signedAnswer(
    parts,
    id,
    viewer,
  );
  if (manifest === null) throw erasedOrder();
  const files = buildExportPack({
    answer: Buffer.from(stored.text, "utf8"),
    envelope,
    manifest,
    promptSalt: row.prompt_salt,
    leafSalt: stored.leaf_salt,
    seed: row.seed,
    bom: Buffer.from(stored.bom, "utf8"),
    nodePublicKeyPem,
    poolPublicKeyPem: publicKeyToPem(parts.ctx.secrets.poolKey.publicKey),
  });
  return { zip: Buffer.from(zipPack(files)), receiptId: stored.receipt_id };
}
