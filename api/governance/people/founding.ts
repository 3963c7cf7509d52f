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

/** Over once there were enough members or enough days have passed; it never begins again. */
export async function foundingOf(db: Database, rules: Rules, now: number): Promise<Founding> {
  const { untilMembers, untilDays } = rules.constitution.founding;
  const { members } = await db
    .selectFrom("member")
    .select((select) => select.fn.countAll<number>().as("members"))
    .executeTakeFirstOrThrow();
  const first = rules.version === 1 ? rules : await rulesOfVersion(db, 1);
  const until = (first?.adoptedAt ?? rules.adoptedAt) + untilDays * DAY_MS;
  const told = await db
    .selectFrom("governance_event")
    .select("id")
    .where("key", "=", "founding-over")
    .executeTakeFirst();
  const over = Number(members) >= untilMembers || now >= until || told !== undefined;
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
