import type {
  ButtonInteraction,
  ModalSubmitInteraction,
  StringSelectMenuInteraction,
} from "discord.js";
import type { CommandContext, Outcome } from "../../commands/command.ts";
import type { NoticeView } from "../../views/view.ts";
import type { Words } from "../../words/catalogue.ts";
import type { Desk } from "../desk.ts";
import type { Asked, Replies } from "../replies.ts";
import type { Place } from "../write/place.ts";

/** What a control works with. */
export interface ControlTools {
  readonly desk: Desk;
  readonly replies: Replies;
  /** Who acts, with the rights that this interaction brought. */
  context(interaction: Asked, words: Words): Promise<CommandContext>;
  /** Shows what came of it; returns a notice that is still to be told. */
  show(place: Place, words: Words, outcome: Outcome): Promise<NoticeView | null>;
}

/**
 * Buttons, lists and forms whose custom id begins with `<prefix>:`, for acts that are more than one press: they
 * ask for a value or a reason. `rest` is what follows the prefix. Each answers its interaction itself.
 */
export interface Control {
  readonly prefix: string;
  button?(tools: ControlTools, interaction: ButtonInteraction, rest: string): Promise<void>;
  select?(
    tools: ControlTools,
    interaction: StringSelectMenuInteraction,
    rest: string,
  ): Promise<void>;
  form?(tools: ControlTools, interaction: ModalSubmitInteraction, rest: string): Promise<void>;
}

/** `set:quota_per_day:1a2b` → `set` and `quota_per_day:1a2b`. */
export function partsOf(customId: string): { readonly prefix: string; readonly rest: string } {
  const at = customId.indexOf(":");
  if (at === -1) return { prefix: customId, rest: "" };
  return { prefix: customId.slice(0, at), rest: customId.slice(at + 1) };
}
