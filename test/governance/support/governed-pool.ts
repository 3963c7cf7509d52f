import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import pg from "pg";
import type { ApiSettings } from "../../../config/settings.ts";
import type {
  BallotReceipt,
  ChoiceInput,
  GovernanceEvent,
  ProposalView,
} from "../../../protocol/wire/governance.ts";
import type { Actor } from "../../../protocol/wire/policy.ts";
import { TestPool } from "../../api/support/pool.ts";
import { type Service, startPostgres } from "../../support/services.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const STEWARDS = ["discord:ada", "discord:ben"] as const;

/** A pool whose database tells the time the test says: `pool_now()` is what every deadline is compared with. */
export class GovernedPool {
  readonly postgres: Service;
  readonly pool: TestPool;
  readonly sql: pg.Client;
  /** Null: the pool keeps its queue in its records. */
  readonly redisUrl: string | null;

  constructor(postgres: Service, pool: TestPool, sql: pg.Client, redisUrl: string | null) {
    this.postgres = postgres;
    this.pool = pool;
    this.sql = sql;
    this.redisUrl = redisUrl;
  }

  /** `members`: admitted in the founding period, so that they have standing at once. */
  static async start(
    members: readonly string[] = [],
    settings: Partial<ApiSettings> = {},
    governanceMs = 20,
  ): Promise<GovernedPool> {
    const postgres = await startPostgres();
    const pool = await TestPool.start(
      { databaseUrl: postgres.url, poolModerators: [...STEWARDS], ...settings },
      { limits: { governanceMs } },
    );
    const sql = new pg.Client(postgres.url);
    await sql.connect();
    await stopTheClock(sql);
    const governed = new GovernedPool(postgres, pool, sql, settings.redisUrl ?? null);
    await governed.admit(members);
    return governed;
  }

  /** Members with standing; the rules' own way takes months, and has a test of its own. */
  async admit(accounts: readonly string[]): Promise<void> {
    await Promise.all(
      accounts.map((account) =>
        this.pool.get(`/v1/governance/me?account=${encodeURIComponent(account)}`),
      ),
    );
    await this.sql.query(
      `insert into member (person_id, since, votes_from, how)
       select person_id, pool_now() - $2, pool_now(), 'admitted' from account where account = any($1::text[])`,
      [accounts, 60 * DAY],
    );
  }

  async now(): Promise<number> {
    const { rows } = await this.sql.query<{ now: string }>("select pool_now() as now");
    return Number(rows[0]?.now);
  }

  async advance(ms: number): Promise<void> {
    await this.sql.query("update test_clock set at = at + $1", [ms]);
  }

  post(path: string, body: unknown): Promise<{ status: number; body: unknown }> {
    return this.pool.post(path, body);
  }

  /** Proposes and expects it made. */
  async propose(
    kind: string,
    fields: Record<string, string>,
    account: string = STEWARDS[0],
  ): Promise<ProposalView> {
    const { status, body } = await this.post("/v1/proposals", request(kind, fields, account));
    assert.equal(status, 201, JSON.stringify(body));
    return body as ProposalView;
  }

  /** Proposes with as many backers as it needs: talk has begun. */
  async proposeBacked(
    kind: string,
    fields: Record<string, string>,
    backers: readonly string[],
  ): Promise<ProposalView> {
    let view = await this.propose(kind, fields, backers[0]);
    for (const account of backers.slice(1)) {
      if (view.state !== "seeking-sponsors") break;
      view = await this.act(view.number, "sponsors", account);
    }
    assert.equal(view.state, "talk");
    return view;
  }

  async act(number: number, what: string, account: string): Promise<ProposalView> {
    const { status, body } = await this.post(`/v1/proposals/${number}/${what}`, {
      actor: actor(account),
    });
    assert.equal(status, 200, JSON.stringify(body));
    return body as ProposalView;
  }

  async vote(
    number: number,
    account: string,
    choice: ChoiceInput | string,
    more: { eventId?: string; reason?: string; revision?: number } = {},
  ): Promise<BallotReceipt> {
    const { status, body } = await this.tryVote(number, account, choice, more);
    assert.equal(status, 200, JSON.stringify(body));
    return body as BallotReceipt;
  }

  tryVote(
    number: number,
    account: string,
    choice: ChoiceInput | string,
    more: { eventId?: string; reason?: string; revision?: number } = {},
  ): Promise<{ status: number; body: unknown }> {
    return this.post(`/v1/proposals/${number}/ballots`, {
      actor: actor(account),
      eventId: more.eventId ?? randomUUID(),
      choice: typeof choice === "string" ? { text: choice } : choice,
      ...(more.reason === undefined ? {} : { reason: more.reason }),
      ...(more.revision === undefined ? {} : { revision: more.revision }),
    });
  }

  view(number: number, account?: string): Promise<ProposalView> {
    const query = account === undefined ? "" : `?account=${encodeURIComponent(account)}`;
    return this.pool.get(`/v1/proposals/${number}${query}`);
  }

  /** Waits for the round that brings a proposal into a state; times do the rest. */
  async reach(number: number, state: ProposalView["state"]): Promise<ProposalView> {
    let view = await this.view(number);
    await this.pool.until(async () => {
      view = await this.view(number);
      return view.state === state;
    });
    return view;
  }

  /** From talk to the first moment of voting. */
  async openVote(number: number): Promise<ProposalView> {
    const { times } = await this.view(number);
    await this.advance(times.talkUntil - (await this.now()));
    return this.reach(number, "voting");
  }

  /** To the first moment after the close. */
  async closeVote(number: number): Promise<void> {
    const { times } = await this.view(number);
    await this.advance((times.ratifyUntil ?? times.voteUntil) - (await this.now()));
    await this.pool.until(async () => {
      const { state } = await this.view(number);
      return state !== "counting" && state !== "voting";
    });
  }

  async events(): Promise<GovernanceEvent[]> {
    const all: GovernanceEvent[] = [];
    for (;;) {
      const after = all.at(-1)?.id ?? 0;
      const { events } = await this.pool.get<{ events: GovernanceEvent[] }>(
        `/v1/governance/events?after=${after}&limit=200`,
      );
      if (events.length === 0) return all;
      all.push(...events);
    }
  }

  /** Gives a person a node that has done accepted work, so that they have a seat among the producers. */
  async produce(account: string, credits: number): Promise<void> {
    const now = await this.now();
    const key = `SHA256:${account.replace(/[^A-Za-z0-9]/g, "").padEnd(43, "x")}`;
    await this.sql.query(
      `insert into node (key_id, public_key, name, enrolled_at, last_seen_at, online, slots, models, fetches)
       values ($1, '', $2, $3, $3, false, 0, '[]', '[]')`,
      [key, account, now - 40 * DAY],
    );
    await this.sql.query(
      "insert into node_owner (node_key, person_id, since) select $1, person_id, $3 from account where account = $2",
      [key, account, now],
    );
    await this.sql.query(
      "insert into credit (job_id, node_key, amount, created_at) values ($1, $2, $3, $4)",
      [randomUUID(), key, credits, now],
    );
  }

  async close(): Promise<void> {
    await this.sql.end();
    await this.pool.close();
    await this.postgres.stop();
  }
}

/** From now on the database's time moves only when a test moves it. */
export async function stopTheClock(sql: pg.Client): Promise<void> {
  await sql.query(`
    create table test_clock (at bigint not null);
    insert into test_clock select pool_now();
    create or replace function pool_now() returns bigint language sql volatile as $$ select at from test_clock $$`);
}

export function actor(account: string, moderator = false): Actor {
  return { account, moderator, roles: [], community: "c" };
}

export function request(kind: string, fields: Record<string, string>, account: string) {
  return {
    actor: actor(account),
    requestKey: randomUUID(),
    place: { community: "c", room: "r" },
    kind,
    fields,
    reason: "because",
  };
}

/** The code of an error answer. */
export function codeOf({ body }: { body: unknown }): string | undefined {
  return (body as { error?: { code: string } }).error?.code;
}
