import { sha256Hex } from "../../../protocol/receipts/commitments.ts";
import type { HouseName } from "../../../protocol/verify/poll-rows.ts";
import type { Rules } from "../constitution/book.ts";
import { peopleNeeded, quorumOf } from "../constitution/formulas.ts";
import type { DecisionType } from "../constitution/schema.ts";
import { DAY_MS, HOUR_MS } from "../time.ts";
import type { Terms } from "./terms.ts";

export interface TermsOf {
  readonly rules: Rules;
  /** Entry of the constitution. */
  readonly type: string;
  /** Seats by house, of the houses that are asked. */
  readonly sizes: Readonly<Partial<Record<HouseName, number>>>;
  /** Members of the pool, for K. */
  readonly members: number;
  readonly tieSecret: string;
  /** A poll's own length. */
  readonly voteMs?: number;
  /** Of a poll that fills seats. */
  readonly seats?: number;
  /** What does not bind needs no quorum. */
  readonly binding: boolean;
  /** Of a revert: the houses and the ratio of what it would revert. */
  readonly original?: Pick<Terms, "ratio"> | null;
}

/** The entry whose talk, houses and ratio hold: of a decision by consent, the one it becomes when somebody objects. */
export function votingType(rules: Rules, type: string): DecisionType {
  const entry = rules.constitution.types[type];
  if (entry === undefined) throw new RangeError(`the constitution has no type ${type}`);
  return entry.consent === undefined ? entry : votingType(rules, entry.consent.elseType);
}

/** The houses an entry asks; `original` for "as the original". */
export function housesOf(
  rules: Rules,
  type: string,
  original: readonly HouseName[] = ["members"],
): readonly HouseName[] {
  const { house } = votingType(rules, type);
  return house === undefined || house === "as the original" ? original : house;
}

/** Freezes what the rules say today. A house without anybody is left out. */
export function makeTerms({ rules, type, sizes, members, tieSecret, ...more }: TermsOf): Terms {
  const { procedure, checks, bodies, types } = rules.constitution;
  const entry = types[type] as DecisionType;
  const voting = votingType(rules, type);
  const { consent } = entry;
  const talkMs = (consent?.hours ?? entry.talkH ?? 0) * HOUR_MS;
  const [f, g] = procedure.default.talkMaxFactor;
  return {
    rulesDigest: rules.digest,
    houses: Object.entries(sizes)
      .filter(([, size]) => size > 0)
      .map(([house, size]) => ({
        house: house as HouseName,
        size,
        quorum: more.binding ? quorumOf(size) : 0,
      })),
    ratio: voting.ratio ?? [1, 1],
    agentShareMax: bodies.producers.agentShareMax,
    talkMs,
    voteMs: more.voteMs ?? (voting.voteH ?? 72) * HOUR_MS,
    lockMs: (voting.lockH ?? 0) * HOUR_MS,
    ratifyMs: procedure.twoHouses.ratifyH * HOUR_MS,
    noEditMs: procedure.default.noEditLastH * HOUR_MS,
    editExtendsMs: procedure.default.editExtendsTalkH * HOUR_MS,
    talkMaxMs: Math.floor((talkMs * f) / g),
    sponsorMs: procedure.sponsorsWithinH * HOUR_MS,
    sponsors: peopleNeeded(entry.initiate, members),
    optionBackers: peopleNeeded(procedure.default.options, members),
    holders: peopleNeeded(checks.hold.by, members),
    holdMs: checks.hold.hours * HOUR_MS,
    lateSwing: {
      window: procedure.lateSwing.window,
      extendMs: procedure.lateSwing.extendH * HOUR_MS,
      times: procedure.lateSwing.times,
    },
    retryMs: procedure.retryAfterDays * DAY_MS,
    consent:
      consent === undefined
        ? null
        : { producers: consent.producers, members: peopleNeeded(consent.members, members) },
    highestScore: 5,
    credits: voting.credits ?? 100,
    ...(more.seats === undefined ? {} : { seats: more.seats }),
    tieCommitment: sha256Hex(tieSecret),
  };
}
