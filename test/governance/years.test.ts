// After years of decisions: what every round and every card asks of the records is found by an index, not by reading
// all there ever was.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { CompiledQuery, type LogEvent, sql } from "kysely";
import { adoptAtFounding, currentRules } from "../../api/governance/constitution/book.ts";
import { Suspensions } from "../../api/governance/emergencies/suspensions.ts";
import { eventsAfter } from "../../api/governance/events/feed.ts";
import { NewsDesk } from "../../api/governance/events/news-desk.ts";
import type { GovernanceParts } from "../../api/governance/parts.ts";
import { governanceData } from "../../api/governance/people/data.ts";
import { meView } from "../../api/governance/people/me.ts";
import { vouch } from "../../api/governance/people/membership.ts";
import { mergeVoters } from "../../api/governance/people/merge.ts";
import { listProposals } from "../../api/governance/proposals/list.ts";
import { previewProposal } from "../../api/governance/proposals/preview.ts";
import { viewProposal } from "../../api/governance/proposals/view.ts";
import { tend } from "../../api/governance/tend.ts";
import { makeLinkCode } from "../../api/members/links.ts";
import { personOf } from "../../api/members/person.ts";
import { openRecords, type Records } from "../../api/storage/open.ts";
import { type Service, startPostgres } from "../support/services.ts";
import { actor, request } from "./support/governed-pool.ts";
import { BUSIEST, fillYears } from "./support/years.ts";

/** Tables that only grow. */
const GROWING =
  /Seq Scan on (account|backing|ballot|ballot_log|emergency|governance_event|member|person|poll_result|proposal|proposal_option|proposal_place|roll|vouch)\b/;
const YEARS = { persons: 20_000, proposals: 1_500, open: 20, voters: 15, events: 15_000 };

describe("a pool with years of decisions", () => {
  let postgres: Service;
  let records: Records;
  let statements: LogEvent[] = [];
  before(async () => {
    postgres = await startPostgres();
    records = await openRecords(postgres.url, "", assert.fail, (event) => {
      statements.push(event);
    });
    await adoptAtFounding(records.db);
    await fillYears(records, YEARS);
  });
  after(async () => {
    await records?.close();
    await postgres?.stop();
  });

  /** Explains every statement that `act` makes. `unless`: what may read all. */
  const byIndex = async (act: () => Promise<unknown>, unless = /^$/) => {
    statements = [];
    await act();
    const made = new Map(statements.map(({ query }) => [query.sql, query.parameters]));
    assert(made.size > 0, "nothing was asked");
    for (const [text, parameters] of made) {
      if (!/^\s*(select|with|update|delete)/i.test(text) || unless.test(text)) continue;
      const explain = CompiledQuery.raw(`explain ${text}`, [...parameters]);
      const { rows } = await records.db.executeQuery<{ "QUERY PLAN": string }>(explain);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      assert.doesNotMatch(plan, GROWING, `${text}\n${plan}`);
    }
  };
  const parts = () => {
    const ctx = { db: records.db, random: randomBytes, secrets: {} };
    const book = { all: async () => [], resolve: async () => null };
    return { ctx, book, rights: { poolModerators: [] } } as unknown as GovernanceParts;
  };

  it("lists and shows its proposals by an index", async () => {
    const { db } = records;
    await byIndex(() => listProposals(db, {}));
    await byIndex(() => listProposals(db, { state: "all" }));
    await byIndex(() => listProposals(db, { state: "all", before: 700 }));
    await byIndex(() => viewProposal(parts().ctx, 700, BUSIEST));
    await byIndex(() => viewProposal(parts().ctx, YEARS.proposals, BUSIEST));
    const { length } = await listProposals(db, {});
    assert.equal(length, 33, "those not closed, and those about to take effect");
  });

  it("goes its rounds and hands out its news by an index", async () => {
    await byIndex(() => tend(parts()));
    await byIndex(() => tend(parts()));
    await byIndex(() => eventsAfter(records.db, 14_900, 50));
    await byIndex(() => new Suspensions(records.db).load());
    const desk = new NewsDesk(records.db);
    const heard = desk.wait(1, 60_000);
    await byIndex(() => desk.look());
    await heard;
  });

  it("knows its people by an index", async () => {
    const { db } = records;
    const me = (account: string) =>
      byIndex(() => db.transaction().execute((trx) => meView(trx, account)));
    await me(BUSIEST);
    await me("discord:p500");
    await me("discord:new");
    await byIndex(() => makeLinkCode(parts().ctx, "discord:p500"));
    const rules = await currentRules(db);
    await byIndex(
      () =>
        db
          .transaction()
          .execute((trx) =>
            vouch(trx, rules, actor("discord:p500"), "discord:newer", [], Date.now()),
          ),
      /limit \$\d$/,
    );
    const person = (account: string) =>
      db.transaction().execute((trx) => personOf(trx, account, 0));
    const [keep, gone] = [await person("discord:p600"), await person("discord:p601")];
    // Stewards act seldom: their acts are read through.
    await byIndex(() => governanceData(db, keep, ["discord:p600"]), /from "emergency"/);
    await byIndex(() => db.transaction().execute((trx) => mergeVoters(trx, keep, gone, 0)));
  });

  it("writes the roll of a proposal in one statement", async () => {
    statements = [];
    const card = await previewProposal(parts(), request("quota", { per_day: "77" }, BUSIEST));
    const { rows } = await sql<{ n: number }>`select count(*)::integer as n from member`.execute(
      records.db,
    );
    assert.equal(card.houses[0]?.size, rows[0]?.n);
    const rolls = statements.filter(({ query }) => /insert into roll/.test(query.sql));
    assert.equal(rolls.length, 1);
  });
});
