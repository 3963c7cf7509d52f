import type { Generated } from "kysely";
import type { PolicySetter } from "../../protocol/wire/policy.ts";
import type { Json } from "../storage/columns.ts";

/** One setting in one place (api/policy/scope.ts); absent: the wider place's value holds. */
export interface PolicyTable {
  scope: string;
  key: string;
  value: Json<unknown>;
  /** Counts the changes of this row from 1. */
  revision: number;
  set_by: Json<PolicySetter>;
  set_at: number;
}

/** Every change ever made. */
export interface PolicyChangeTable {
  id: Generated<number>;
  scope: string;
  key: string;
  /** Null where the key was not set in this place. */
  old_value: Json<unknown | null>;
  new_value: Json<unknown | null>;
  set_by: Json<PolicySetter>;
  set_at: number;
}

/** Instructions to the model by digest: jobs and receipts name them, so none is ever changed. */
export interface SystemPromptTable {
  sha256: string;
  content: string;
  created_at: number;
}
