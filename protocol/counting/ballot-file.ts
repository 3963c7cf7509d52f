import Type from "typebox";
import { ParseError } from "../parse.ts";
import { strictJsonParser } from "../receipts/strict-json.ts";
import type { DefaultRule } from "./default-option.ts";
import type { Ratio } from "./majority.ts";
import type { Pairwise } from "./pairwise.ts";
import { canonicalOrder, type RankedBallot, type ScoredBallot } from "./profile.ts";

/** Larger files are refused. */
const LIMIT_BYTES = 256 * 1024 * 1024;
const MOST_OPTIONS = 100;

const option = Type.String({ minLength: 1, maxLength: 200 });
const weight = Type.Integer({ minimum: 0, maximum: 0xffff_ffff });
const ranks = Type.Array(Type.Array(option));
const scores = Type.Record(Type.String(), Type.Integer({ minimum: -10_000, maximum: 10_000 }));
const ballot = Type.Union([
  Type.Object({ n: weight, r: ranks }),
  Type.Tuple([weight, ranks]),
  Type.Tuple([weight, scores]),
]);
/** At most a thousand to one, whole numbers. */
const ratioPart = Type.Integer({ minimum: 1, maximum: 1000 });

const election = Type.Object({
  id: Type.Optional(Type.String()),
  candidates: Type.Optional(Type.Array(option)),
  ballots: Type.Optional(Type.Array(ballot)),
  approvals: Type.Optional(Type.Array(Type.Tuple([weight, Type.Array(option)]))),
  pairwise: Type.Optional(Type.Record(Type.String(), Type.Record(Type.String(), weight))),
  /** The option "leave it as it is". */
  default: Type.Optional(option),
  majority_ratio: Type.Optional(
    Type.Record(Type.String(), Type.Union([ratioPart, Type.Tuple([ratioPart, ratioPart])])),
  ),
  quorum: Type.Optional(weight),
  highest_score: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000 })),
  credits: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000_000 })),
});
type ElectionFields = Type.Static<typeof election>;

const file = Type.Evaluate(
  Type.Intersect([
    election,
    Type.Object({ cases: Type.Optional(Type.Array(election, { minItems: 1 })) }),
  ]),
);

/** One election of a file; exactly one of the four kinds of input is there. */
export interface Election {
  readonly id: string | null;
  readonly options: readonly string[];
  readonly input:
    | { readonly kind: "rankings"; readonly ballots: readonly RankedBallot[] }
    | { readonly kind: "scores"; readonly ballots: readonly ScoredBallot[] }
    | { readonly kind: "approvals"; readonly ballots: readonly ScoredBallot[] }
    | { readonly kind: "duels"; readonly duels: Pairwise };
  readonly standard: DefaultRule | null;
  /** Needed approvals where there is no default option. */
  readonly quorum: number;
  readonly highestScore: number;
  readonly credits: number;
}

const parse = strictJsonParser(file, "ballot file", LIMIT_BYTES);

/**
 * The door: reads a ballot file (test/governance/ballots/README.md describes the format) into its elections. A
 * case takes what it does not say from the file around it. Faults of single ballots are left to the count, which
 * voids them; everything else that is wrong throws ParseError with a sentence.
 */
export function readBallotFile(bytes: Uint8Array): Election[] {
  const { cases, ...fields } = parse(bytes);
  return (cases ?? [{}]).map((fieldsOfCase) => readElection({ ...fields, ...fieldsOfCase }));
}

function readElection(fields: ElectionFields): Election {
  const input = readInput(fields);
  const listed = fields.candidates ?? namedIn(input);
  const options = canonicalOrder(new Set(listed));
  const where = fields.id === undefined ? "" : ` of ${JSON.stringify(fields.id)}`;
  const refuse = (sentence: string) => new ParseError(`ballot file: ${sentence}`);
  if (options.length === 0) throw refuse(`no option is named in the ballots${where}`);
  if (options.length < listed.length)
    throw refuse(`an option stands twice in "candidates"${where}`);
  if (options.length > MOST_OPTIONS) {
    throw refuse(`${options.length} options${where}, at most ${MOST_OPTIONS} are counted`);
  }
  for (const name of [fields.default ?? [], Object.keys(fields.majority_ratio ?? {})].flat()) {
    if (!options.includes(name)) throw refuse(`${JSON.stringify(name)} is not an option${where}`);
  }
  const quorum = fields.quorum ?? 0;
  return {
    id: fields.id ?? null,
    options,
    input: input === null ? { kind: "duels", duels: readDuels(options, fields, refuse) } : input,
    standard:
      fields.default === undefined
        ? null
        : { option: fields.default, quorum: BigInt(quorum), ratios: readRatios(fields) },
    quorum,
    highestScore: fields.highest_score ?? 5,
    credits: fields.credits ?? 100,
  };
}

/** Ballots of one kind; null where there are only duels. */
function readInput(fields: ElectionFields): Exclude<Election["input"], { kind: "duels" }> | null {
  if (fields.approvals) {
    const ballots = fields.approvals.map(([weight, names]) => ({
      weight,
      scores: names.map((name): [string, number] => [name, 1]),
    }));
    return { kind: "approvals", ballots };
  }
  if (!fields.ballots) {
    if (fields.pairwise) return null;
    throw new ParseError(`ballot file: it has neither "ballots" nor "approvals" nor "pairwise"`);
  }
  const ranked: RankedBallot[] = [];
  const scored: ScoredBallot[] = [];
  for (const one of fields.ballots) {
    if (!Array.isArray(one)) ranked.push({ weight: one.n, ranks: one.r });
    else if (Array.isArray(one[1])) ranked.push({ weight: one[0], ranks: one[1] });
    else scored.push({ weight: one[0], scores: Object.entries(one[1]) });
  }
  if (ranked.length > 0 && scored.length > 0) {
    throw new ParseError("ballot file: ranked and scored ballots stand in one list");
  }
  return scored.length > 0
    ? { kind: "scores", ballots: scored }
    : { kind: "rankings", ballots: ranked };
}

function namedIn(input: ReturnType<typeof readInput>): string[] {
  if (input === null) return [];
  const names =
    input.kind === "rankings"
      ? input.ballots.flatMap(({ ranks }) => ranks.flat())
      : input.ballots.flatMap(({ scores }) => scores.map(([name]) => name));
  return [...new Set(names)];
}

function readDuels(
  options: readonly string[],
  { pairwise = {} }: ElectionFields,
  refuse: (sentence: string) => ParseError,
): Pairwise {
  const row = (name: string) => new Map(Object.entries(pairwise)).get(name) ?? {};
  const above = options.map((one) => {
    const cells = new Map(Object.entries(row(one)));
    return options.map((other) => {
      const cell = one === other ? 0 : cells.get(other);
      if (cell === undefined) throw refuse(`"pairwise" has no number for ${one} above ${other}`);
      return cell;
    });
  });
  return { options, above };
}

function readRatios({ majority_ratio = {} }: ElectionFields): Map<string, Ratio> {
  return new Map(
    Object.entries(majority_ratio).map(([name, ratio]): [string, Ratio] => {
      const [a, b] = typeof ratio === "number" ? [ratio, 1] : ratio;
      return [name, [BigInt(a), BigInt(b)]];
    }),
  );
}
