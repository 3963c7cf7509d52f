import type { CancelRequest } from "../../protocol/wire/http.ts";
import { ApiFailure } from "../errors.ts";
import type { JobRow } from "../jobs/insert.ts";
import { samePerson } from "../members/person.ts";
import type { PolicyBook } from "../policy/book.ts";
import { moderates, type Rights } from "../policy/rights.ts";
import type { Database } from "../storage/open.ts";

const rightFailures = {
  notYours: () =>
    new ApiFailure(
      403,
      "not_yours",
      "Only the person who asked, or a moderator of the community it was asked in, may stop this.",
    ),
  private: () =>
    new ApiFailure(
      403,
      "private",
      "This answer was asked for privately: only the person who asked can see where it came from.",
    ),
};

type Owned = Pick<JobRow, "member" | "community" | "private" | "room">;

/**
 * Throws ApiFailure `not_yours` unless the caller asked this question, from whichever linked account, or moderates
 * the community it was asked in.
 */
export async function requireStopper(
  parts: { readonly db: Database; readonly policies: PolicyBook; readonly rights: Rights },
  job: Owned,
  { member, moderator = false, roles = [], community }: CancelRequest,
): Promise<void> {
  if (await samePerson(parts.db, job.member, member)) return;
  const { values } = await parts.policies.in({ community: job.community, room: null });
  const claimed = community === undefined ? {} : { community };
  const actor = { account: member, moderator, roles, ...claimed };
  if (!moderates(parts.rights, actor, job.community, values)) throw rightFailures.notYours();
}

/** Throws ApiFailure `private` where the answer is private and `viewer` is not the person who asked. */
export async function requireViewer(
  db: Database,
  job: Owned,
  viewer: string | undefined,
): Promise<void> {
  if (!job.private) return;
  if (viewer === undefined || !(await samePerson(db, job.member, viewer))) {
    throw rightFailures.private();
  }
}
