import type { HouseName } from "../../../protocol/verify/poll-rows.ts";
import { enoughWords } from "../constitution/needs.ts";
import { sentences } from "../constitution/words.ts";
import { HOUR_MS } from "../time.ts";
import { each, type Said, type SentenceKey, say, type Text } from "../words/say.ts";
import type { ProposalRow } from "./state.ts";

type MethodKey = Extract<SentenceKey, `method_${string}`>;
type Binding = Pick<ProposalRow, "binding" | "kind">;

/** A way of counting, in words; its name where the catalogue knows none. */
export function methodWords({ method, terms }: Pick<ProposalRow, "method" | "terms">): Text {
  const key = `method_${method}`;
  const words = key in METHODS ? say(key as MethodKey) : method;
  return terms.seats === undefined
    ? words
    : sentences(words, say("stop", { parts: say("seats", { n: terms.seats }) }));
}

const METHODS: Readonly<Record<MethodKey, true>> = {
  method_majority: true,
  method_approval: true,
  method_score: true,
  method_star: true,
  "method_majority-judgment": true,
  method_quadratic: true,
  method_irv: true,
  method_borda: true,
  method_copeland: true,
  method_schulze: true,
  "method_ranked-pairs": true,
  method_stv: true,
  "method_stv-scottish": true,
};

export function secrecyWords({ sealed, terms }: Pick<ProposalRow, "sealed" | "terms">): Said {
  if (!sealed) return say("secrecy_open");
  const weighed = terms.houses.some(({ house }) => house === "producers");
  return sentences(say("secrecy_sealed"), ...(weighed ? [say("secrecy_weights")] : []));
}

export function bindingWords({ binding, kind }: Binding): Said {
  if (!binding) return say("binding_advisory");
  return say(kind === "question" ? "binding_question" : "binding_effect");
}

/** Seats of a house, and what an option needs there. */
export function houseWords({ size, quorum }: { readonly size: number; readonly quorum: number }) {
  const seats = say("seats", { n: size });
  return quorum === 0 ? seats : say("seats_quorum", { seats, quorum });
}

export function whoWords({ terms, created_at }: Pick<ProposalRow, "terms" | "created_at">): Said {
  const seats = terms.houses.map(({ house, size }) => say(`seats_${house}`, { n: size }));
  return say("who", { seats: each(seats, "and"), day: { day: created_at } });
}

export function ruleWords({ terms, method, binding }: ProposalRow): Said {
  if (!binding) return say(method === "majority" ? "rule_advice_yes" : "rule_advice_most");
  const { consent, houses, ratio, ratifyMs } = terms;
  const quorum = ({ house, quorum: n }: { house: HouseName; quorum: number }) =>
    say(`rule_quorum_${house}`, { n });
  const passes = {
    enough: enoughWords(ratio),
    quorums: each(houses.map(quorum), "and"),
  };
  return sentences(
    ...(consent === null ? [] : [say("rule_consent", objectors(consent))]),
    say(houses.length > 1 ? "rule_passes_both" : "rule_passes", passes),
    ...(method !== "majority" && houses.length > 1
      ? [say("rule_ratify", { time: { hours: ratifyMs / HOUR_MS } })]
      : []),
  );
}

export function objectWords({ terms, number: n, binding }: ProposalRow): Said {
  if (!binding) return say("object_advice");
  const number = `${n}`;
  const after =
    terms.lockMs > 0
      ? say("object_lock", {
          number,
          time: { hours: terms.lockMs / HOUR_MS },
          people: say("count_people", { n: terms.holders }),
        })
      : say("object_at_once", { number });
  return sentences(
    ...(terms.consent === null ? [] : [say("object_consent", { number })]),
    say("object_talk"),
    after,
  );
}

function objectors({ producers, members }: { producers: number; members: number }) {
  return {
    producers: say("count_producers", { n: producers }),
    members: say("count_members", { n: members }),
  };
}
