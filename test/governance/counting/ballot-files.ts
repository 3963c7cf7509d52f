import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Election, readBallotFile } from "../../../protocol/counting/ballot-file.ts";
import { type Profile, rankedProfile } from "../../../protocol/counting/profile.ts";

export const FOLDER = resolve(import.meta.dirname, "../ballots");

export type Table = Record<string, Record<string, number>>;

/** What the files say must come out; which keys there are differs from file to file. */
export interface Expected {
  plurality_first_choices: Record<string, number>;
  plurality_winner: string[];
  irv_possible_winners_over_all_tie_orders: string[];
  borda_points_averaged_for_ties: Record<string, number>;
  borda_winner: string[];
  pairwise: Table;
  condorcet_winner: string | null;
  smith_set: string[];
  copeland_1_half_0: Record<string, number>;
  copeland_winner: string[];
  minimax_winning_votes: string[];
  minimax_margins: string[];
  schulze_winning_votes_ranking: string[][];
  schulze_margins_ranking: string[][];
  schulze_strongest_paths_winning_votes: Table;
  ranked_pairs_winning_votes_possible_winners: string[];
  ranked_pairs_margins_possible_winners: string[];
  schulze_ratio_ranking?: string[][];
  debian_A5?: { default: string; kept: string[]; winners: string[] };
  if_unranked_were_ignored_schulze_winning_votes_ranking?: string[][];
}

/** A file as the engine reads it, and as plain JSON for what it says must come out. */
export interface BallotFile<T> {
  readonly name: string;
  readonly elections: readonly Election[];
  readonly says: T;
}

export function ballotFile<T>(start: string): BallotFile<T> {
  const name = readdirSync(FOLDER).find((file) => file.startsWith(start) && file.endsWith(".json"));
  const bytes = readFileSync(resolve(FOLDER, name as string));
  return {
    name: name as string,
    elections: readBallotFile(bytes),
    says: JSON.parse(bytes.toString()) as T,
  };
}

/** The only election of a file, and its compact ballots. */
export function ranked({ options, input }: Election): Profile {
  if (input.kind !== "rankings") throw new Error("not a ranked election");
  return rankedProfile(options, input.ballots);
}

/** Ranks as sets: the order inside a rank means nothing. */
export function asSets(ranking: readonly (readonly string[])[]): string[][] {
  return ranking.map((rank) => rank.toSorted());
}
