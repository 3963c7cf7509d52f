import {
  type APIModalInteractionResponseCallbackData,
  ApplicationIntegrationType,
  type AutocompleteInteraction,
  type ButtonInteraction,
  type ChatInputCommandInteraction,
  InteractionResponseType,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
  type RepliableInteraction,
  Routes,
  type StringSelectMenuInteraction,
} from "discord.js";
import { PoolError } from "../pool/errors.ts";
import { errorNotice, refusalNotice } from "../views/notice.ts";
import type { NoticeView } from "../views/view.ts";
import { type Words, wordsFor } from "../words/catalogue.ts";
import { type Desk, showView } from "./desk.ts";
import {
  channelPlace,
  directPlace,
  interactionPlace,
  isTokenDead,
  type Place,
} from "./write/place.ts";

/** Interactions that get a reply. */
export type Asked =
  | ChatInputCommandInteraction
  | MessageContextMenuCommandInteraction
  | ButtonInteraction
  | StringSelectMenuInteraction
  | ModalSubmitInteraction;

/** How an interaction was acknowledged. */
export type Acknowledged = "everybody" | "privately" | "silently";

/** Answers to interactions: first the acknowledgement within three seconds, then the reply or a private notice. */
export class Replies {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** Acknowledges; what is written to the returned place is the reply. */
  async acknowledge(interaction: Asked, how: Acknowledged): Promise<Place> {
    const { rest, lanes, applicationId } = this.#desk;
    const channelId = interaction.channelId ?? interaction.user.id;
    const ephemeral = how !== "everybody";
    const acknowledged = this.#callback(
      interaction,
      how === "silently"
        ? { type: InteractionResponseType.DeferredMessageUpdate }
        : {
            type: InteractionResponseType.DeferredChannelMessageWithSource,
            ...(ephemeral ? { data: { flags: MessageFlags.Ephemeral } } : {}),
          },
    );
    const installed = interaction.authorizingIntegrationOwners;
    const here = installed[ApplicationIntegrationType.GuildInstall] !== undefined;
    const inChannel = here ? channelPlace(rest, lanes, channelId, null) : null;
    const late = await acknowledged.then(
      () => false,
      (error: unknown) => {
        if (!isTokenDead(error)) throw error;
        this.#desk.log.warn({ interaction: interaction.type }, "acknowledged too late");
        return true;
      },
    );
    return interactionPlace(rest, lanes, {
      applicationId,
      token: interaction.token,
      channelId,
      deferred: how !== "silently",
      late,
      ephemeral,
      fallback: ephemeral ? directPlace(rest, lanes, interaction.user.id) : inChannel,
    });
  }

  /** Opens a form in place of a reply; nothing may have been acknowledged before. */
  async openModal(
    interaction: RepliableInteraction,
    modal: APIModalInteractionResponseCallbackData,
  ): Promise<void> {
    await this.#callback(interaction, { type: InteractionResponseType.Modal, data: modal });
  }

  async choices(
    interaction: AutocompleteInteraction,
    choices: readonly { readonly name: string; readonly value: string }[],
  ): Promise<void> {
    await this.#callback(interaction, {
      type: InteractionResponseType.ApplicationCommandAutocompleteResult,
      data: { choices },
    });
  }

  /** Does the work; what it returns or throws is told privately, in place of a reply that everybody would see. */
  async guarded(
    interaction: Asked,
    place: Place,
    open: boolean,
    work: (words: Words) => Promise<NoticeView | null>,
  ): Promise<void> {
    const words = wordsFor(interaction.locale);
    let notice: NoticeView | null;
    try {
      notice = await work(words);
    } catch (error) {
      if (error instanceof PoolError) notice = refusalNotice(error, words);
      else {
        this.#desk.log.error({ error: String(error) }, "a command failed");
        notice = errorNotice("failed", words.failed);
      }
    }
    if (notice === null) return;
    if (open) {
      await place.remove("@original");
      place = this.#privateFollowUps(interaction);
    }
    await showView(this.#desk, place, words, notice);
  }

  #privateFollowUps(interaction: Asked): Place {
    const { rest, lanes, applicationId } = this.#desk;
    return interactionPlace(rest, lanes, {
      applicationId,
      token: interaction.token,
      channelId: interaction.channelId ?? interaction.user.id,
      deferred: false,
      ephemeral: true,
      fallback: directPlace(rest, lanes, interaction.user.id),
    });
  }

  async #callback(
    { id, token }: { readonly id: string; readonly token: string },
    body: object,
  ): Promise<void> {
    await this.#desk.rest.post(Routes.interactionCallback(id, token), { body, auth: false });
  }
}
