import { publicKeyFromRaw, publicKeyToPem } from "../../protocol/keys.ts";
import { jsonParser } from "../../protocol/parse.ts";
import { readStatement } from "../../protocol/receipts/check-receipt.ts";
import { Envelope } from "../../protocol/receipts/dsse.ts";
import type { Job, Provenance } from "../../protocol/wire/http.ts";
import type { ApiContext } from "../context.ts";
import { failures } from "../errors.ts";
import type { LoadJob } from "../jobs/view.ts";
import { erasedFailure } from "../members/erased.ts";
import { requireViewer } from "../moderation/job-rights.ts";
import type { PolicyBook } from "../policy/book.ts";

const parseEnvelope = jsonParser(Envelope, "stored receipt");

/** Everything stored about one signed answer. Throws ApiFailure when there is no such job or no answer. */
export async function signedAnswer(
  { ctx, load }: { ctx: ApiContext; load: LoadJob },
  id: string,
  viewer?: string,
) {
  const loaded = await load(id);
  if (loaded === null) throw failures.jobUnknown();
  await requireViewer(ctx.db, loaded.row, viewer);
  if (loaded.row.erased_at !== null) {
    throw erasedFailure(loaded.row.erased_at, await whatStays(ctx, id));
  }
  const stored = await ctx.db
    .selectFrom("receipt")
    .innerJoin("result", "result.job_id", "receipt.job_id")
    .innerJoin("node", "node.key_id", "receipt.node_key")
    .innerJoin("bom", "bom.digest", "result.lineage_digest")
    .leftJoin("model", (join) => join.on("model.sha256", "=", loaded.row.model_sha256))
    .select([
      ...(["receipt.id as receipt_id", "receipt.envelope", "receipt.manifest"] as const),
      ...(["receipt.checks", "receipt.leaf", "receipt.leaf_salt", "receipt.received_at"] as const),
      ...(["result.text", "result.answer_sha256", "result.engine", "result.node_name"] as const),
      ...(["node.key_id", "node.public_key", "node.enrolled_at"] as const),
      ...(["bom.content as bom", "bom.lineage", "model.bytes as model_bytes"] as const),
    ])
    .where("receipt.job_id", "=", id)
    .where("receipt.role", "=", "generate")
    .executeTakeFirst();
  if (stored === undefined) throw failures.noAnswer();
  const publicKey = publicKeyFromRaw(Buffer.from(stored.public_key, "base64"));
  return {
    ...loaded,
    stored,
    envelope: parseEnvelope(stored.envelope),
    /** Null where it held an earlier part of the conversation that is erased. */
    manifest: stored.manifest === "" ? null : parseEnvelope(stored.manifest),
    nodePublicKeyPem: publicKeyToPem(publicKey),
  };
}

/** GET /v1/jobs/:id/provenance. */
export async function provenanceOf(
  parts: { ctx: ApiContext; load: LoadJob; policies: PolicyBook },
  id: string,
  viewer?: string,
): Promise<Provenance> {
  const answered = await signedAnswer(parts, id, viewer);
  const { job, row, stored, envelope, nodePublicKeyPem } = answered;
  const instructions = await parts.policies.instructions(row.system_prompt);
  return {
    ...(instructions === null ? {} : { instructions }),
    job,
    answerSha256: stored.answer_sha256,
    nodes: [
      {
        keyId: stored.key_id,
        name: stored.node_name,
        role: "generate",
        engine: stored.engine,
        enrolledAt: stored.enrolled_at,
      },
    ],
    modelBytes: stored.model_bytes,
    lineage: stored.lineage,
    receipt: {
      id: stored.receipt_id,
      statement: readStatement(Buffer.from(envelope.payload, "base64")),
      signatureBase64: envelope.signatures[0].sig,
      signerKeyId: stored.key_id,
      signerPublicKeyPem: nodePublicKeyPem,
      poolKeyId: parts.ctx.secrets.poolKey.keyId,
      receivedAt: stored.received_at,
      leaf: stored.leaf,
    },
    checks: stored.checks,
    howToVerify: howToVerify(job, stored.receipt_id),
  };
}

/** What an erased answer leaves: enough to find it in the public log, nothing of its words. */
async function whatStays(ctx: ApiContext, id: string): Promise<string> {
  const receipt = await ctx.db
    .selectFrom("receipt")
    .select(["id", "leaf", "envelope_sha256"])
    .where("job_id", "=", id)
    .where("role", "=", "generate")
    .executeTakeFirst();
  if (receipt === undefined) return "";
  return ` What stays: receipt ${receipt.id} (sha256 ${receipt.envelope_sha256}) and its log leaf ${receipt.leaf}.`;
}

function howToVerify(job: Job, receiptId: string): string[] {
  return [
    `Save the answer with its receipt: the button on this page, or GET /v1/jobs/${job.id}/export. It is a zip file, answer-${receiptId}.zip.`,
    "Get this program's source on a machine of your own, so that you need not trust this pool.",
    `Run: npm run verify -- answer-${receiptId}.zip. It says line by line what holds, what fails and what was not checked.`,
    "With other tools: generate.sigstore.json is a Sigstore bundle and keys/node.pem its key; any verifier of DSSE and in-toto can check it.",
  ];
}
