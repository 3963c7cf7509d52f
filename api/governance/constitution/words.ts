import { backersNeeded } from "./formulas.ts";
import { NOT_YET, notYetWords } from "./not-yet.ts";
import type { Constitution, DecisionType } from "./schema.ts";

/**
 * What a kind of decision needs, in one sentence: who, how long, how many, how sure. `members`: how many there are
 * now, for numbers in place of K.
 */
export function needsWords(rules: Constitution, type: string, members?: number): string {
  const told = needs(rules, type);
  const counted =
    members === undefined
      ? told
      : told
          .replace(/\b2\*K members\b/g, () => count(2 * backersNeeded(members), "member"))
          .replace(/\bK members\b/g, () => count(backersNeeded(members), "member"));
  return counted.charAt(0).toUpperCase() + counted.slice(1);
}

function needs(rules: Constitution, type: string): string {
  const entry = rules.types[type];
  if (entry === undefined) return "The constitution does not name this kind of decision.";
  if (entry.consent !== undefined) {
    const { hours, producers, members, elseType } = entry.consent;
    return `Passes by itself after ${duration(hours)} unless ${count(producers, "producer")} or ${people(members)} object with reasons; then it is decided like ${elseType}.`;
  }
  const parts = [
    backing(entry),
    entry.talkH ? `${duration(entry.talkH)} of talk` : null,
    entry.voteH ? `${duration(entry.voteH)} of voting` : null,
    housesWords(entry),
    ratioWords(entry.ratio),
    entry.lockH ? `takes effect ${duration(entry.lockH)} after it passes` : null,
    entry.binding === false ? "does not bind" : null,
    entry.sealed ? "always sealed" : null,
  ];
  return `${parts.filter((part) => part !== null).join("; ")}.`;
}

/** The constitution in plain words, section by section. */
export function rulesWords(rules: Constitution): { title: string; lines: string[] }[] {
  const { bodies, procedure, checks, founding } = rules;
  const { members, producers } = bodies;
  const { admit } = members;
  const notYet = notYetWords(rules);
  const fraction = ([a, b]: readonly [number, number]) => `${a}/${b}`;
  return [
    {
      title: "Who votes",
      lines: [
        `Members: ${members.who}. Admitted when ${count(admit.vouches, "member")} of at least ${admit.voucherDays} days vouch for them (each at most ${admit.perVoucher} times in ${admit.windowDays} days). They count in proposals made ${admit.voucherDays === 0 ? "from then on" : `from ${members.standingDays} days after that`}. One person, one vote, over all linked accounts.`,
        `Producers: ${producers.who} in the last ${producers.workDays} days, with ${producers.standingDays} days of standing. Weight ${producers.weight}; one controller at most ${fraction(producers.controllerShareMax)} of the house, all agents together at most ${fraction(producers.agentShareMax)}.`,
        "A house without anybody on its roll is left out, and the card says so.",
        "Who may vote, the weights and the thresholds are fixed when a proposal is made.",
      ],
    },
    {
      title: "What each kind of decision needs",
      lines: Object.keys(rules.types).map(
        (type) =>
          `${type}: ${needs(rules, type)}${NOT_YET.some(({ types }) => types.includes(type)) ? " (Not yet carried out.)" : ""}`,
      ),
    },
    {
      title: "Numbers",
      lines: [
        `K = ${rules.formulas.K} (N: members on the roll).`,
        `Quorum: ${rules.formulas.quorum}.`,
        `An option passes when ${rules.formulas.passes}.`,
      ],
    },
    {
      title: "How a decision is made",
      lines: [
        `Several options are counted by ${procedure.default.method}; others may add options while talk is open.`,
        `The proposer cannot shorten talk. An edit makes talk last at least ${duration(procedure.default.editExtendsTalkH)} more (talk at most ${fraction(procedure.default.talkMaxFactor)} of its length), voids ballots and tells their voters; no edits in the last ${duration(procedure.default.noEditLastH)} of talk.`,
        `Ballots are ${procedure.default.sealed ? "sealed until the close unless the proposal says otherwise" : "open unless the proposal says otherwise"}, and can be changed until then.`,
        `When something decisive happens in the last ${fraction(procedure.lateSwing.window)} of a vote it lasts ${duration(procedure.lateSwing.extendH)} longer, at most ${procedure.lateSwing.times} times.`,
        `Two houses: both vote in one window and both must pass. With several options the members choose first, and the producers agree or not within ${duration(procedure.twoHouses.ratifyH)}.`,
        `The same question may be put again after ${procedure.retryAfterDays} days.`,
      ],
    },
    {
      title: "Checks",
      lines: [
        `${people(checks.hold.by)} of either house can make a passed decision wait up to ${duration(checks.hold.hours)}, once, for a vote to revert it.`,
        `In an emergency ${count(checks.emergency.stewards, "steward")} together can suspend a node, a model or a member. It is public, and lapses after ${duration(checks.emergency.hours)} unless members ratify it.`,
        `Exit: ${checks.exit}. Data: ${rules.data.erasure}.`,
      ],
    },
    {
      title: "Agents",
      lines: [
        `Agents are declared with ${rules.agents.declare}, may speak, hold no office, and vote among ${rules.agents.vote}; their ballots are ${rules.agents.ballots}.`,
      ],
    },
    {
      title: "Founding",
      lines: [
        `Until there are ${founding.untilMembers} members or ${founding.untilDays} days have passed, ${founding.admit} admits members; ${founding.before}.`,
      ],
    },
    ...(notYet.length === 0 ? [] : [{ title: "Written down, not yet carried out", lines: notYet }]),
  ];
}

/** `48 h` and below in hours, longer times in days. */
export function duration(hours: number): string {
  if (hours === 0) return "no time";
  return hours % 24 === 0 && hours > 48 ? count(hours / 24, "day") : count(hours, "hour");
}

export function ratioWords(ratio: readonly [number, number] | undefined): string | null {
  if (ratio === undefined) return null;
  const [a, b] = ratio;
  return a === b ? "more for than against" : `at least ${a} for every ${b} against`;
}

export function count(n: number, one: string): string {
  return `${n} ${one}${n === 1 ? "" : "s"}`;
}

function people(written: number | string): string {
  return typeof written === "number" ? count(written, "member") : `${written} members`;
}

function backing({ initiate }: DecisionType): string {
  if (initiate === "moderator") return "begun by a moderator";
  if (initiate === "automatic" || initiate === "calendar") return "begins by itself";
  if (initiate === "the person") return "begun by the person concerned";
  return initiate === 1 ? "anyone may propose" : `backed by ${people(initiate)}`;
}

function housesWords({ house, body }: DecisionType): string | null {
  if (house === "as the original") return "the houses that made the decision";
  if (house === undefined) return body ? `decided by a ${body}` : null;
  return house.length === 2 ? "members and producers must both agree" : `${house[0]} decide`;
}
