import type { ChoiceInput } from "../../../protocol/wire/governance.ts";
import { reactionIn, record } from "../events.ts";
import { type Homeserver, relationsPath } from "../homeserver.ts";

/** A sign that stands below a message. */
export interface LitSign {
  readonly event: string;
  readonly key: string;
}

/** Signs a page, and the most pages that are looked through for one member's. */
const PAGE = 500;
const MOST_PAGES = 20;

/**
 * The signs of one member below a message as they stand now, oldest first. The homeserver is asked: signs that
 * were put and taken away while we were not looking are right too, and nothing of a ballot is kept here.
 */
export async function litSigns(
  homeserver: Homeserver,
  {
    room,
    message,
    member,
  }: { readonly room: string; readonly message: string; readonly member: string },
  signal: AbortSignal,
): Promise<LitSign[]> {
  const found: LitSign[] = [];
  let from = "";
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams({ dir: "b", limit: String(PAGE), ...(from ? { from } : {}) });
    const path = `${relationsPath(room, message, "m.annotation/m.reaction")}?${query}`;
    const answer = record(await homeserver.lookUp(path, signal)) ?? {};
    for (const event of Array.isArray(answer.chunk) ? answer.chunk.map(record) : []) {
      const content = record(event?.content);
      if (event?.sender !== member || content === null) continue;
      const sign = reactionIn({ type: "m.reaction", content });
      if (sign) found.unshift({ event: String(event.event_id), key: sign.key });
    }
    if (typeof answer.next_batch !== "string") break;
    from = answer.next_batch;
  }
  return found;
}

/** What signs say together: the last one where one counts, all of them, or their order. Null: nothing. */
export function choiceOf(kind: string, values: readonly string[]): ChoiceInput | null {
  const last = values.at(-1);
  if (last === undefined) return null;
  const once = [...new Set(values)];
  if (kind === "approval") return { approve: once };
  if (kind === "ranking") return { rank: once.map((value) => [value]) };
  return last === "yes" || last === "no" || last === "abstain" ? { answer: last } : null;
}
