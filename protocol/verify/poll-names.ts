import Type from "typebox";
import { sha256Hex } from "../receipts/commitments.ts";
import { canonicalBytes } from "../receipts/jcs.ts";
import { canonicalJsonParser } from "../receipts/strict-json.ts";
import { Sha256Hex } from "../wire/primitives.ts";
import type { Lines } from "./lines.ts";
import { type BallotRow, Stage } from "./poll-rows.ts";

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/**
 * Whose a ballot is, and why: personal, so it stands behind the seal, one line a voter. The signed ballot row only
 * commits to it with a salt that is in this line alone: a line that is left out, as when somebody has their data
 * erased, takes nothing from the count, and nobody can guess it back from what stays.
 */
export const NameRow = Type.Object(
  {
    row: Type.Literal("name"),
    stage: Stage,
    voter: Sha256Hex,
    account: Type.String({ minLength: 1 }),
    reason: nullable(Type.String()),
    /** The salt, hexadecimal. */
    opening: Type.String({ minLength: 1 }),
  },
  { additionalProperties: false },
);
export type NameRow = Type.Static<typeof NameRow>;

const parseName = canonicalJsonParser(NameRow, "name", 64 * 1024);

/** What a ballot row says of its voter's name and reason. */
export function nameCommitment({
  account,
  opening,
  reason,
}: Pick<NameRow, "account" | "opening" | "reason">): string {
  return sha256Hex(canonicalBytes({ account, opening, reason }));
}

/** Where the seal stands: before the names. A damaged file may have none; then the last line is taken for it. */
export function sealAt(lines: readonly Buffer[]): number {
  const seal = lines.findLastIndex(
    (line) => line.subarray(0, 12).toString("utf8") === '{"envelope":',
  );
  if (seal !== -1) return seal;
  const last = lines.findLastIndex(
    (line) => line.subarray(0, 11).toString("utf8") !== '{"account":',
  );
  return last === -1 ? lines.length - 1 : last;
}

/** Checks each name against the ballot it belongs to. `first`: number of the first of these lines in the file. */
export function checkNames(
  written: readonly Buffer[],
  first: number,
  ballots: readonly BallotRow[],
  lines: Lines,
): void {
  const promised = new Map<string, string>();
  for (const { stage, voter, name } of ballots) {
    if (voter !== null && name !== undefined) promised.set(`${stage} ${voter}`, name);
  }
  const all = promised.size;
  for (const [at, line] of written.entries()) {
    const label = `line ${first + at} (name)`;
    try {
      const row = parseName(line);
      const key = `${row.stage} ${row.voter}`;
      if (promised.get(key) === nameCommitment(row)) promised.delete(key);
      else lines.fails(label, "No ballot in this file was signed with this name and reason.");
    } catch (error) {
      lines.fails(label, `It cannot be read (${(error as Error).message}).`);
    }
  }
  if (all === 0) return;
  lines.holds(
    "the roll call",
    `${all - promised.size} of ${all} voters named, each as it was signed.`,
  );
  if (promised.size > 0) {
    lines.notChecked(
      "the roll call",
      `The names of ${promised.size} voters are not here: erased as they asked, or left out. Their ballots count all the same.`,
    );
  }
}
