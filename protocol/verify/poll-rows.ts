import Type from "typebox";
import { sha256Hex } from "../receipts/commitments.ts";
import { canonicalBytes } from "../receipts/jcs.ts";
import { Choice } from "../wire/governance/ballots.ts";
import { EpochMs, Sha256Hex } from "../wire/primitives.ts";

/**
 * The rows of an exported poll, one canonical JSON object (RFC 8785) a line: the poll, its roll, its ballot log, the
 * ballots, the reasons nobody signed and the result; then the pool's signature over the digests of all of them; then
 * the names of voters where there is a roll call (poll-names.ts).
 */
const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });
const ratio = Type.Tuple([Type.Integer({ minimum: 1 }), Type.Integer({ minimum: 1 })]);

export const HouseName = Type.Enum(["members", "producers"]);
export type HouseName = Type.Static<typeof HouseName>;
/** `ratify`: the producers' answer on the option that the members chose. */
export const Stage = Type.Enum(["vote", "ratify"]);
export type Stage = Type.Static<typeof Stage>;

/** What is needed to count, beside the ballots. */
export const PollRules = Type.Object(
  {
    options: Type.Array(
      Type.Object({ id: Type.String(), title: Type.String(), isDefault: Type.Boolean() }, closed),
      { minItems: 2 },
    ),
    method: Type.String(),
    binding: Type.Boolean(),
    houses: Type.Array(Type.Object({ house: HouseName, size: count, quorum: count }, closed), {
      minItems: 1,
    }),
    ratio,
    agentShareMax: ratio,
    highestScore: count,
    credits: count,
    /** Of methods that fill seats: how many. */
    seats: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  closed,
);
export type PollRules = Type.Static<typeof PollRules>;

export const HeaderRow = Type.Object(
  {
    row: Type.Literal("poll"),
    format: Type.Literal(1),
    poll: Type.String(),
    number: Type.Integer({ minimum: 1 }),
    revision: Type.Integer({ minimum: 1 }),
    kind: Type.String(),
    title: Type.String(),
    sealed: Type.Boolean(),
    constitution: Type.Object({ version: count, digest: Sha256Hex }, closed),
    rules: PollRules,
    createdAt: EpochMs,
    closedAt: EpochMs,
    /** SHA-256 of the secret in the result row; it was on the card before anybody voted. */
    tieCommitment: Sha256Hex,
    /** SPKI PEM of the key that signed the last line. */
    poolKey: Type.String(),
  },
  closed,
);
export type HeaderRow = Type.Static<typeof HeaderRow>;

/** A seat. Voters are named by a salted digest, so that a name can be erased and the row still holds. */
export const RollRow = Type.Object(
  {
    row: Type.Literal("roll"),
    house: HouseName,
    voter: Sha256Hex,
    /** In millionths of a vote. */
    weight: count,
    agent: Type.Boolean(),
    controller: Sha256Hex,
  },
  closed,
);
export type RollRow = Type.Static<typeof RollRow>;

/**
 * One step of a poll, chained to the one before. `ballot` commits to what was cast: of a sealed ballot it is the
 * digest of the ciphertext, of an open one that of {choice, opening, voter}.
 */
export const LogEntry = Type.Object(
  {
    poll: Type.String(),
    seq: count,
    at: EpochMs,
    kind: Type.Enum(["begin", "cast", "withdraw", "void", "merge", "close"]),
    stage: Stage,
    revision: Type.Integer({ minimum: 1 }),
    voter: nullable(Sha256Hex),
    ballot: nullable(Sha256Hex),
    prev: Sha256Hex,
  },
  closed,
);
export type LogEntry = Type.Static<typeof LogEntry>;

export const LogRow = Type.Object(
  { row: Type.Literal("log"), entry: LogEntry, hash: Sha256Hex },
  closed,
);
export type LogRow = Type.Static<typeof LogRow>;

/**
 * A ballot that counts. Sealed ones carry no voter, except declared agents', and stand in an order that says nothing.
 */
export const BallotRow = Type.Object(
  {
    row: Type.Literal("ballot"),
    stage: Stage,
    house: HouseName,
    choice: Choice,
    weight: count,
    agent: Type.Boolean(),
    voter: nullable(Sha256Hex),
    opening: nullable(Type.String()),
    /** Of a ballot whose voter is named: commits to account and reason, which stand behind the seal. */
    name: Type.Optional(Sha256Hex),
  },
  closed,
);
export type BallotRow = Type.Static<typeof BallotRow>;

export const ReasonRow = Type.Object(
  { row: Type.Literal("reason"), side: Type.String(), text: Type.String() },
  closed,
);
export type ReasonRow = Type.Static<typeof ReasonRow>;

export const ResultRow = Type.Object(
  {
    row: Type.Literal("result"),
    tieSecret: Type.String(),
    /** What `countPoll` gives for the rows above. */
    count: Type.Unknown(),
  },
  closed,
);
export type ResultRow = Type.Static<typeof ResultRow>;

export const PollRow = Type.Union([HeaderRow, RollRow, LogRow, BallotRow, ReasonRow, ResultRow]);
export type PollRow = Type.Static<typeof PollRow>;

/** What the pool signs: the digest of each line, in order. */
export const PollSeal = Type.Object(
  { poll: Type.String(), lines: Type.Array(Sha256Hex), logHead: Sha256Hex },
  closed,
);
export type PollSeal = Type.Static<typeof PollSeal>;
export const POLL_PAYLOAD_TYPE = "application/vnd.substrate.poll+json";

/** The entry before the first. */
export const NO_ENTRY = "0".repeat(64);

/** Chain hash of an entry. */
export function entryHash(entry: LogEntry): string {
  return sha256Hex(canonicalBytes(entry));
}

/** What an open ballot's log entry commits to. */
export function openBallotDigest(ballot: {
  readonly choice: Choice;
  readonly opening: string;
  readonly voter: string;
}): string {
  return sha256Hex(canonicalBytes(ballot));
}

/**
 * Lots of a poll: nobody knew the secret before the close, and the pool did not know the last ballot. Drawn from the
 * last step of the vote, so that a choice is the same before and after the producers ratify it.
 */
export function tieSeed(tieSecret: string, log: readonly Omit<LogRow, "row">[]): string {
  const last = log.findLast(({ entry }) => entry.stage === "vote" && entry.kind !== "close");
  return sha256Hex(`${tieSecret}:${last?.hash ?? NO_ENTRY}`);
}
