import type { ApiContext } from "../context.ts";
import type { NodeRules } from "../moderation/node-rules.ts";
import type { PolicyBook } from "../policy/book.ts";
import type { Rights } from "../policy/rights.ts";
import type { ModelBook } from "../pool/model-book.ts";

/** What the rooms of governance stand on. */
export interface GovernanceParts {
  readonly ctx: ApiContext;
  readonly book: ModelBook;
  readonly policies: PolicyBook;
  readonly rights: Rights;
  readonly nodeRules: NodeRules;
}

/** What was decided is committed: every replica reads settings and nodes' standings again. */
export async function decided({ policies, nodeRules }: GovernanceParts): Promise<void> {
  policies.changed();
  await nodeRules.changed();
}
