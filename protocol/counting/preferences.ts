import { type Profile, UNMARKED } from "./profile.ts";

/** No option: a ballot names nobody who is still in the count. */
export const EXHAUSTED = -1;
/** The next rank of a ballot holds two or more options that are still in the count. */
export const SHARED = -2;

/** Each ballot's options by rank, for counts that ask again and again for a ballot's next preference. */
export interface Preferences {
  readonly profile: Profile;
  /** Option indexes by rank, `options.length` per ballot, EXHAUSTED after the last named one. */
  readonly sequence: Int16Array;
}

/** Orders every ballot once. */
export function preferences(profile: Profile): Preferences {
  const { options, marks, weights } = profile;
  const width = options.length;
  const sequence = new Int16Array(marks.length).fill(EXHAUSTED);
  for (let ballot = 0, start = 0; ballot < weights.length; ballot++, start += width) {
    let named = 0;
    for (let option = 0; option < width; option++) {
      const mark = marks[start + option] as number;
      if (mark === UNMARKED) continue;
      let at = start + named++; // insertion sort: ballots are short
      while (at > start && (marks[start + (sequence[at - 1] as number)] as number) > mark) {
        sequence[at] = sequence[at - 1] as number;
        at--;
      }
      sequence[at] = option;
    }
  }
  return { profile, sequence };
}

/** The option that a ballot is for, among those still in (`continuing[option] === 1`); or EXHAUSTED, or SHARED. */
export function preference(
  { profile, sequence }: Preferences,
  ballot: number,
  continuing: Uint8Array,
): number {
  const width = profile.options.length;
  const start = ballot * width;
  const end = start + width;
  for (let at = start; at < end; at++) {
    const option = sequence[at] as number;
    if (option === EXHAUSTED) return EXHAUSTED;
    if (continuing[option] !== 1) continue;
    const rank = profile.marks[start + option] as number;
    for (let next = at + 1; next < end; next++) {
      const other = sequence[next] as number;
      if (other === EXHAUSTED || profile.marks[start + other] !== rank) break;
      if (continuing[other] === 1) return SHARED;
    }
    return option;
  }
  return EXHAUSTED;
}
