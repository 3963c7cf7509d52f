/** Times and sizes that hold the pool together, in milliseconds and bytes; tests shorten some. */
export interface Limits {
  /** How often waiting queues are looked at without a wake, before jitter. */
  readonly pollMs: number;
  /** Head start of nodes that have the model in memory over those that must load it. */
  readonly loadHeadStartMs: number;
  /** The queue's lock on a leased job lasts this long without renewal, and is renewed this often. */
  readonly lockMs: number;
  readonly renewMs: number;
  /** How often the queue is searched for jobs whose lock ran out. */
  readonly stalledCheckMs: number;
  /** Nodes are pinged this often, and are lost after `silentMs` without an answer. */
  readonly pingMs: number;
  readonly silentMs: number;
  /** From assignment to the first piece of text, and from piece to piece. */
  readonly firstTextMs: number;
  readonly nextTextMs: number;
  /** A node asked to stop may take this long to sign its part. */
  readonly stopMs: number;
  /** A job that left one node waits this long for another before that node may have it again. */
  readonly avoidMs: number;
  readonly maxAttempts: number;
  readonly reconcileMs: number;
  /** How often texts beyond their retention are looked for. */
  readonly eraseMs: number;
  /** A replica silent for this long is dead. */
  readonly replicaDeadMs: number;
  /** Presence is told to other replicas and to the records at least this often. */
  readonly presenceMs: number;
  /** Between connecting and a valid hello. */
  readonly helloMs: number;
  /** UTF-8 bytes of one answer. */
  readonly answerBytes: number;
  /** Frames for leases a node does not hold, before its session is closed. */
  readonly foreignFrames: number;
  /** Comment line that keeps proxies from closing an event stream. */
  readonly keepAliveMs: number;
  /** Place and estimate are sent at most this often. */
  readonly placeMs: number;
  /** How often votes are looked at whose time may be over, and doors told what happened. */
  readonly governanceMs: number;
  /** A service that stops gives its parts this long altogether; what they hold is taken over by others. */
  readonly closeMs: number;
}

export const LIMITS: Limits = Object.freeze({
  pollMs: 1_000,
  loadHeadStartMs: 200,
  lockMs: 30_000,
  renewMs: 10_000,
  stalledCheckMs: 5_000,
  pingMs: 5_000,
  silentMs: 15_000,
  firstTextMs: 60_000,
  nextTextMs: 20_000,
  stopMs: 5_000,
  avoidMs: 5_000,
  maxAttempts: 5,
  reconcileMs: 5_000,
  eraseMs: 60_000,
  replicaDeadMs: 30_000,
  presenceMs: 10_000,
  helloMs: 10_000,
  answerBytes: 1_048_576,
  foreignFrames: 3,
  keepAliveMs: 15_000,
  placeMs: 1_000,
  governanceMs: 1_000,
  closeMs: 10_000,
});
