import type { Noise } from "./noise.ts";

/**
 * Chooses the next token: greatest ln(p) + noise among the candidates the engine's truncation left; equal
 * scores go to the lower token id, so the order of candidates never matters. A shift common to all
 * log-probabilities cancels, so `p` need not be normalised.
 *
 * `candidates`: token id → probability (> 0) after temperature and truncation. `position`: index of the
 * token in the answer, from 0. Throws RangeError when there is no candidate with a probability above 0.
 */
export function chooseToken(
  candidates: Iterable<readonly [tokenId: number, probability: number]>,
  position: number,
  noise: Noise,
): number {
  let best = -1;
  let bestScore = Number.NEGATIVE_INFINITY;
  let onlyProbability = 0;
  for (const [tokenId, probability] of candidates) {
    if (!(probability > 0)) continue;
    // A sure model leaves one candidate for most tokens: that one needs no noise.
    if (best === -1) {
      best = tokenId;
      onlyProbability = probability;
      continue;
    }
    if (onlyProbability > 0) {
      bestScore = Math.log(onlyProbability) + noise(position, best);
      onlyProbability = 0;
    }
    const score = Math.log(probability) + noise(position, tokenId);
    if (score > bestScore || (score === bestScore && tokenId < best)) {
      best = tokenId;
      bestScore = score;
    }
  }
  if (best === -1) throw new RangeError("no candidate token has a probability above 0");
  return best;
}
