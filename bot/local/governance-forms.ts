import type Type from "typebox";
import {
  actorOf,
  type CommandContext,
  namesOf,
  type Outcome,
  privately,
  wordsOf,
} from "../commands/command.ts";
import { published } from "../commands/governance/card.ts";
import { placeOf } from "../commands/governance/place.ts";
import { withAccounts } from "../governance/account-names.ts";
import type { PoolClient } from "../pool/client.ts";
import { receiptCard } from "../views/governance/receipt.ts";
import { filled, type Words } from "../words/catalogue.ts";
import type { BallotForm, BallotPost, ChoicesQuery, KindForm, ProposePost } from "./wire.ts";

/** What the page's ballot form shows. Throws PoolError. */
export async function ballotFormOf(
  pool: PoolClient,
  number: number,
  account: string,
  words: Words,
): Promise<BallotForm> {
  const proposal = await pool.proposal(number, account);
  const { title, revision, ballotKind, ballotWords, highestScore, credits, secrecy } = proposal;
  const ratifying = proposal.state === "ratifying";
  return {
    number,
    revision,
    heading: filled(words.gov_title, { number: String(number), title }),
    ballotKind: ratifying ? "yes-no" : ballotKind,
    howTo: ballotWords,
    secrecy: secrecy.words,
    options: proposal.options.map(({ id, title }) => ({ id, title })),
    highestScore,
    credits,
  };
}

/** Casts what the page's form says; the receipt is for the voter alone. */
export async function castBallot(
  context: CommandContext,
  { number, revision, choice, reason }: Type.Static<typeof BallotPost>,
): Promise<Outcome> {
  const receipt = await context.pool.vote(number, {
    actor: actorOf(context),
    eventId: context.requestKey,
    revision,
    choice,
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
  });
  return privately(receiptCard(receipt, wordsOf(context)));
}

/** The form of a kind of proposal; null where there is no such kind. Throws PoolError. */
export async function kindFormOf(pool: PoolClient, name: string): Promise<KindForm | null> {
  const { kinds } = await pool.kinds();
  const kind = kinds.find((one) => one.kind === name);
  if (kind === undefined) return null;
  const { title, words, needs, fields } = kind;
  return { kind: name, title, words, needs, fields };
}

/** What a field of such a form offers. Throws PoolError. */
export async function choicesOf(
  pool: PoolClient,
  asked: Type.Static<typeof ChoicesQuery>,
  place: { readonly community: string; readonly room: string },
) {
  const text = asked.text ? { text: asked.text } : {};
  const of = asked.of ? { of: asked.of } : {};
  return pool.choices({ type: asked.type, ...text, ...of, ...place });
}

/** Proposes what the page's form says; everybody sees the card. */
export async function proposeFrom(
  context: CommandContext,
  { kind, fields, reason }: Type.Static<typeof ProposePost>,
): Promise<Outcome> {
  const given = Object.entries(fields)
    .map(([name, value]) => [name, value.trim()] as const)
    .filter(([, value]) => value !== "");
  const proposal = await context.pool.propose({
    actor: actorOf(context),
    requestKey: context.requestKey,
    place: placeOf(context),
    kind,
    fields: withAccounts(Object.fromEntries(given), namesOf(context)),
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
  });
  return published(context, proposal);
}
