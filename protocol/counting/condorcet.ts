import { type Pairwise, votes } from "./pairwise.ts";

/** The option that wins every duel, or null. */
export function condorcetWinner(duels: Pairwise): string | null {
  return (
    duels.options.find((_, i) =>
      duels.options.every((_, j) => i === j || votes(duels, i, j) > votes(duels, j, i)),
    ) ?? null
  );
}

/** The smallest group whose every member wins its duel against everybody outside the group. */
export function smithSet(duels: Pairwise): string[] {
  const { options } = duels;
  const holds = (i: number, j: number) => votes(duels, i, j) >= votes(duels, j, i);
  // Whoever reaches all others through won or tied duels belongs to it.
  return options.filter((_, start) => {
    const reached = new Set([start]);
    for (const i of reached) {
      for (const j of options.keys()) if (i !== j && holds(i, j)) reached.add(j);
    }
    return reached.size === options.length;
  });
}
