import type { PollMethod } from "../../../protocol/counting/poll.ts";
import { count, duration } from "../constitution/words.ts";
import { HOUR_MS } from "../time.ts";
import type { ProposalRow } from "./state.ts";

const METHOD_WORDS: Record<PollMethod, string> = {
  majority: "Yes or no to one change.",
  approval: "Approval: the option most people could live with wins.",
  score: "Score: the greatest sum of scores wins.",
  star: "STAR: the two best scored options meet; who more people score higher wins.",
  "majority-judgment": "Majority judgment: the best median score wins.",
  quadratic: "Quadratic voting: v votes for an option cost v × v credits.",
  irv: "Instant runoff: the last option leaves, one at a time, until one has a majority.",
  borda: "Borda: points by place.",
  copeland: "Copeland: most duels won.",
  schulze: "Schulze: every two options are compared; the strongest chain of majorities decides.",
  "ranked-pairs": "Ranked pairs: majorities are locked in, the strongest first.",
  stv: "Single transferable vote: who reaches the quota is elected, and votes beyond it go on to the next choice.",
  "stv-scottish":
    "Single transferable vote, by the rules of Scottish councils: votes beyond the quota go on to the next choice.",
};

export function methodWords({ method, terms }: Pick<ProposalRow, "method" | "terms">): string {
  const words = METHOD_WORDS[method as PollMethod] ?? method;
  return terms.seats === undefined ? words : `${words} ${count(terms.seats, "seat")}.`;
}

export function secrecyWords({ sealed, terms }: Pick<ProposalRow, "sealed" | "terms">): string {
  const producers = terms.houses.some(({ house }) => house === "producers")
    ? " In the producers' house a ballot's weight is published with it, which can tell whose it is."
    : "";
  return sealed
    ? `Sealed: ballots are encrypted and nobody is shown a count before the close; then they are published without names; declared agents' ballots then with name and reason. Whoever runs this pool's server could look, and the chat platform sees what you send.${producers}`
    : "Open: a roll call. Everybody can see how everybody votes, from the first ballot on.";
}

export function bindingWords({ binding, kind }: Pick<ProposalRow, "binding" | "kind">): string {
  if (!binding) return "Advisory: nothing changes by itself.";
  return kind === "question"
    ? "Binding on the community; the pool changes nothing by itself."
    : "Binding: when it passes it takes effect by itself.";
}

export function whoWords({ terms, created_at }: Pick<ProposalRow, "terms" | "created_at">): string {
  const houses = terms.houses.map(({ house, size }) => `${count(size, "seat")} of ${house}`);
  return `${houses.join(" and ")}, as of ${new Date(created_at).toISOString().slice(0, 10)}; one ballot a person over all linked accounts.`;
}

export function ruleWords({ terms, method, binding }: ProposalRow): string {
  const [a, b] = terms.ratio;
  const enough = a === b ? "more for than against" : `${a} for every ${b} against`;
  if (!binding) {
    return method === "majority"
      ? "It is a yes with more for than against; no quorum."
      : "The most favoured option is named; no quorum.";
  }
  const quorums = terms.houses.map(({ house, quorum }) => `${quorum} ballots for it of ${house}`);
  const both = terms.houses.length > 1 ? " in each house" : "";
  const several =
    method !== "majority" && terms.houses.length > 1
      ? ` The members choose; the producers then say yes or no within ${duration(terms.ratifyMs / HOUR_MS)}.`
      : "";
  const consent =
    terms.consent === null
      ? ""
      : `Passes when talk ends unless ${count(terms.consent.producers, "producer")} or ${count(terms.consent.members, "member")} object with reasons; then it is voted on. `;
  return `${consent}Passes with ${enough}${both}, and ${quorums.join(" and ")} (abstaining counts for neither).${several}`;
}

export function objectWords({ terms, number, binding }: ProposalRow): string {
  if (!binding)
    return "Say so in the thread, or vote with a reason: reasons are printed with the result.";
  const lock =
    terms.lockMs > 0
      ? `takes effect ${duration(terms.lockMs / HOUR_MS)} later; until then ${count(terms.holders, "person")} of either house can hold it (/proposal ${number} hold)`
      : "takes effect at once";
  const consent =
    terms.consent === null
      ? ""
      : `Object while it is talked over (/proposal ${number} object, and why). `;
  return `${consent}Say so in the thread, add an option while talk is open, vote no with a reason. If it passes it ${lock}, and it can be reverted (/propose revert ${number}).`;
}
