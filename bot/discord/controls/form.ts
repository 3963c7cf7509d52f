import {
  type APIComponentInLabel,
  type APIModalInteractionResponseCallbackData,
  ComponentType,
  type ModalSubmitInteraction,
  TextInputStyle,
} from "discord.js";

/** Id of the one field of our forms. */
const FIELD = "value";

export interface FormQuestion {
  readonly customId: string;
  readonly title: string;
  readonly label: string;
  readonly hint: string | null;
  readonly field: APIComponentInLabel;
}

/** A form with one question; Discord allows 45 characters for titles and labels, 100 for the hint. */
export function formOf(question: FormQuestion): APIModalInteractionResponseCallbackData {
  const { customId, title, label, hint, field } = question;
  return {
    custom_id: customId,
    title: short(title, 45),
    components: [
      {
        type: ComponentType.Label,
        label: short(label, 45),
        ...(hint === null ? {} : { description: short(hint, 100) }),
        component: field,
      },
    ],
  };
}

export function textField(options: {
  readonly value?: string;
  readonly long?: boolean;
  readonly required: boolean;
  readonly maxLength: number;
}): APIComponentInLabel {
  const { value = "", long = false, required, maxLength } = options;
  return {
    type: ComponentType.TextInput,
    custom_id: FIELD,
    style: long ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required,
    max_length: maxLength,
    ...(value === "" ? {} : { value: value.slice(0, maxLength) }),
  };
}

/** Channels or roles to choose from Discord's own lists; `ids` are chosen already. */
export function placesField(
  kind: "room" | "role",
  ids: readonly string[],
  most: number,
): APIComponentInLabel {
  const shared = {
    custom_id: FIELD,
    min_values: 0,
    max_values: most,
    required: false,
  };
  const chosen = ids.slice(0, most);
  return kind === "room"
    ? {
        type: ComponentType.ChannelSelect,
        ...shared,
        // Text, announcements: where people write.
        channel_types: [0, 5],
        default_values: chosen.map((id) => ({ id, type: "channel" as never })),
      }
    : {
        type: ComponentType.RoleSelect,
        ...shared,
        default_values: chosen.map((id) => ({ id, type: "role" as never })),
      };
}

export function listField(
  choices: readonly { readonly value: string; readonly label: string; readonly chosen: boolean }[],
): APIComponentInLabel {
  return {
    type: ComponentType.StringSelect,
    custom_id: FIELD,
    options: choices.slice(0, 25).map(({ value, label, chosen }) => ({
      value: value.slice(0, 100),
      label: short(label, 100),
      default: chosen,
    })),
  };
}

/** What was typed or chosen in the one field. */
export function answerOf(interaction: ModalSubmitInteraction): readonly string[] {
  const field = interaction.fields.fields.get(FIELD);
  if (!field) return [];
  if ("values" in field) return [...field.values];
  return "value" in field && typeof field.value === "string" ? [field.value] : [];
}

function short(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
}
