import assert from "node:assert/strict";
import type { EmergencyView, ProposalView } from "../../protocol/wire/governance.ts";
import { about, capture, tallyForms } from "../governance/support/captured.ts";
import { DAY, type GovernedPool, HOUR } from "../governance/support/governed-pool.ts";
import type { Assembly } from "./governance-doors.ts";

/** People of the pool who sit in no room of the story; they vote by the pool's own door. */
export const OTHERS = ["discord:1001", "discord:1002", "matrix:@eve:example.org"] as const;
const [dan, , eve] = OTHERS;

/**
 * One decision after another, told by what everybody in the room reads: a rule is amended so that both houses
 * decide on models; a model is proposed away, talked over, edited, voted out by both, refused after the lock, and
 * taken back; two stewards suspend a node, and it lapses; they suspend it for more, and that is ratified; a member is elected steward. Returns what was read, without names, dates and digests.
 */
export async function decideTogether(assembly: Assembly, pool: GovernedPool): Promise<string[]> {
  const [ada, ben] = assembly.people;
  const told: string[] = [];
  const heard = async (pattern: RegExp) => {
    const text = await assembly.hears(pattern).catch((cause: unknown) => {
      const last = assembly.read().slice(-4);
      throw new Error(`nobody heard ${pattern}; last: ${JSON.stringify(last)}`, { cause });
    });
    told.push(worn(pattern.exec(text)?.[0] ?? ""));
    return text;
  };
  const propose = async (line: string): Promise<ProposalView> => {
    const { proposals } = await pool.pool.get<{ proposals: { number: number }[] }>(
      "/v1/proposals?state=all",
    );
    const number = (proposals[0]?.number ?? 0) + 1;
    await ada.write(line);
    await heard(new RegExp(`Proposal ${number}: [^\\n]*`));
    await ben.write(`/proposal ${number} back`);
    for (const other of OTHERS) {
      if ((await pool.view(number)).state !== "seeking-sponsors") break;
      await pool.act(number, "sponsors", other).catch(() => {});
    }
    await heard(new RegExp(`Proposal ${number} has the backing it needs`));
    return pool.reach(number, "talk");
  };
  const decide = async (number: number, others = "yes") => {
    await pool.openVote(number);
    await heard(new RegExp(`Voting on proposal ${number} is open`));
    await ada.write(`/vote ${number} yes | I want it`);
    await assembly.hears(new RegExp(`Your ballot in proposal ${number}`), "private");
    await ben.write(`/vote ${number} no`);
    for (const other of OTHERS) await pool.vote(number, other, others);
    await pool.pool.until(async () => (await ballotsOf(pool, number)) === 5);
    // Ada takes her ballot back, and votes again after all.
    await ada.write(`/vote ${number} withdraw`);
    await pool.pool.until(async () => (await ballotsOf(pool, number)) === 4);
    await ada.write(`/vote ${number} yes`);
    await pool.pool.until(async () => (await ballotsOf(pool, number)) === 5);
    await assertSealed(assembly, pool, number);
    await pool.closeVote(number);
    await heard(new RegExp(`Proposal ${number}: Members: \\d+ of \\d+ voted[^\\n]*`));
  };
  const inEffect = async (number: number) => {
    const { times } = await pool.view(number);
    await pool.advance((times.effectAt as number) - (await pool.now()));
    await heard(new RegExp(`Proposal ${number} is in effect now`));
  };

  const rule = await propose(
    '/propose amend rule=/types/model.allowlist/house value=["members","producers"] | Machines say it too',
  );
  await decide(rule.number);
  await inEffect(rule.number);

  const [model] = await pool.pool.models();
  assert(model);
  const away = await propose(`/propose model.remove model=${model.sha256} | It is slow`);
  assert.deepEqual(
    away.houses.map(({ house }) => house),
    ["members", "producers"],
  );
  await ada.write(`/proposal ${away.number} edit model=${model.sha256} | It is slow and old`);
  await heard(new RegExp(`Proposal ${away.number} was edited \\(revision 2\\)`));
  await decide(away.number);
  await ada.write("/ask Still there during the lock?");
  await assembly.hears(/Echo: Still there/);
  await inEffect(away.number);
  await ada.write(`/ask --model ${model.sha256} After the lock?`);
  await pool.pool.until(async () => (await refusedAsk(pool, model.sha256)) >= 400);

  const back = await propose(`/propose revert ${away.number}`);
  await decide(back.number);
  await heard(new RegExp(`Proposal ${away.number} was reverted`));
  assert.equal((await pool.reach(away.number, "reverted")).state, "reverted");
  await ada.write("/ask And again?");
  await assembly.hears(/Echo: And again/);

  await ada.write("/emergency node helper | It answers nonsense");
  const card = await heard(/Waiting for a second steward/);
  const id = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(card)?.[0] as string;
  await ben.write(`/emergency second ${id}`);
  await heard(/suspended the node helper until/);
  await heard(/Proposal \d+: Keep[^\n]*|Proposal \d+: [^\n]*helper[^\n]*/);
  await pool.advance(72 * HOUR);
  await heard(/The suspension is over for the node helper[^\n]*/);
  await pool.advance(DAY);

  // Other facts: this time the members want it to stay.
  await ada.write("/emergency node helper | It leaks prompts");
  await assembly.hears(/It leaks prompts/);
  const { id: leak } = await actOf(pool, "awaiting-second");
  await ben.write(`/emergency second ${leak}`);
  await heard(/suspended the node helper until [^:]*:\d\d UTC: It leaks prompts/);
  const { proposal: kept } = await actOf(pool, "in-force");
  assert(kept);
  await heard(new RegExp(`Proposal ${kept}: [^\\n]*helper[^\\n]*`));
  await pool.reach(kept, "voting");
  for (const person of [ada, ben]) await person.write(`/vote ${kept} yes`);
  for (const other of OTHERS) await pool.vote(kept, other, "yes");
  await pool.pool.until(async () => (await ballotsOf(pool, kept)) === 5);
  await pool.closeVote(kept);
  await heard(/Members keep the node helper suspended[^\n]*/);
  await pool.advance(100 * HOUR);
  assert.equal((await actOf(pool, "ratified")).id, leak);

  // The stewards have been the founders; now the members add one of their own.
  const office = await propose(`/propose steward.elect member=${dan} | Somebody awake at night`);
  assert.equal(office.secrecy.level, "sealed");
  await pool.openVote(office.number);
  for (const person of [ada, ben]) await person.write(`/vote ${office.number} yes`);
  for (const other of OTHERS) await pool.vote(office.number, other, "yes");
  await pool.pool.until(async () => (await ballotsOf(pool, office.number)) === 5);
  await pool.closeVote(office.number);
  await heard(new RegExp(`Proposal ${office.number} is in effect now`));
  const { stewards } = await pool.pool.get<{ stewards: { accounts: string[] }[] }>(
    "/v1/governance/stewards",
  );
  assert(stewards.some(({ accounts }) => accounts.includes(dan)));

  assert.equal((await pool.view(rule.number, dan)).state, "in-effect");
  assert.equal((await pool.view(rule.number, eve)).mine?.ballot?.state, "counts");
  return told;
}

/**
 * Before the close nobody finds how a sealed vote stands, four to one: not in what the room reads, nor in any answer
 * of the pool, its log, its records, or what a monitor sees.
 */
async function assertSealed(assembly: Assembly, pool: GovernedPool, number: number) {
  const read = assembly
    .read()
    .flatMap(({ text }) => (text.includes(`roposal ${number}`) ? [text] : []));
  assert(read.length > 0);
  const { rows } = await pool.sql.query<{ id: string }>(
    "select id from proposal where number = $1 and sealed",
    [number],
  );
  const everybody = [...assembly.people.map(({ account }) => account), ...OTHERS];
  const captured = await capture(pool, number, everybody);
  const found = about(captured, number, rows[0]?.id as string);
  assert(found.length > 20, `${found.length} lines about proposal ${number}`);
  for (const text of [...read, ...found]) {
    // What the rule asks for is no count.
    const rest = text.replace(/\d+ for every \d+ against|\d+ ballots? for it/g, "<rule>");
    for (const form of tallyForms(4, 1)) assert.doesNotMatch(rest, form);
  }
  assert(!captured.metrics.some((line) => /tally|winner|option|choice/i.test(line)));
}

async function actOf(pool: GovernedPool, state: EmergencyView["state"]): Promise<EmergencyView> {
  const { emergencies } = await pool.pool.get<{ emergencies: EmergencyView[] }>("/v1/emergencies");
  const act = emergencies.find((each) => each.state === state);
  assert(act, `an act that is ${state}`);
  return act;
}

async function ballotsOf(pool: GovernedPool, number: number): Promise<number> {
  return (await pool.view(number)).houses[0]?.turnout ?? 0;
}

async function refusedAsk(pool: GovernedPool, model: string): Promise<number> {
  const { status } = await pool.post("/v1/jobs", {
    ...{ community: "c", member: dan, room: "r", requestKey: `${Math.random()}`, prompt: "now?" },
    options: { model },
  });
  return status;
}

/** What differs from run to run, taken out. */
function worn(text: string): string {
  return text
    .replace(/\d{1,2} \p{L}+ \d{4}(?: at \d\d:\d\d UTC)?/gu, "<date>")
    .replace(/[0-9a-f]{64}/g, "<digest>");
}
