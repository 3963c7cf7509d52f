import type Type from "typebox";
import {
  BallotReceipt,
  type BallotRequest,
  ChoicesView,
  EmergenciesView,
  type EmergencyRequest,
  EmergencyView,
  EventsView,
  type FormValues,
  KindsView,
  LinkCode,
  LinkOutcome,
  MeView,
  type Place,
  type PollRequest,
  ProposalsView,
  ProposalView,
  type ProposeRequest,
  ReminderView,
  RulesView,
  VouchOutcome,
} from "../../protocol/wire/governance.ts";
import type { Actor } from "../../protocol/wire/policy.ts";
import { query, type Transport } from "./transport.ts";

/** Proposals, ballots, rules, people: the calls of protocol/wire/governance.ts. */
export interface GovernanceCalls {
  kinds(): Promise<Type.Static<typeof KindsView>>;
  choices(asked: {
    type: string;
    text?: string;
    community?: string;
    room?: string;
    of?: string;
  }): Promise<Type.Static<typeof ChoicesView>>;
  propose(request: ProposeRequest): Promise<ProposalView>;
  poll(request: PollRequest): Promise<ProposalView>;
  proposals(asked?: { state?: "open" | "all"; text?: string }): Promise<ProposalsView>;
  /** With `account`, what holds for that person too. */
  proposal(number: number, account?: string): Promise<ProposalView>;
  /** `back`, `withdraw` and `hold`: the actor is all they need. */
  actOn(number: number, act: "sponsors" | "withdraw" | "hold", actor: Actor): Promise<ProposalView>;
  /** Against what would pass by consent; with enough objections it is voted on. */
  objectTo(number: number, actor: Actor, reason: string): Promise<ProposalView>;
  addOption(number: number, actor: Actor, fields: Fields): Promise<ProposalView>;
  editProposal(
    number: number,
    actor: Actor,
    fields: Fields,
    reason?: string,
  ): Promise<ProposalView>;
  /** Says where a card of it stands, so that the pool's events name the place. */
  placeProposal(number: number, place: Place): Promise<ProposalView>;
  vote(number: number, request: BallotRequest): Promise<BallotReceipt>;
  withdrawBallot(number: number, actor: Actor, eventId: string): Promise<BallotReceipt>;
  /** Everything needed to recount a closed poll, as the bytes of a file. */
  exportProposal(number: number): Promise<Uint8Array>;
  rules(): Promise<RulesView>;
  standing(account: string): Promise<MeView>;
  linkCode(actor: Actor): Promise<LinkCode>;
  redeemLink(actor: Actor, code: string): Promise<LinkOutcome>;
  unlink(actor: Actor, account?: string): Promise<LinkOutcome>;
  vouch(actor: Actor, account: string): Promise<Type.Static<typeof VouchOutcome>>;
  remind(actor: Actor, on: boolean): Promise<Type.Static<typeof ReminderView>>;
  emergencies(): Promise<Type.Static<typeof EmergenciesView>>;
  emergency(request: Type.Static<typeof EmergencyRequest>): Promise<EmergencyView>;
  secondEmergency(id: string, actor: Actor): Promise<EmergencyView>;
  /** What happened since this door last said so; waits up to 10 s for something. */
  governanceEvents(door: string, signal: AbortSignal): Promise<Type.Static<typeof EventsView>>;
  eventsSeen(door: string, upTo: number): Promise<void>;
}

type Fields = Type.Static<typeof FormValues>;

export function governanceCalls(line: Transport): GovernanceCalls {
  const one = (number: number, part = "") => `/v1/proposals/${number}${part}`;
  return {
    kinds: () => line.get("/v1/governance/kinds", KindsView),
    choices: (asked) => line.get(`/v1/governance/choices${query(asked)}`, ChoicesView),
    propose: (request) => line.send("POST", "/v1/proposals", ProposalView, request),
    poll: (request) => line.send("POST", "/v1/polls", ProposalView, request),
    proposals: (asked = {}) => line.get(`/v1/proposals${query(asked)}`, ProposalsView),
    proposal: (number, account) => line.get(one(number) + query({ account }), ProposalView),
    actOn: (number, act, actor) =>
      line.send("POST", one(number, `/${act}`), ProposalView, { actor }),
    objectTo: (number, actor, reason) =>
      line.send("POST", one(number, "/objections"), ProposalView, { actor, reason }),
    addOption: (number, actor, fields) =>
      line.send("POST", one(number, "/options"), ProposalView, { actor, fields }),
    editProposal: (number, actor, fields, reason) =>
      line.send("POST", one(number, "/edit"), ProposalView, {
        actor,
        fields,
        ...(reason === undefined ? {} : { reason }),
      }),
    placeProposal: (number, place) =>
      line.send("POST", one(number, "/places"), ProposalView, { place }),
    vote: (number, request) => line.send("POST", one(number, "/ballots"), BallotReceipt, request),
    withdrawBallot: (number, actor, eventId) =>
      line.send("POST", one(number, "/ballots/withdraw"), BallotReceipt, { actor, eventId }),
    async exportProposal(number) {
      return new Uint8Array(await (await line.open(one(number, "/export"))).arrayBuffer());
    },
    rules: () => line.get("/v1/rules", RulesView),
    standing: (account) => line.get(`/v1/governance/me${query({ account })}`, MeView),
    linkCode: (actor) => line.send("POST", "/v1/links", LinkCode, { actor }),
    redeemLink: (actor, code) =>
      line.send("POST", "/v1/links/redeem", LinkOutcome, { actor, code }),
    unlink: (actor, account) =>
      line.send("POST", "/v1/links/unlink", LinkOutcome, {
        actor,
        ...(account === undefined ? {} : { account }),
      }),
    vouch: (actor, account) =>
      line.send("POST", "/v1/members/vouches", VouchOutcome, { actor, account }),
    remind: (actor, on) =>
      line.send("PUT", "/v1/governance/reminders", ReminderView, { actor, on }),
    emergencies: () => line.get("/v1/emergencies", EmergenciesView),
    emergency: (request) => line.send("POST", "/v1/emergencies", EmergencyView, request),
    secondEmergency: (id, actor) =>
      line.send("POST", `/v1/emergencies/${encodeURIComponent(id)}/second`, EmergencyView, {
        actor,
      }),
    governanceEvents: (door, signal) =>
      line.get(`/v1/governance/events${query({ door, wait: "10000" })}`, EventsView, signal),
    async eventsSeen(door, upTo) {
      const init = { method: "POST", body: JSON.stringify({ door, upTo }) };
      await (await line.open("/v1/governance/events/seen", init)).text();
    },
  };
}
