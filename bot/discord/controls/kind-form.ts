import {
  type APIComponentInLabel,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from "discord.js";
import type { FormField, KindView } from "../../../protocol/wire/governance.ts";
import type { PoolClient } from "../../pool/client.ts";
import { short } from "./ballot-form.ts";
import { inTime } from "./in-time.ts";

/** What the pool offers for fields, by their names. */
export type Offered = ReadonlyMap<string, readonly Choice[]>;
type Choice = { readonly value: string; readonly label: string };

/** Fields that take nothing but what the pool knows; a rule or its value may be written as well. */
const CLOSED: ReadonlySet<FormField["type"]> = new Set([
  "model",
  "node",
  "scope",
  "setting",
  "proposal",
]);
/** Discord takes five fields; the last one is for the reason. */
const MOST_FIELDS = 4;
/** A list's entries in Discord, and the most that the pool offers: where it does there may be more, to be written. */
const MOST_ENTRIES = 25;
const MOST_CHARS = 100;
const REASON = "_reason";

/** What can be chosen in a kind's form; a field is missing where the pool does not say so in time. */
export async function offeredFor(
  pool: Pick<PoolClient, "choices">,
  { fields }: KindView,
  place: { readonly community: string; readonly room: string },
): Promise<Offered> {
  const wanted = fields.slice(0, MOST_FIELDS).filter(({ type }) => CLOSED.has(type));
  const found = await inTime(
    Promise.all(
      wanted.map(async ({ name, type }): Promise<[string, readonly Choice[]]> => {
        return [name, (await pool.choices({ type, ...place })).choices];
      }),
    ),
  );
  return new Map(found ?? []);
}

/** A kind's own form, and why it is proposed: lists where all there is fits one, else lines to write. */
export function kindForm(
  kind: KindView,
  reasonLabel: string,
  offered: Offered,
): APIModalInteractionResponseCallbackData {
  const fields = kind.fields.slice(0, MOST_FIELDS).map((field) => ({
    type: ComponentType.Label as const,
    label: short(field.label, 45),
    ...(field.help === "" ? {} : { description: short(field.help, 100) }),
    component: componentOf(field, offered.get(field.name) ?? []),
  }));
  const reason = {
    type: ComponentType.Label as const,
    label: short(reasonLabel, 45),
    component: line(REASON, { long: true, required: false, maxLength: 2000 }),
  };
  return {
    custom_id: `propose:${kind.kind}`,
    title: short(kind.title, 45),
    components: [...fields, reason],
  };
}

/** What was chosen and written, by field, and the reason. */
export function kindFormOf({ fields }: ModalSubmitInteraction): {
  readonly values: Record<string, string>;
  readonly reason: string;
} {
  const given: Record<string, string> = {};
  for (const [id, field] of fields.fields) {
    const entered = "values" in field ? field.values[0] : "value" in field ? field.value : "";
    const text = typeof entered === "string" ? entered.trim() : "";
    if (text !== "") given[id] = text;
  }
  const { [REASON]: reason = "", ...values } = given;
  return { values, reason };
}

function componentOf(field: FormField, offered: readonly Choice[]): APIComponentInLabel {
  const { name, type, required, maxLength } = field;
  const fits = offered.every(({ value }) => value.length <= MOST_CHARS);
  if (offered.length > 0 && offered.length < MOST_ENTRIES && fits) {
    return {
      type: ComponentType.StringSelect,
      custom_id: name,
      min_values: required ? 1 : 0,
      max_values: 1,
      required,
      options: offered.map(({ value, label }) => ({ value, label: short(label, MOST_CHARS) })),
    };
  }
  const long = type === "long-text" || type === "options";
  return line(name, { long, required, maxLength: Math.min(maxLength, 4000) });
}

function line(
  customId: string,
  options: { readonly long: boolean; readonly required: boolean; readonly maxLength: number },
): APIComponentInLabel {
  return {
    type: ComponentType.TextInput,
    custom_id: customId,
    style: options.long ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required: options.required,
    max_length: options.maxLength,
  };
}
