// `npm run count -- FILE --method NAME`: exit 0 with the count as JSON, 2 with a sentence when there is none.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { ParseError } from "../parse.ts";
import { readBallotFile } from "./ballot-file.ts";
import { exactInteger } from "./fraction.ts";
import { CannotCount, METHODS } from "./methods.ts";
import { TooMuch } from "./profile.ts";
import { lotsFromSeed, type TieRule } from "./ties.ts";

const USAGE = `Usage: npm run count -- FILE --method NAME [--seed HEX] [--seats N]

Counts every election in a ballot file (JSON; test/governance/ballots/README.md describes the format) and prints the
result with all its tables as JSON.
  --method  ${[...METHODS.keys()].join(", ")}
  --seed    hexadecimal; breaks ties by lot. Without it ties stay open and are named.
  --seats   how many stv and stv-scottish elect; 1 unless said
Exit status: 0 counted, 2 there is nothing to count.`;

/** The command line does not say what to count. */
class WrongUse extends Error {}

process.exitCode = main(process.argv.slice(2));

function main(args: string[]): number {
  try {
    const request = readArguments(args);
    if (request === null) {
      console.log(USAGE);
      return 0;
    }
    const { path, method, seats, ties, seed } = request;
    const elections = readBallotFile(read(path));
    const count = METHODS.get(method) as NonNullable<ReturnType<(typeof METHODS)["get"]>>;
    const results = elections.map((election) => {
      try {
        return { id: election.id, ...count(election, { ties, seats }) };
      } catch (error) {
        // One file may hold cases for several methods; those that do not fit say so in their place.
        if (error instanceof CannotCount) return { id: election.id, notCounted: error.message };
        throw error;
      }
    });
    const refused = results.flatMap((result) => ("notCounted" in result ? result.notCounted : []));
    if (refused.length === results.length) {
      throw new WrongUse(`${path} cannot be counted by ${method}. ${refused[0]}`);
    }
    console.log(JSON.stringify({ method, seed, results }, writable, 2));
    return 0;
  } catch (error) {
    if (!isForPeople(error)) throw error;
    console.error(error.message);
    return 2;
  }
}

function readArguments(args: string[]) {
  const { values, positionals } = parse(args);
  if (values.help) return null;
  const [path, ...more] = positionals;
  if (path === undefined || more.length > 0) throw new WrongUse(USAGE);
  const method = values.method ?? "";
  if (!METHODS.has(method)) {
    throw new WrongUse(
      `${method ? `There is no method "${method}"` : "--method is missing"}: choose one of ${[...METHODS.keys()].join(", ")}.`,
    );
  }
  const seats = Number(values.seats ?? 1);
  if (!/^[1-9][0-9]{0,3}$/.test(values.seats ?? "1")) {
    throw new WrongUse(`--seats "${values.seats}" is not a whole number from 1 to 9999.`);
  }
  const seed = values.seed?.toLowerCase() ?? null;
  return { path, method, seats, seed, ties: seed === null ? null : lots(seed) };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        method: { type: "string" },
        seed: { type: "string" },
        seats: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new WrongUse((error as Error).message);
  }
}

function lots(seed: string): TieRule {
  try {
    return lotsFromSeed(seed);
  } catch (error) {
    throw new WrongUse(`--seed: ${(error as Error).message}.`);
  }
}

/** npm runs scripts in the repository's root; INIT_CWD is where the person stood. */
function read(path: string): Uint8Array {
  const folder = (process.env.npm_lifecycle_event === "count" && process.env.INIT_CWD) || ".";
  try {
    return readFileSync(resolve(folder, path));
  } catch (error) {
    throw new WrongUse(`${path} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

function isForPeople(error: unknown): error is Error {
  return [WrongUse, ParseError, CannotCount, TooMuch].some((kind) => error instanceof kind);
}

function writable(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? exactInteger(value) : value;
}
