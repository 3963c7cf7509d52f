import type { RuleChange } from "../../../protocol/wire/governance.ts";
import { adopt, currentRules } from "../constitution/book.ts";
import { lint, ruleAt, ruleName } from "../constitution/lint.ts";
import { governanceFailures } from "../failures.ts";
import { each, say } from "../words/say.ts";
import { field, fieldValue, type Kind, Stale } from "./kind.ts";

export const amendKind: Kind<"amend"> = {
  kind: "amend",
  fields: [
    field("rule", say("field_rule"), "rule", { help: say("help_rule") }),
    field("value", say("field_new_value"), "value", { help: say("help_new_value") }),
    field("more", say("field_more"), "long-text", {
      required: false,
      maxLength: 4000,
      help: say("help_more"),
    }),
  ],
  types: ["amend", "amend.entrenched"],
  type: (action, context) =>
    action === null || context === null
      ? "amend"
      : lint(context.rules.constitution, action.changes).type,
  async draft(values, { rules }) {
    const first = {
      path: fieldValue(this.fields, values, "rule"),
      value: readValue(fieldValue(this.fields, values, "value")),
    };
    const changes = [first, ...moreChanges(fieldValue(this.fields, values, "more"))];
    const { words, forbidden } = lint(rules.constitution, changes);
    if (forbidden.length > 0) {
      throw governanceFailures.forbidden(forbidden.map((one) => one.words));
    }
    if (changes.every(({ path, value }) => same(ruleAt(rules.constitution, path), value))) {
      throw governanceFailures.nothingChanges(each(words, "space"));
    }
    return {
      action: { kind: "amend", changes },
      title: say("title_amend", {
        rules: each(
          changes.map(({ path }) => ruleName(path)),
          "comma",
        ),
      }),
      changes: changes.map(({ path, value }) => ({
        what: ruleName(path),
        now: JSON.stringify(ruleAt(rules.constitution, path)),
        becomes: JSON.stringify(value),
      })),
      expected: changes.map(({ path }) => ruleAt(rules.constitution, path)),
    };
  },
  async apply(action, expected, { trx, proposalId, now }) {
    await trx.selectFrom("constitution").select("version").forUpdate().execute();
    const rules = await currentRules(trx);
    const present = action.changes.map(({ path }) => ruleAt(rules.constitution, path));
    if (!same(present, expected)) throw new Stale(say("stale_rules"));
    const { amended } = lint(rules.constitution, action.changes);
    if (amended === null) throw new Stale(say("stale_invariant"));
    await adopt(trx, amended, proposalId, now);
    return { before: present };
  },
  async undo(action, inverse, { trx, proposalId, now }) {
    await trx.selectFrom("constitution").select("version").forUpdate().execute();
    const rules = await currentRules(trx);
    const set = action.changes.map(({ value }) => value);
    const present = action.changes.map(({ path }) => ruleAt(rules.constitution, path));
    if (!same(present, set)) throw new Stale(say("stale_rules"));
    const { before } = inverse as { before: unknown[] };
    const back = action.changes.map(({ path }, i): RuleChange => ({ path, value: before[i] }));
    const { amended } = lint(rules.constitution, back);
    if (amended === null) throw new Stale(say("stale_invariant_back"));
    await adopt(trx, amended, proposalId, now);
  },
};

function moreChanges(written: string): RuleChange[] {
  return written
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .map((line) => {
      const [, path, value] = /^(\/\S+)\s*=\s*(.+)$/.exec(line) ?? [];
      if (path === undefined || value === undefined) {
        throw governanceFailures.field(say("field_more"), say("why_more"));
      }
      return { path, value: readValue(value) };
    });
}

function readValue(written: string): unknown {
  try {
    return JSON.parse(written) as unknown;
  } catch {
    return written;
  }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
