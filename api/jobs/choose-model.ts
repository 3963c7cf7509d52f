import { findModelFact } from "../../config/model-facts.ts";
import type { PolicyValues } from "../../protocol/wire/policy.ts";
import { failures } from "../errors.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import { admitFailures } from "../policy/admit.ts";
import { byCapability, type ModelBook, type NamedModel, shippedModel } from "../pool/model-book.ts";
import type { Tier } from "./queue-name.ts";

/**
 * The model for a question: the one named, else the place's default where somebody runs it now, else the most
 * capable one online that the pool serves. Throws ApiFailure `model_unknown` or `model_not_served`.
 */
export async function chooseModel(
  wanted: string | undefined,
  values: Pick<PolicyValues, "default_model" | "models_allowed">,
  tier: Tier,
  { book, directory }: { readonly book: ModelBook; readonly directory: NodeDirectory },
): Promise<NamedModel> {
  const { default_model, models_allowed } = values;
  const serves = (sha256: string) => models_allowed?.includes(sha256) ?? true;
  if (wanted !== undefined) {
    const named = await book.resolve(wanted);
    if (named === null) {
      const known = await book.all();
      throw failures.modelUnknown(
        wanted,
        known.filter((each) => serves(each.sha256)).map((each) => each.name),
      );
    }
    if (!serves(named.sha256)) throw admitFailures.modelNotServed(named.name);
    return named;
  }
  const online = directory.offered(tier).filter((model) => serves(model.sha256));
  const standing = default_model === null ? undefined : online.find(isCalled(default_model));
  const best = standing ?? online.sort(byCapability)[0];
  if (best !== undefined) return { sha256: best.sha256, name: best.name };
  return toWaitFor(models_allowed, book);
}

/** The model a question waits for while nobody runs one that may answer it. */
async function toWaitFor(
  allowed: PolicyValues["models_allowed"],
  book: ModelBook,
): Promise<NamedModel> {
  const shipped = shippedModel();
  if (allowed === null || allowed.includes(shipped.sha256)) return shipped;
  const [first] = allowed as [string];
  return (await book.resolve(first)) ?? { sha256: first, name: first.slice(0, 12) };
}

/** Whether a model is the one that a setting names by digest, id or name. */
function isCalled(wanted: string): (model: NamedModel) => boolean {
  const name = wanted.trim().toLowerCase();
  const sha256 = findModelFact(name)?.sha256 ?? name;
  return (model) => model.sha256 === sha256 || model.name.toLowerCase() === name;
}
