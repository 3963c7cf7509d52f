import type { Database } from "../../storage/open.ts";
import type { Rules } from "../constitution/book.ts";
import { rulesOfVersion } from "../constitution/book.ts";
import { law } from "../constitution/words.ts";
import { DAY_MS } from "../time.ts";
import { type Said, say } from "../words/say.ts";

/** Where a pool stands between its first day and the rules' full force. */
export interface Founding {
  readonly over: boolean;
  readonly members: number;
  /** Over then at the latest. */
  readonly until: number;
}

/** Key of the news that the period is over. */
export const FOUNDING_OVER = "founding-over";

/** True from then on, without counting anybody: the pool has told that the period is over. */
export async function foundingTold(db: Database): Promise<boolean> {
  const told = await db
    .selectFrom("governance_event")
    .select("id")
    .where("key", "=", FOUNDING_OVER)
    .executeTakeFirst();
  return told !== undefined;
}

/** True where the rules hold in full. Cheaper than `foundingOf` once that has been told. */
export async function foundingOver(db: Database, rules: Rules, now: number): Promise<boolean> {
  return (await foundingTold(db)) || (await foundingOf(db, rules, now)).over;
}

/** Over once there were enough members or enough days have passed; it never begins again. */
export async function foundingOf(db: Database, rules: Rules, now: number): Promise<Founding> {
  const { untilMembers, untilDays } = rules.constitution.founding;
  const { members } = await db
    .selectFrom("member")
    .select((select) => select.fn.countAll<number>().as("members"))
    .executeTakeFirstOrThrow();
  const first = rules.version === 1 ? rules : await rulesOfVersion(db, 1);
  const until = (first?.adoptedAt ?? rules.adoptedAt) + untilDays * DAY_MS;
  const over = Number(members) >= untilMembers || now >= until || (await foundingTold(db));
  return { over, members: Number(members), until };
}

/** The period in one sentence. */
export function foundingWords({ over, members, until }: Founding, rules: Rules): Said {
  const { untilMembers, before } = rules.constitution.founding;
  return over
    ? say("founding_over")
    : say("founding_now", {
        have: members,
        needed: untilMembers,
        day: { day: until },
        before: law(before),
      });
}
