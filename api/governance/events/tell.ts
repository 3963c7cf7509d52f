import { sql, type Transaction } from "kysely";
import type { GovernanceEvent, Place } from "../../../protocol/wire/governance.ts";
import type { Tables } from "../../storage/tables.ts";
import type { Text } from "../words/say.ts";

export interface Telling {
  /** The same key is told once, whoever tells it and however often. */
  readonly key: string;
  readonly type: GovernanceEvent["type"];
  readonly proposal?: number | null;
  readonly words: Text;
  readonly places?: readonly Place[];
  readonly tell?: readonly string[];
  readonly data?: Readonly<Record<string, unknown>>;
}

/**
 * Adds an event to the feed, in the transaction that makes it true. Ids follow the order of commits: they are
 * given under a lock that lasts until then, so a reader who has seen one has seen all before it.
 */
export async function tell(trx: Transaction<Tables>, event: Telling): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('governance events', 0))`.execute(trx);
  await sql`
    insert into governance_event (id, key, at, type, proposal, words, places, tell, data)
    select coalesce(max(id), 0) + 1, ${event.key}, pool_now(), ${event.type}, ${event.proposal ?? null}::integer,
      ${JSON.stringify(event.words)}::jsonb, ${JSON.stringify(event.places ?? [])}::jsonb, ${[...(event.tell ?? [])]}::text[],
      ${JSON.stringify(event.data ?? {})}::jsonb
    from governance_event
    having not exists (select 1 from governance_event where key = ${event.key})`.execute(trx);
}
