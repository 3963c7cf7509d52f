import { randomUUID } from "node:crypto";
import type Type from "typebox";
import { valueParser } from "../../protocol/parse.ts";
import { InviteCreated, InviteRequest } from "../../protocol/wire/invites.ts";
import { Erased, Member, MemberData } from "../../protocol/wire/members.ts";
import {
  CommunityNodes,
  Failures,
  NodeStandings,
  Report,
  ReportHandled,
  ReportRequest,
  type Standing,
  StandingLift,
  StandingRequest,
  Waiting,
} from "../../protocol/wire/moderation.ts";
import {
  type Actor,
  POLICY_KEYS,
  Policy,
  PolicyChange,
  type PolicyEntry,
  policyKeys,
} from "../../protocol/wire/policy.ts";
import { SHA } from "./pool-fixtures.ts";

/** A refusal of the fake pool. */
export class FakeRefusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** An answer and the schema it is checked with. */
export interface FakeAnswer {
  readonly schema: Type.TSchema;
  readonly value: unknown;
}

/**
 * The community side of the fake pool: settings, members, nodes' standing, reports, invites. It decides rights as
 * the real one does, as far as doors can tell: whom the door vouches for as moderator may act.
 */
export class FakeCommunity {
  readonly entries = new Map<string, PolicyEntry>();
  member: Type.Static<typeof Member> = memberOf("discord:1");
  kept: MemberData = keptOf("discord:1");
  /** Accounts whose texts were erased. */
  readonly erasures: string[] = [];
  nodes: Type.Static<typeof CommunityNodes>["nodes"] = [nodeOf("maple", SHA.key)];
  waiting: Type.Static<typeof Waiting> = { total: 0, jobs: [] };
  failures: Type.Static<typeof Failures> = { total: 0, jobs: [] };
  readonly changes: Type.Static<typeof PolicyChange>[] = [];
  readonly reports: Type.Static<typeof Report>[] = [];
  readonly invites: Type.Static<typeof InviteRequest>[] = [];

  /** Sets what holds, as a moderator or a vote did earlier. */
  set(key: keyof typeof POLICY_KEYS, value: unknown, setBy: PolicyEntry["setBy"] = null): void {
    this.entries.set(key, {
      key,
      value,
      level: "community",
      setBy: setBy ?? { kind: "moderator", account: "discord:5" },
      setAt: 1_760_000_000_000,
      open: setBy?.kind !== "vote",
    });
  }

  /** Answers a request; null when it is about something else. */
  answer(method: string, path: string, body: unknown): FakeAnswer | null {
    const [, community = ""] = /^\/v1\/communities\/([^/?]+)\//.exec(path) ?? [];
    const at = (pattern: RegExp, verb = "GET") => verb === method && pattern.test(path);
    if (at(/\/policy(\?|$)/)) return { schema: Policy, value: this.#policy(community) };
    if (at(/\/policy$/, "PUT")) {
      return { schema: Policy, value: this.#change(decodeURIComponent(community), body) };
    }
    if (at(/^\/v1\/members\/[^/]+\/data$/)) return { schema: MemberData, value: this.kept };
    if (at(/^\/v1\/members\/[^/]+\/data$/, "DELETE")) {
      this.erasures.push(decodeURIComponent(path.split("/")[3] ?? ""));
      return { schema: Erased, value: { questions: 2, stopped: 1, message: "Erased." } };
    }
    if (at(/^\/v1\/members\//)) return { schema: Member, value: this.member };
    if (at(/\/nodes\?/)) {
      const mayDecide = path.includes("moderator=true");
      return { schema: CommunityNodes, value: { nodes: this.nodes, mayDecide } };
    }
    if (at(/\/waiting\?/)) {
      this.#require(path.includes("moderator=true"));
      return { schema: Waiting, value: this.waiting };
    }
    if (at(/\/failures\?/)) {
      this.#require(path.includes("moderator=true"));
      return { schema: Failures, value: this.failures };
    }
    if (/^\/v1\/nodes\/.+\/standing$/.test(path)) return this.#standing(method, path, body);
    const [, job] = /^\/v1\/jobs\/([^/]+)\/reports$/.exec(path) ?? [];
    if (job) return { schema: Report, value: this.#report(job, body) };
    const [, report] = /^\/v1\/reports\/([^/]+)\/handled$/.exec(path) ?? [];
    if (report) return { schema: Report, value: this.#handled(report, body) };
    if (at(/^\/v1\/invites$/, "POST")) return { schema: InviteCreated, value: this.#invite(body) };
    return null;
  }

  #policy(community: string): Policy {
    const entries = policyKeys.map(
      (key): PolicyEntry =>
        this.entries.get(key) ?? {
          key,
          value: POLICY_KEYS[key].fallback,
          level: "default",
          setBy: null,
          setAt: null,
          open: true,
        },
    );
    return { community: decodeURIComponent(community), room: null, entries };
  }

  #change(community: string, body: unknown): Policy {
    const change = valueParser(PolicyChange, "change")(body);
    this.#require(change.actor.moderator);
    for (const [key, value] of Object.entries(change.expected ?? {})) {
      const now = this.#policy(community).entries.find((entry) => entry.key === key)?.value;
      if (JSON.stringify(now) !== JSON.stringify(value)) {
        throw new FakeRefusal(409, "policy_stale", `Somebody has changed “${key}” meanwhile.`);
      }
    }
    this.changes.push(change);
    for (const [key, value] of Object.entries(change.changes)) {
      this.set(key as keyof typeof POLICY_KEYS, value, {
        kind: "moderator",
        account: change.actor.account,
      });
    }
    for (const key of change.unset ?? []) this.entries.delete(key);
    return this.#policy(community);
  }

  #standing(method: string, path: string, body: unknown): FakeAnswer {
    const keyId = decodeURIComponent(/nodes\/(.+)\/standing/.exec(path)?.[1] ?? "");
    const set = method === "PUT" ? valueParser(StandingRequest, "standing")(body) : null;
    const request = set ?? valueParser(StandingLift, "lift")(body);
    this.#require(request.actor.moderator);
    const node = this.nodes.find((one) => one.keyId === keyId);
    if (!node) throw new FakeRefusal(404, "node_unknown", "The pool has no such node.");
    const others = node.standings.filter(({ scope }) => scope !== request.scope);
    const standings: Type.Static<typeof Standing>[] =
      set !== null
        ? [
            ...others,
            {
              scope: request.scope,
              state: set.state,
              reason: set.reason,
              by: request.actor.account,
              at: 1_760_000_000_000,
              until: null,
            },
          ]
        : others;
    this.nodes = this.nodes.map((one) => (one.keyId === keyId ? { ...one, standings } : one));
    return { schema: NodeStandings, value: { keyId, name: node.name, standings, trust: [] } };
  }

  #report(jobId: string, body: unknown): Type.Static<typeof Report> {
    const { actor, reason } = valueParser(ReportRequest, "report")(body);
    const room = this.entries.get("report_room")?.value;
    const report = {
      id: randomUUID(),
      jobId,
      community: actor.community ?? "",
      room: "discord:100",
      reportRoom: typeof room === "string" ? room : null,
      receiptId: "k3xq7v2mfa",
      nodes: [{ keyId: SHA.key, name: "maple" }],
      account: actor.account,
      reason,
      at: 1_760_000_000_000,
      handledBy: null,
      handledAt: null,
    };
    this.reports.push(report);
    return report;
  }

  #handled(id: string, body: unknown): Type.Static<typeof Report> {
    const { actor } = valueParser(ReportHandled, "handled")(body);
    this.#require(actor.moderator);
    const at = this.reports.findIndex((one) => one.id === id);
    const report = this.reports[at];
    if (!report) throw new FakeRefusal(404, "report_unknown", "The pool has no such report.");
    const done = { ...report, handledBy: actor.account, handledAt: 1_760_000_100_000 };
    this.reports[at] = done;
    return done;
  }

  #invite(body: unknown): Type.Static<typeof InviteCreated> {
    const request = valueParser(InviteRequest, "invite")(body);
    if (!(request.actor as Actor | undefined)?.moderator) {
      throw new FakeRefusal(403, "invite_not_allowed", "Inviting machines is for moderators.");
    }
    this.invites.push(request);
    return {
      invite: {
        id: randomUUID(),
        state: "open",
        community: request.community ?? null,
        trust: request.trust ?? "open",
        owner: request.owner ?? null,
        createdBy: request.actor?.account ?? null,
        note: request.note ?? "",
        createdAt: 1_760_000_000_000,
        expiresAt: 1_760_600_000_000,
        usedAt: null,
        usedByNode: null,
        revokedAt: null,
      },
      text: `substrate1.${"a".repeat(120)}`,
      command: `npm run worker -- join substrate1.${"a".repeat(120)}`,
      warning: null,
    };
  }

  #require(moderator: boolean): void {
    if (moderator) return;
    throw new FakeRefusal(
      403,
      "not_moderator",
      "Only moderators of this place may do that. Ask one of them, or propose it to the members.",
    );
  }
}

export function nodeOf(name: string, keyId: string): FakeCommunity["nodes"][number] {
  return {
    keyId,
    name,
    online: true,
    trust: "open",
    standings: [],
    running: 1,
    lastDay: 14,
    lastSeenAt: 1_760_000_000_000,
  };
}

export function memberOf(account: string): Type.Static<typeof Member> {
  return {
    person: "0b29a1c2-0000-4000-8000-0000000000aa",
    accounts: [
      { account, firstSeenAt: 1_760_000_000_000, linkedAt: null },
      {
        account: "matrix:@ada:example.org",
        firstSeenAt: 1_760_000_000_000,
        linkedAt: 1_760_500_000_000,
      },
    ],
    quota: { limit: 20, bonus: 3, used: 5, left: 18, resetsAt: 1_760_054_400_000 },
    nodes: [
      {
        keyId: SHA.key,
        name: "maple",
        online: true,
        answers: 41,
        credits: 5210,
        lastDay: { answers: 3, credits: 320 },
      },
    ],
    credits: 5210,
  };
}

/** What is kept of somebody who asked one thing. */
export function keptOf(account: string): MemberData {
  const at = 1_760_000_000_000;
  return {
    person: "0b29a1c2-0000-4000-8000-0000000000aa",
    accounts: [account],
    exportedAt: at,
    complete: true,
    questions: [
      {
        id: "0b29a1c2-0000-4000-8000-000000000001",
        account,
        community: "discord:9",
        room: "discord:8",
        askedAt: at,
        state: "done",
        model: { sha256: SHA.model, name: "SmolLM2" },
        private: false,
        prompt: "What did I ask?",
        answer: { text: "This.", receiptId: "k3xq7v2mfa" },
        erasedAt: null,
      },
    ],
    reports: [],
    governance: {
      ...{ member: null, steward: null, links: [], linkCodes: [], reminders: null, vouches: [] },
      ...{ agents: [], proposals: [], options: [], backings: [], seats: [], emergencies: [] },
      ballots: { cast: [], named: [] },
    },
  };
}
