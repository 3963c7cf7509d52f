import Type from "typebox";
import { countPoll, type PollCount } from "../counting/poll.ts";
import { keyIdOf, publicKeyFromPem } from "../keys.ts";
import { ParseError } from "../parse.ts";
import { sha256Hex } from "../receipts/commitments.ts";
import { Envelope, EnvelopeError, openEnvelope } from "../receipts/dsse.ts";
import { canonicalBytes } from "../receipts/jcs.ts";
import { canonicalJsonParser } from "../receipts/strict-json.ts";
import { Lines, type VerifyLine } from "./lines.ts";
import { checkNames, sealAt } from "./poll-names.ts";
import {
  type BallotRow,
  entryHash,
  type HeaderRow,
  type LogRow,
  NO_ENTRY,
  openBallotDigest,
  POLL_PAYLOAD_TYPE,
  PollRow,
  PollSeal,
  type RollRow,
  tieSeed,
} from "./poll-rows.ts";

const MAX_LINE_BYTES = 16 * 1024 * 1024;
const SealLine = Type.Object(
  { row: Type.Literal("seal"), envelope: Envelope },
  { additionalProperties: false },
);
const parseSealLine = canonicalJsonParser(SealLine, "seal", MAX_LINE_BYTES);
const parseSeal = canonicalJsonParser(PollSeal, "seal", MAX_LINE_BYTES);
const parseRow = canonicalJsonParser(PollRow, "row", MAX_LINE_BYTES);

interface NamedRow {
  /** `line 7 (ballot)`. */
  readonly name: string;
  readonly row: PollRow;
}

/**
 * Recounts an exported poll from its own lines, with no database: who signed it, that no line was changed, that the
 * ballot log is one chain, that there are no more ballots than seats, and that the count comes out the same. Lines
 * about one row name it.
 */
export function verifyPoll(bytes: Uint8Array): VerifyLine[] {
  const lines = new Lines();
  const text = Buffer.from(bytes);
  const all = splitLines(text);
  const split = all.slice(0, sealAt(all));
  const names = all.slice(split.length + 1);
  const sealBytes = all[split.length] as Buffer;
  const seal = readSeal(sealBytes, split, lines);
  const rows = split.flatMap((line, at) => readRow(line, at, seal, lines));
  if (seal !== null && seal.lines.length !== split.length) {
    lines.fails(
      "the file",
      `It has ${split.length} lines before the seal, and ${seal.lines.length} were signed: lines were added or left out.`,
    );
  }
  checkNames(names, split.length + 2, ofKind<BallotRow>(rows, "ballot"), lines);
  if (lines.all.some(({ state }) => state === "fails")) {
    lines.notChecked("the count", "Not recounted: lines of this file were changed.");
    return lines.all;
  }
  const header = rows.find(({ row }) => row.row === "poll")?.row as HeaderRow | undefined;
  const result = rows.find(({ row }) => row.row === "result")?.row as
    | { tieSecret: string; count: unknown }
    | undefined;
  if (header === undefined || result === undefined || seal === null) {
    lines.fails("the file", "A poll has one row that describes it, and one with its result.");
    return lines.all;
  }
  lines.holds("the file", `${rows.length} lines, each as it was signed by ${keyName(header)}.`);
  const log = ofKind<LogRow>(rows, "log");
  const roll = ofKind<RollRow>(rows, "roll");
  const ballots = ofKind<BallotRow>(rows, "ballot");
  checkLog(log, header, seal, lines);
  checkBallots(ballots, roll, log, header, lines);
  recount(header, ballots, log, result, lines);
  lines.notChecked(
    "",
    header.sealed
      ? "That each anonymous ballot is what somebody cast: the poll was sealed, so only its pool could open ballots. The log shows how many there were and when."
      : "That each voter is one person: the pool's roll says so.",
  );
  return lines.all;
}

function splitLines(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let at = text.indexOf(10); at !== -1; at = text.indexOf(10, start)) {
    lines.push(text.subarray(start, at));
    start = at + 1;
  }
  // The last line ends like every other; whatever follows is a line that should not be.
  if (start < text.length || lines.length === 0) lines.push(text.subarray(start));
  return lines;
}

function readSeal(line: Buffer, before: readonly Buffer[], lines: Lines): PollSeal | null {
  const name = `line ${before.length + 1} (seal)`;
  const pem = keyOfHeader(before[0]);
  try {
    const { envelope } = parseSealLine(line);
    if (pem === null || envelope.signatures[0].keyid !== keyIdOf(publicKeyFromPem(pem))) {
      // One of the two was changed; which one, nothing in the file can say.
      for (const each of ["line 1 (poll)", name]) {
        lines.fails(each, "The key that signed the seal and the key named in line 1 differ.");
      }
      return null;
    }
    const seal = parseSeal(openEnvelope(envelope, publicKeyFromPem(pem), POLL_PAYLOAD_TYPE));
    lines.holds(name, `Signed by the pool key ${envelope.signatures[0].keyid}.`);
    return seal;
  } catch (error) {
    // Whatever a damaged key, base64 or JSON makes its reader say.
    lines.fails(name, `Not as the pool signed it: ${(error as Error).message}.`);
    if (!(error instanceof ParseError || error instanceof EnvelopeError)) {
      lines.fails("line 1 (poll)", "The key it names cannot be read.");
    }
    return null;
  }
}

function keyOfHeader(line: Buffer | undefined): string | null {
  try {
    const header = JSON.parse(line?.toString("utf8") ?? "") as { poolKey?: unknown };
    return typeof header.poolKey === "string" ? header.poolKey : null;
  } catch {
    return null;
  }
}

function readRow(line: Buffer, at: number, seal: PollSeal | null, lines: Lines): NamedRow[] {
  let row: PollRow | null = null;
  let fault = "";
  try {
    row = parseRow(line);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    fault = ` (${error.message})`;
  }
  const name = `line ${at + 1} (${row?.row ?? "unreadable"})`;
  const signed = seal?.lines[at];
  if (signed !== undefined && signed !== sha256Hex(line)) {
    lines.fails(name, `Not the line that was signed${fault}.`);
    return [];
  }
  if (row === null) {
    lines.fails(name, `It cannot be read${fault}.`);
    return [];
  }
  if (signed === undefined) lines.fails(name, "No line was signed in this place.");
  return [{ name, row }];
}

function checkLog(log: readonly LogRow[], header: HeaderRow, seal: PollSeal, lines: Lines): void {
  let previous = NO_ENTRY;
  for (const [at, { entry, hash }] of log.entries()) {
    const broken =
      entry.seq !== at ||
      entry.prev !== previous ||
      entryHash(entry) !== hash ||
      entry.poll !== header.poll;
    if (broken) {
      lines.fails(
        `log entry ${at}`,
        "It does not follow from the one before: the chain is broken.",
      );
      return;
    }
    previous = hash;
  }
  lines.either(
    "the ballot log",
    previous === seal.logHead,
    `${log.length} entries in one chain, head ${previous}. Compare it with the one told in the room.`,
    "Its last entry is not the head that was signed.",
  );
}

/** Voters whose last word in a stage is a ballot, by the log, with the digest of that ballot. */
function liveBallots(log: readonly LogRow[], stage: "vote" | "ratify"): Map<string, string> {
  const live = new Map<string, string>();
  for (const { entry } of log) {
    if (entry.kind === "void") live.clear();
    if (entry.stage !== stage || entry.voter === null) continue;
    if (entry.kind === "cast" && entry.ballot !== null) live.set(entry.voter, entry.ballot);
    else live.delete(entry.voter);
  }
  return live;
}

function checkBallots(
  ballots: readonly BallotRow[],
  roll: readonly RollRow[],
  log: readonly LogRow[],
  header: HeaderRow,
  lines: Lines,
): void {
  for (const { house, size } of header.rules.houses) {
    const seats = roll.filter((row) => row.house === house).length;
    lines.either(
      `the roll of ${house}`,
      seats === size,
      `${seats} seats, as the thresholds were made for.`,
      `${seats} seats, and the thresholds were made for ${size}.`,
    );
  }
  for (const stage of ["vote", "ratify"] as const) {
    const live = liveBallots(log, stage);
    const here = ballots.filter((ballot) => ballot.stage === stage);
    const houses = header.rules.houses.map(({ house, size }) => ({
      size,
      count: here.filter((ballot) => ballot.house === house).length,
    }));
    const fits =
      houses.every(({ size, count }) => count <= size && count <= live.size) &&
      here.length >= live.size;
    lines.either(
      `the ballots (${stage})`,
      fits,
      `${here.length} ballots of ${live.size} voters: no house has more than it has seats or voters in the log.`,
      `${here.length} ballots, and the log has ${live.size} voters: ballots were added or left out.`,
    );
    if (header.sealed) continue;
    for (const [at, { choice, opening, voter }] of here.entries()) {
      const digest = openBallotDigest({ choice, opening: opening ?? "", voter: voter ?? "" });
      if (live.get(voter ?? "") !== digest) {
        lines.fails(`ballot ${at + 1} (${stage})`, "The log does not commit to this ballot.");
      }
    }
  }
}

function recount(
  header: HeaderRow,
  ballots: readonly BallotRow[],
  log: readonly LogRow[],
  result: { readonly tieSecret: string; readonly count: unknown },
  lines: Lines,
): void {
  lines.either(
    "the tie secret",
    sha256Hex(result.tieSecret) === header.tieCommitment,
    "It is the one committed to when the poll was made.",
    "It is not the one committed to when the poll was made.",
  );
  const said = result.count as PollCount;
  if (said.houses.length === 0 && log.every(({ entry }) => entry.kind !== "cast")) {
    lines.notChecked(
      "the count",
      "Passed by consent: nobody objected in time, so there was no vote.",
    );
    return;
  }
  const ratified = log.some(({ entry }) => entry.kind === "close" && entry.stage === "ratify");
  const count = countPoll(header.rules, ballots, tieSeed(result.tieSecret, log), ratified);
  const winners = count.winners ?? (count.winner === null ? [] : [count.winner]);
  const same = canonicalBytes(count).equals(canonicalBytes(said));
  lines.either(
    "the count",
    same,
    `Recounted by ${header.rules.method}: ${[count.outcome, ...winners.map((id) => titleOf(header, id))].join(", ")}.`,
    `Recounted it comes out otherwise: ${count.outcome}, ${count.winner}.`,
  );
}

function titleOf(header: HeaderRow, id: string): string {
  return `${id} (${header.rules.options.find((option) => option.id === id)?.title ?? "?"})`;
}

function keyName({ poolKey }: HeaderRow): string {
  return keyIdOf(publicKeyFromPem(poolKey));
}

function ofKind<T extends PollRow>(rows: readonly NamedRow[], kind: T["row"]): T[] {
  return rows.filter(({ row }) => row.row === kind).map(({ row }) => row as T);
}
