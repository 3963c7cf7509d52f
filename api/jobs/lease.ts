import type { Envelope } from "../../protocol/receipts/dsse.ts";
import type { JobManifest } from "../../protocol/receipts/manifest.ts";
import type { NodeRef } from "../../protocol/wire/http.ts";
import type { NodeSession } from "../nodes/session.ts";
import type { Taken } from "../queue/backend.ts";
import type { AnswerText } from "./answer-text.ts";
import type { JobRow } from "./insert.ts";

/**
 * One attempt of one job on one node, held by this replica.
 *
 *   writing --finish frame--> checking --stored--> ended
 *   writing | checking --lost (node left, silent, bad frames, bad receipt, lock lost)--> ended
 *   writing --stop asked--> writing, `stopAt` set --finish "stopped"--> checking
 */
export interface Lease {
  /** Random id on the wire. Not the queue's token, which never leaves this process. */
  readonly id: string;
  readonly jobId: string;
  /** The job's row as it was when the lease began. */
  readonly row: JobRow;
  /** Lineage of its model in one line. */
  readonly lineageLine: string;
  readonly attempt: number;
  readonly taken: Taken;
  readonly session: NodeSession;
  readonly node: NodeRef;
  readonly manifest: JobManifest;
  readonly manifestPayload: Buffer;
  readonly manifestEnvelope: Envelope;
  readonly startedAt: number;
  /** Replicas, this one too, that have somebody following. */
  readonly replyTo: Set<string>;
  readonly text: AnswerText;
  state: "writing" | "checking" | "ended";
  bytes: number;
  nextSeq: number;
  lastTextAt: number | null;
  /** When a node that was asked to stop is given up; null while nobody asked. */
  stopAt: number | null;
}
