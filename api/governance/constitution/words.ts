import { en } from "../words/en/index.ts";
import { each, type Said, type SentenceKey, say, type Text, type Value } from "../words/say.ts";
import { needsWords, peopleWords } from "./needs.ts";
import { NOT_YET, notYetWords } from "./not-yet.ts";
import type { Constitution } from "./schema.ts";

type LawKey = Extract<SentenceKey, `law_${string}`>;

/** Texts of the rules a pool is founded with, by what they say. */
const LAWS: ReadonlyMap<string, LawKey> = new Map(
  Object.entries(en).flatMap(([key, text]) =>
    key.startsWith("law_") && typeof text === "string" ? [[text, key as LawKey]] : [],
  ),
);

/** The constitution in plain words, section by section. `stewards`: accounts of those who are it now. */
export function rulesWords(
  rules: Constitution,
  stewards: readonly string[] = [],
): { title: Said; lines: Text[] }[] {
  const notYet = notYetWords(rules);
  return [
    { title: say("rules_who"), lines: whoLines(rules, stewards) },
    {
      title: say("rules_needs"),
      lines: Object.keys(rules.types).map((type) => typeLine(rules, type)),
    },
    {
      title: say("rules_numbers"),
      lines: [
        say("number_k", { formula: law(rules.formulas.K) }),
        say("number_quorum", { formula: law(rules.formulas.quorum) }),
        say("number_passes", { formula: law(rules.formulas.passes) }),
      ],
    },
    { title: say("rules_how"), lines: howLines(rules) },
    { title: say("rules_checks"), lines: checkLines(rules) },
    {
      title: say("rules_agents"),
      lines: [
        say("agents_rule", {
          declare: law(rules.agents.declare),
          vote: law(rules.agents.vote),
          ballots: law(rules.agents.ballots),
        }),
      ],
    },
    { title: say("rules_founding"), lines: [foundingLine(rules)] },
    ...(notYet.length === 0 ? [] : [{ title: say("rules_not_yet"), lines: notYet }]),
  ];
}

/** A text of the rules: ours in the reader's language, an amended one as the members wrote it. */
export function law(text: string): Text {
  const key = LAWS.get(text);
  return key === undefined ? text : say(key);
}

function whoLines({ bodies }: Constitution, stewards: readonly string[]): Text[] {
  const { members, producers } = bodies;
  const { admit } = members;
  const admitted = say("members_admitted", {
    members: say("count_members", { n: admit.vouches }),
    days: days(admit.voucherDays),
    times: say("count_times", { n: admit.perVoucher }),
    window: days(admit.windowDays),
  });
  const counted =
    members.standingDays === 0
      ? say("members_count_at_once")
      : say("members_count_later", { time: days(members.standingDays) });
  return [
    sentences(
      say("members_who", { who: law(members.who) }),
      admitted,
      counted,
      say("members_one_vote"),
    ),
    say("producers_who", {
      who: law(producers.who),
      work: days(producers.workDays),
      standing: days(producers.standingDays),
      weight: law(producers.weight),
      controller: fraction(producers.controllerShareMax),
      agents: fraction(producers.agentShareMax),
    }),
    say("stewards_who", { seats: law(bodies.stewards.seats) }),
    ...(stewards.length === 0 ? [] : [say("stewards_now", { stewards: each(stewards, "comma") })]),
    say("house_empty"),
    say("house_frozen"),
  ];
}

function typeLine(rules: Constitution, type: string): Said {
  const needs = needsWords(rules, type);
  return NOT_YET.some(({ types }) => types.includes(type))
    ? say("type_needs_not_yet", { type, needs })
    : say("type_needs", { type, needs });
}

function howLines({ procedure }: Constitution): Said[] {
  const { default: usual, lateSwing, twoHouses, retryAfterDays } = procedure;
  return [
    say("how_counted", { method: usual.method }),
    say("how_talk", {
      time: { hours: usual.editExtendsTalkH },
      factor: fraction(usual.talkMaxFactor),
      last: { hours: usual.noEditLastH },
    }),
    say(usual.sealed ? "how_sealed" : "how_open"),
    say("how_swing", {
      window: fraction(lateSwing.window),
      time: { hours: lateSwing.extendH },
      times: say("count_times", { n: lateSwing.times }),
    }),
    say("how_houses", { time: { hours: twoHouses.ratifyH } }),
    say("how_again", { time: days(retryAfterDays) }),
  ];
}

function checkLines({ checks, data }: Constitution): Said[] {
  const { hold, emergency, exit } = checks;
  return [
    say("check_hold", { people: peopleWords(hold.by), time: { hours: hold.hours } }),
    say("check_emergency", {
      stewards: say("count_stewards", { n: emergency.stewards }),
      time: { hours: emergency.hours },
    }),
    say("check_exit", { exit: law(exit), data: law(data.erasure) }),
  ];
}

function foundingLine({ founding }: Constitution): Said {
  return say("founding_rule", {
    members: say("count_members", { n: founding.untilMembers }),
    time: days(founding.untilDays),
    admit: law(founding.admit),
    before: law(founding.before),
  });
}

/** Several sentences as one. */
export function sentences(...said: readonly Text[]): Said {
  return say("sentences", { all: each(said, "space") });
}

function days(n: number): Value {
  return { hours: 24 * n };
}

function fraction([a, b]: readonly [number, number]): string {
  return `${a}/${b}`;
}
