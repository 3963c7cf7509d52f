import type { ActionOf } from "../../../protocol/wire/governance.ts";
import { POOL_SCOPE } from "../../policy/scope.ts";
import { governanceFailures } from "../failures.ts";
import { each, type Said, say } from "../words/say.ts";
import { field, fieldValue, type Kind, type KindContext } from "./kind.ts";
import { applySetting, draftSetting, presentValue, undoSetting } from "./setting-change.ts";

const FIELDS = [field("model", say("field_model"), "model")];
const KEY = "models_allowed";

type Listed = ActionOf<"model.add"> | ActionOf<"model.remove">;

export const modelAddKind: Kind<"model.add"> = {
  kind: "model.add",
  fields: FIELDS,
  types: ["model.allowlist"],
  type: () => "model.allowlist",
  async draft(values, context) {
    const model = await readModel(values, context);
    const listed = await present(context);
    if (listed === null || listed.includes(model.sha256)) {
      throw governanceFailures.nothingChanges(say("same_model_served", { name: model.name }));
    }
    return draftList(
      { kind: "model.add", model: model.sha256, name: model.name },
      [...listed, model.sha256],
      say("title_model_add", { name: model.name }),
      context,
    );
  },
  apply: (action, expected, context) =>
    applySetting(
      {
        scope: POOL_SCOPE,
        key: KEY,
        value: [...(expected as string[]), action.model].sort(),
      },
      expected,
      context,
    ),
  undo: (_action, inverse, context) => undoSetting(inverse, context),
};

export const modelRemoveKind: Kind<"model.remove"> = {
  kind: "model.remove",
  fields: FIELDS,
  types: ["model.allowlist"],
  type: () => "model.allowlist",
  async draft(values, context) {
    const model = await readModel(values, context);
    const left = (await served(context)).filter((sha256) => sha256 !== model.sha256);
    const listed = await present(context);
    if (listed !== null && !listed.includes(model.sha256)) {
      throw governanceFailures.nothingChanges(say("same_model_not_served", { name: model.name }));
    }
    if (left.length === 0) {
      throw governanceFailures.field(
        say("field_model"),
        say("why_only_model", { name: model.name }),
      );
    }
    return draftList(
      { kind: "model.remove", model: model.sha256, name: model.name },
      left,
      say("title_model_remove", { name: model.name }),
      context,
    );
  },
  // Which models are left was fixed with the draft: the list then is the known ones without this one.
  async apply(action, expected, context) {
    const known =
      (expected as string[] | null) ??
      (await context.trx.selectFrom("model").select("sha256").execute()).map((row) => row.sha256);
    const value = known.filter((sha256) => sha256 !== action.model).sort();
    return applySetting({ scope: POOL_SCOPE, key: KEY, value }, expected, context);
  },
  undo: (_action, inverse, context) => undoSetting(inverse, context),
};

async function draftList<A extends Listed>(
  action: A,
  value: readonly string[],
  title: Said,
  context: KindContext,
) {
  const setting = { scope: POOL_SCOPE, key: KEY, value: [...value].sort() } as const;
  return { ...(await draftSetting(action, setting, context)), title };
}

async function present({ db }: KindContext): Promise<readonly string[] | null> {
  return (await presentValue(db, POOL_SCOPE, KEY)) as string[] | null;
}

/** Without a list every known model is served. */
async function served(context: KindContext): Promise<readonly string[]> {
  return (await present(context)) ?? (await context.book.all()).map((model) => model.sha256);
}

async function readModel(values: Readonly<Record<string, string>>, { book }: KindContext) {
  const written = fieldValue(FIELDS, values, "model");
  const model = await book.resolve(written);
  if (model === null) {
    const name = written.slice(0, 60);
    const known = (await book.all()).map((model) => model.name);
    throw governanceFailures.field(
      say("field_model"),
      known.length === 0
        ? say("why_no_model_at_all", { name })
        : say("why_no_model", { name, known: each(known, "comma") }),
    );
  }
  return model;
}
