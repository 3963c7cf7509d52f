// A door's worth of people in a process of its own, so that it can be killed: asks at a steady rate, follows
// every answer to its end, and after a restart takes up what the journal says is open.
import { setTimeout as delay } from "node:timers/promises";
import { type PoolClient, poolClient } from "../../bot/pool/client.ts";
import { PoolError } from "../../bot/pool/errors.ts";
import type { AskRequest } from "../../protocol/wire/http.ts";
import { type Chance, chance } from "./chance.ts";
import { note, readJournal } from "./journal.ts";

/** What the process is told, and what it says. */
export type LoadOrder = { readonly rate: number };
export interface LoadReport {
  readonly askedAt: number;
  readonly at: number;
  readonly answered: boolean;
}

/** Questions without an end yet, above which nobody asks: the load is bounded whatever breaks. */
const MOST_OPEN = 400;
/** Of a thousand people, so many press Stop while they wait. */
const STOPPED_PER_THOUSAND = 30;
/** Between tries while the pool does not answer. */
const FIRST_GAP_MS = 200;
const LONGEST_GAP_MS = 2000;

const env = process.env as Record<string, string>;
const journal = env.JOURNAL as string;
const client = poolClient({
  url: env.API_URL as string,
  serviceToken: env.SERVICE_TOKEN as string,
});
const random = chance(Number(env.SEED) + process.pid);
let rate = Number(env.RATE);
/** No two processes of this kind begin in the same millisecond: one follows the other. */
const born = Date.now();
let open = 0;
let number = 0;

process.on("message", (order: LoadOrder) => {
  rate = order.rate;
});
// The driver is gone: nobody would stop this process.
process.on("disconnect", () => process.exit());

for (const question of readJournal(journal).values()) {
  if (question.told.length > 0 || question.refused !== null) continue;
  const { key, prompt, askedAt } = question;
  void person(client, random, { key, prompt, askedAt }, question.acknowledged.at(-1)?.id ?? null);
}
process.send?.({ ready: true });
let due = Date.now();
for (;;) {
  await delay(rate === 0 ? 50 : Math.max(0, due - Date.now()));
  if (rate === 0) {
    due = Date.now();
    continue;
  }
  // After a standstill nothing is made up for.
  due = Math.max(due, Date.now() - 1000) + 1000 / rate;
  if (open >= MOST_OPEN) continue;
  const key = `${born}-${number++}`;
  const words = Array.from({ length: 3 + random.below(8) }, () => `w${random.below(10_000)}`);
  const question = { key, prompt: `${key} ${words.join(" ")}`, askedAt: Date.now() };
  note(journal, { is: "asked", key, prompt: question.prompt, at: question.askedAt });
  void person(client, random, question, null);
}

/** One person with one question, from asking to the end. */
async function person(
  pool: PoolClient,
  dice: Chance,
  question: { key: string; prompt: string; askedAt: number },
  known: string | null,
): Promise<void> {
  const { key, prompt, askedAt } = question;
  open++;
  try {
    const id = known ?? (await ask(pool, key, prompt));
    if (id === null) return;
    if (dice.below(1000) < STOPPED_PER_THOUSAND) void stopSoon(pool, dice, id, memberOf(key));
    let shown: string | null = null;
    for await (const { event, data } of pool.events(id)) {
      if (event === "started") shown = "";
      if (event === "text") shown = (shown ?? "").slice(0, data.offset) + data.text;
      if (event !== "end") continue;
      const answer = data.answer?.text ?? null;
      const notice = data.notice?.message ?? null;
      const at = Date.now();
      note(journal, { is: "told", key, id, state: data.state, answer, shown, notice, at });
      const report: LoadReport = { askedAt, at, answered: data.state === "done" };
      process.send?.(report);
    }
  } catch (error) {
    if (!(error instanceof PoolError)) throw error;
    note(journal, { is: "refused", key, code: error.code, words: error.message });
  } finally {
    open--;
  }
}

/** Asks until the pool has taken the question: the same key is the same question. Null when it was refused. */
async function ask(pool: PoolClient, key: string, prompt: string): Promise<string | null> {
  const n = personOf(key);
  const request: AskRequest = {
    community: `community-${n % 10}`,
    member: memberOf(key),
    room: `room-${n % 50}`,
    requestKey: key,
    prompt,
    // Whoever would rather wait than hear that nobody is there.
    options: { wait: n % 4 !== 0 },
  };
  for (let gapMs = FIRST_GAP_MS; ; gapMs = Math.min(gapMs * 2, LONGEST_GAP_MS)) {
    try {
      const { id } = await pool.ask(request);
      note(journal, { is: "acknowledged", key, id, at: Date.now() });
      return id;
    } catch (error) {
      if (!(error instanceof PoolError)) throw error;
      if (!error.transient) {
        note(journal, { is: "refused", key, code: error.code, words: error.message });
        return null;
      }
    }
    await delay(gapMs);
  }
}

async function stopSoon(pool: PoolClient, dice: Chance, id: string, member: string): Promise<void> {
  await delay(dice.below(500));
  // Pressed once; a person whose press got lost reads the answer after all.
  await pool.cancel(id, member).catch(() => {});
}

/** The same person in the same room however often a question is tried. */
function personOf(key: string): number {
  return Number(key.split("-")[1]) % 1000;
}

function memberOf(key: string): string {
  return `member-${personOf(key)}`;
}
