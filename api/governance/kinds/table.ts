import type { Action, ActionKind } from "../../../protocol/wire/governance.ts";
import { governanceFailures } from "../failures.ts";
import type { Kind } from "./kind.ts";
import { modelAddKind, modelRemoveKind } from "./models.ts";
import { nodeAdmitKind, nodeBarKind } from "./nodes.ts";
import { questionKind } from "./question.ts";
import { ratifyKind } from "./ratify.ts";
import { revertKind } from "./revert.ts";
import { amendKind } from "./rules.ts";
import { policyKind, quotaKind, retentionKind, systemPromptKind } from "./settings.ts";
import { stewardElectKind, stewardRecallKind } from "./stewards.ts";

type KindTable = { readonly [K in ActionKind]: Kind<K> };

/** Every kind there is, in the order in which forms list them. */
const KINDS: KindTable = {
  "model.add": modelAddKind,
  "model.remove": modelRemoveKind,
  quota: quotaKind,
  policy: policyKind,
  "node.admit": nodeAdmitKind,
  "node.bar": nodeBarKind,
  "system-prompt": systemPromptKind,
  retention: retentionKind,
  "steward.elect": stewardElectKind,
  "steward.recall": stewardRecallKind,
  amend: amendKind,
  question: questionKind,
  revert: revertKind(kindOf),
  ratify: ratifyKind,
};

/** The kind of an action. */
export function kindOf(kind: Action["kind"]): Kind {
  return KINDS[kind] as unknown as Kind;
}

/** The kinds that people propose. */
export function proposableKinds(): Kind[] {
  return Object.values(KINDS)
    .filter(({ kind }) => kind !== "ratify")
    .map((kind) => kind as unknown as Kind);
}

/** A kind that people propose, by name. Throws ApiFailure `kind_unknown`. */
export function proposableKind(name: string): Kind {
  const kinds = proposableKinds();
  const kind = kinds.find((each) => each.kind === name);
  if (kind === undefined) {
    throw governanceFailures.kindUnknown(
      name,
      kinds.map((each) => each.kind),
    );
  }
  return kind;
}
