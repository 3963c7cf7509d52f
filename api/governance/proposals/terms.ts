import type { HouseName } from "../../../protocol/verify/poll-rows.ts";

/** One house as frozen when a proposal was made. */
export interface HouseTerms {
  readonly house: HouseName;
  /** Seats on the roll. */
  readonly size: number;
  /** Ballots for an option that it needs. */
  readonly quorum: number;
}

/** Everything the rules said about a proposal when it was made; later rules do not change it. */
export interface Terms {
  readonly rulesDigest: string;
  readonly houses: readonly HouseTerms[];
  /** a : b, for : against. */
  readonly ratio: readonly [number, number];
  readonly agentShareMax: readonly [number, number];
  readonly talkMs: number;
  readonly voteMs: number;
  readonly lockMs: number;
  readonly ratifyMs: number;
  readonly noEditMs: number;
  readonly editExtendsMs: number;
  readonly talkMaxMs: number;
  readonly sponsorMs: number;
  /** People who must back it before talk begins, the proposer among them. */
  readonly sponsors: number;
  /** People who together may add an option. */
  readonly optionBackers: number;
  /** People of either house who together hold a passed action, and for how long. */
  readonly holders: number;
  readonly holdMs: number;
  readonly lateSwing: { window: readonly [number, number]; extendMs: number; times: number };
  readonly retryMs: number;
  /** Passes by itself after talk unless so many object. */
  readonly consent: { producers: number; members: number } | null;
  readonly highestScore: number;
  readonly credits: number;
  /** Of methods that fill seats: how many; absent: one. */
  readonly seats?: number;
  /** SHA-256 of the secret that helps to break ties; the secret is shown at close. */
  readonly tieCommitment: string;
}
