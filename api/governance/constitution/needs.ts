import { each, type Said, say, type Value } from "../words/say.ts";
import { backersNeeded } from "./formulas.ts";
import type { Constitution, DecisionType } from "./schema.ts";

/**
 * What a kind of decision needs, in one sentence: who, how long, how many, how sure. `members`: how many there are
 * now, for numbers in place of K.
 */
export function needsWords(rules: Constitution, type: string, members?: number): Said {
  const entry = rules.types[type];
  if (entry === undefined) return say("needs_unknown");
  const people = (written: number | string) => peopleWords(written, members);
  if (entry.consent !== undefined) {
    const { hours, producers, members: objectors, elseType } = entry.consent;
    return say("needs_consent", {
      time: { hours },
      producers: say("count_producers", { n: producers }),
      members: people(objectors),
      type: elseType,
    });
  }
  const parts = [
    begunWords(entry, people),
    entry.talkH ? say("needs_talk", { time: { hours: entry.talkH } }) : null,
    entry.voteH ? say("needs_vote", { time: { hours: entry.voteH } }) : null,
    housesWords(entry),
    entry.ratio === undefined ? null : enoughWords(entry.ratio),
    entry.lockH ? say("needs_lock", { time: { hours: entry.lockH } }) : null,
    entry.binding === false ? say("needs_advice") : null,
    entry.sealed ? say("needs_sealed") : null,
  ];
  const said = parts.filter((part) => part !== null);
  return say("stop", { parts: each(said, "semicolon") });
}

/** `more for than against`, `at least 2 for every 1 against`. */
export function enoughWords([a, b]: readonly [number, number]): Said {
  return a === b ? say("enough_more") : say("enough_ratio", { a, b });
}

/** A number of members as the constitution writes it; with the members there are, the number that `K` is. */
export function peopleWords(written: number | string, members?: number): Value {
  if (typeof written === "number") return say("count_members", { n: written });
  if (members === undefined) return say("some_members", { k: written });
  const k = backersNeeded(members);
  return say("count_members", { n: written === "K" ? k : 2 * k });
}

function begunWords({ initiate }: DecisionType, people: (written: number | string) => Value): Said {
  if (initiate === "moderator") return say("begun_moderator");
  if (initiate === "automatic") return say("begun_itself");
  if (initiate === "calendar") return say("begun_backed", { members: people("K") });
  if (initiate === "the person") return say("begun_person");
  return initiate === 1 ? say("begun_anyone") : say("begun_backed", { members: people(initiate) });
}

function housesWords({ house, body }: DecisionType): Said | null {
  if (house === "as the original") return say("needs_original");
  if (house === undefined) {
    if (body === undefined) return null;
    return say("needs_body", { body: body === "jury" ? say("law_jury") : body });
  }
  if (house.length === 2) return say("needs_both");
  return say(house[0] === "producers" ? "needs_producers" : "needs_members");
}
