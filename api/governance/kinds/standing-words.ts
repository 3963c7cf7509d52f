import { type Said, say, type Text } from "../words/say.ts";

/** Who set a standing in an emergency. */
export const STEWARDS = "two stewards";
const BY_VOTE = /^proposal (\d+)$/;

/** Why a node's standing is what it is: reasons that votes and stewards leave are ours, a moderator's is as written. */
export function becauseWords(reason: string, setBy: string): Text {
  const number = BY_VOTE.exec(setBy)?.[1];
  if (number !== undefined) return say("because_voted", { number });
  const stewards =
    setBy === STEWARDS ? /^emergency act of two stewards: (.*)$/s.exec(reason) : null;
  return stewards === null ? reason : say("because_stewards", { reason: stewards[1] as string });
}

/** Who set it: a moderator's account, or in words what decided. */
export function setterWords(setBy: string): Said | string {
  const number = BY_VOTE.exec(setBy)?.[1];
  if (number !== undefined) return say("named_proposal", { number });
  return setBy === STEWARDS ? say("count_stewards", { n: 2 }) : setBy;
}
