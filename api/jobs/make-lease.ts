import type { ApiContext } from "../context.ts";
import type { NodeSession } from "../nodes/session.ts";
import type { Instructions } from "../policy/book.ts";
import type { KnownModel } from "../pool/model-book.ts";
import type { Taken } from "../queue/backend.ts";
import { AnswerText } from "./answer-text.ts";
import type { Begun } from "./attempts.ts";
import type { LeaseCandidate } from "./conversation.ts";
import type { Lease } from "./lease.ts";
import { signManifest } from "./manifest.ts";

/** A lease for an attempt that has begun, with the pool's signed order to the node. */
export function makeLease(
  ctx: ApiContext,
  from: {
    readonly taken: Taken;
    readonly candidate: LeaseCandidate;
    readonly session: NodeSession;
    readonly begun: Begun;
    readonly model: KnownModel;
    readonly instructions: Instructions | null;
    readonly rulesetDigest: string;
    readonly now: number;
  },
): Lease {
  const { taken, candidate, session, begun, model, now } = from;
  const { random, secrets, settings } = ctx;
  const { manifest, payload, envelope } = signManifest(
    candidate,
    {
      attempt: begun.attempts,
      nodeKeyId: session.keyId,
      nonce: random(16).toString("hex"),
      issuedAt: now,
      expiresAt: now + settings.jobLimitMs,
      lineageDigest: model.lineageDigest,
      rulesetDigest: from.rulesetDigest,
      instructions: from.instructions,
    },
    secrets.poolKey,
  );
  return {
    id: random(16).toString("base64url"),
    jobId: candidate.id,
    row: candidate,
    lineageLine: model.lineage.line,
    attempt: begun.attempts,
    taken,
    session,
    node: { keyId: session.keyId, name: session.name, role: "generate" },
    manifest,
    manifestPayload: payload,
    manifestEnvelope: envelope,
    startedAt: now,
    replyTo: new Set(begun.reply_to),
    state: "writing",
    text: new AnswerText(),
    bytes: 0,
    nextSeq: 0,
    lastTextAt: null,
    stopAt: null,
  };
}
