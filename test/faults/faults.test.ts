// The pool under load while its parts break, one after the other and together, with times shortened.
// SEED=… replays a mix; `npm run soak` is the long form.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { chance } from "./chance.ts";
import { FAULTS, type Fault, type FaultTimes } from "./faults.ts";
import { Fleet } from "./fleet.ts";
import { balances } from "./ledger.ts";

const seed = Number(process.env.SEED ?? 1);
const times: FaultTimes = { frozenMs: 1800, awayMs: 400 };
/** Times of a pool whose parts die more often than they should. */
const limits = {
  ...{ lockMs: 1500, renewMs: 400, stalledCheckMs: 300, pollMs: 100 },
  ...{ reconcileMs: 300, replicaDeadMs: 2000, placeMs: 200, presenceMs: 500 },
  ...{ pingMs: 300, silentMs: 1500, firstTextMs: 2500, nextTextMs: 2000, avoidMs: 300 },
};

describe(`a pool under load (seed ${seed})`, () => {
  const dice = chance(seed);
  let fleet: Fleet;
  before(async () => {
    // What breaks meets as many answers under way as at twice the rate and half the pace, for half the work.
    fleet = await Fleet.start({ seed, nodes: 40, rate: 15, paceMs: 40, silenceMs: 2500, limits });
  });
  after(() => fleet.close(process.env.KEEP !== undefined));

  /** Breaks things, then waits until people who ask afterwards are answered. */
  async function survives(...faults: readonly Fault[]): Promise<void> {
    await Promise.all(faults.map((fault) => fault.act(fleet, times)));
    await fleet.untilAnswered(8, Date.now());
  }

  for (const fault of FAULTS) {
    it(`goes on after: ${fault.name}`, async () => {
      await survives(fault);
      const { conduct } = fault;
      assert(conduct === undefined || fleet.misbehaviours(conduct) > 0, "bad nodes got no job");
    });
  }

  for (let i = 0; i < 2; i++) {
    const mix = [dice.pick(FAULTS), dice.pick(FAULTS)].filter(
      (fault, at, all) => all.indexOf(fault) === at,
    );
    it(`goes on after at once: ${mix.map((fault) => fault.name).join(", ")}`, () =>
      survives(...mix));
  }

  it("has lost nothing, answered nothing twice, credited rightly and told everybody", async (t) => {
    await fleet.settle(20_000);
    const ledger = await fleet.account();
    const { asked, acknowledged, ended } = ledger;
    t.diagnostic(JSON.stringify({ seed, asked, acknowledged, ended }));
    assert(acknowledged > asked / 2, `${acknowledged} of ${asked} were acknowledged`);
    assert(balances(ledger), JSON.stringify(ledger, null, 2));
    assert.deepEqual(fleet.surprises(), []);
  });
});
