import {
  type AutocompleteInteraction,
  type ButtonInteraction,
  ChannelType,
  type ChatInputCommandInteraction,
  type Interaction,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
} from "discord.js";
import type { Job } from "../../protocol/wire/http.ts";
import type { Command, CommandContext, OptionValues, Outcome } from "../commands/command.ts";
import { BARE } from "../commands/names.ts";
import { parseAction } from "../commands/parse.ts";
import { COMMANDS } from "../commands/table.ts";
import { runCommand } from "../conversation.ts";
import { errorNotice } from "../views/notice.ts";
import type { NoticeView } from "../views/view.ts";
import { type Words, wordsFor } from "../words/catalogue.ts";
import { exportAnswer, handOver, jobAtLink, startThread } from "./answer-acts.ts";
import { askerOfInteraction, managesMessages } from "./asker.ts";
import type { Choices } from "./choices.ts";
import { type ControlTools, partsOf } from "./controls/control.ts";
import { CONTROLS } from "./controls/table.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Desk, poolIds, showView, tellElsewhere } from "./desk.ts";
import { WHERE_MESSAGE } from "./registration.ts";
import { type Asked, Replies } from "./replies.ts";
import type { Place } from "./write/place.ts";

/** Commands whose outcome everybody in the room sees. */
const PUBLIC = new Set(["ask", "again"]);
/** Members whose program's language is remembered. */
const MOST_LOCALES = 10_000;

/** Everything people do but write: commands, buttons, lists, forms, autocomplete. */
export class InteractionHandler {
  readonly #desk: Desk;
  readonly #deliveries: Deliveries;
  readonly #choices: Choices;
  readonly #replies: Replies;
  readonly #tools: ControlTools;

  constructor(desk: Desk, deliveries: Deliveries, choices: Choices) {
    this.#desk = desk;
    this.#deliveries = deliveries;
    this.#choices = choices;
    this.#replies = new Replies(desk);
    this.#tools = {
      desk,
      replies: this.#replies,
      context: (interaction, words) => this.#context(interaction, {}, words),
      show: (place, words, outcome) => this.#showView(place, words, outcome),
    };
  }

  /** Takes an interaction. Never throws: what fails is logged, and the member is told where that is possible. */
  async take(interaction: Interaction): Promise<void> {
    this.#remember(interaction);
    try {
      if (interaction.isAutocomplete()) {
        const { options, locale } = interaction;
        const { name, value } = options.getFocused(true);
        const offered = await this.#choices({
          ...{ command: fullName(interaction), option: name, typed: value },
          ...{ setting: options.getString("setting"), words: wordsFor(locale) },
        });
        await this.#replies.choices(interaction, offered);
      } else if (interaction.isChatInputCommand()) await this.#slash(interaction);
      else if (interaction.isMessageContextMenuCommand()) await this.#whereOf(interaction);
      else if (interaction.isButton()) await this.#button(interaction);
      else if (interaction.isStringSelectMenu() && this.#isOurs(interaction.message)) {
        const { prefix, rest } = partsOf(interaction.customId);
        const control = CONTROLS.find((one) => one.prefix === prefix && one.select);
        await control?.select?.(this.#tools, interaction, rest);
      } else if (interaction.isModalSubmit()) {
        const { prefix, rest } = partsOf(interaction.customId);
        const control = CONTROLS.find((one) => one.prefix === prefix && one.form);
        await control?.form?.(this.#tools, interaction, rest);
      }
    } catch (error) {
      this.#desk.log.error(
        { interaction: interaction.type, error: String(error) },
        "interaction failed",
      );
    }
  }

  async #slash(interaction: ChatInputCommandInteraction): Promise<void> {
    const isPrivate = interaction.options.getBoolean("private") ?? false;
    const open = PUBLIC.has(interaction.commandName) && !isPrivate;
    // Discord waits three seconds, so this comes before anything else is looked at.
    const place = await this.#replies.acknowledge(interaction, open ? "everybody" : "privately");
    await this.#replies.guarded(interaction, place, open, async (words) => {
      const name = fullName(interaction);
      const command = COMMANDS.find((one) => one.name === name);
      if (!command) return errorNotice("unknown_command", words.button_gone);
      const values: Record<string, string | undefined> = {};
      for (const option of command.options) {
        const value = interaction.options.get(option.name)?.value?.toString();
        if (value === undefined || option.type !== "answer") values[option.name] = value;
        else {
          const jobId = await jobAtLink(this.#desk, interaction.channelId, value);
          if (jobId === null) return errorNotice("no_such_link", words.no_such_link);
          values[option.name] = jobId;
        }
      }
      return this.#run(interaction, place, open, command, values, words);
    });
  }

  async #whereOf(interaction: MessageContextMenuCommandInteraction): Promise<void> {
    const place = await this.#replies.acknowledge(interaction, "privately");
    await this.#replies.guarded(interaction, place, false, async (words) => {
      if (interaction.commandName !== WHERE_MESSAGE) {
        return errorNotice("unknown_command", words.button_gone);
      }
      const { id, author, components, reference } = interaction.targetMessage;
      const jobId = await this.#desk.own.jobIn({
        id,
        channel_id: interaction.channelId,
        author,
        components: components.map((one) => one.toJSON()),
        message_reference: { message_id: reference?.messageId },
      });
      if (jobId === null) return errorNotice("not_an_answer", words.not_an_answer);
      const where = COMMANDS.find(({ name }) => name === "where") as Command;
      return this.#run(interaction, place, false, where, { answer: jobId }, words);
    });
  }

  async #button(interaction: ButtonInteraction): Promise<void> {
    const { prefix, rest } = partsOf(interaction.customId);
    const control = CONTROLS.find((one) => one.prefix === prefix && one.button);
    if (control?.button && this.#isOurs(interaction.message)) {
      return control.button(this.#tools, interaction, rest);
    }
    const [action = "", jobId = ""] = interaction.customId.split(":");
    const inPrivate = interaction.message.flags.has(MessageFlags.Ephemeral);
    const open = (action === "again" || action === "show") && !inPrivate;
    const how = open
      ? "everybody"
      : action === "stop" || action === "thread"
        ? "silently"
        : "privately";
    const place = await this.#replies.acknowledge(interaction, how);
    await this.#replies.guarded(interaction, place, open, async (words) => {
      // Somebody else's application could use such ids on its own messages, never on ours.
      if (!this.#isOurs(interaction.message)) return null;
      if (action === "export") return exportAnswer(this.#desk, interaction, place, jobId, words);
      if (action === "show") return this.#show(interaction, place, open, jobId, words);
      if (action === "thread") return startThread(this.#desk, interaction, jobId, words);
      const parsed = parseAction(interaction.customId, COMMANDS);
      if (parsed?.kind !== "command") return errorNotice("unknown_button", words.button_gone);
      const notice = await this.#run(
        interaction,
        place,
        open,
        parsed.command,
        parsed.values,
        words,
      );
      // A press on Stop shows in the answer itself; only a refusal needs words.
      return action === "stop" && notice?.tone === "info" ? null : notice;
    });
  }

  /** Runs a command; returns a notice to be shown privately, or null when everything was shown. */
  async #run(
    interaction: Asked,
    place: Place,
    open: boolean,
    command: Command,
    values: OptionValues,
    words: Words,
  ): Promise<NoticeView | null> {
    const context = await this.#context(interaction, values, words);
    const mayStop = command.name === "stop" && managesMessages(interaction.memberPermissions);
    const outcome = await runCommand(
      command,
      {
        ...context,
        private: !open,
        ...(mayStop ? { moderator: true } : {}),
      },
      values,
    );
    if (outcome.kind === "view") return this.#showView(place, words, outcome);
    this.#deliver(interaction, place, open, outcome.job, context);
    return null;
  }

  /** Shows a view, and tells another room where the outcome says so; notices are left to the caller. */
  async #showView(place: Place, words: Words, outcome: Outcome): Promise<NoticeView | null> {
    if (outcome.kind !== "view") return null;
    if (outcome.elsewhere) await tellElsewhere(this.#desk, words, outcome.elsewhere);
    if (outcome.view.kind === "notice") return outcome.view;
    await showView(this.#desk, place, words, outcome.view);
    if (outcome.file) await handOver(place, outcome.file, words);
    return null;
  }

  /** Goes on with an answer where the time to write was over; the press brings new time. */
  async #show(interaction: Asked, place: Place, open: boolean, jobId: string, words: Words) {
    const job = await this.#desk.pool.job(jobId);
    this.#deliver(interaction, place, open, job, await this.#context(interaction, {}, words));
    return null;
  }

  #deliver(
    interaction: Asked,
    place: Place,
    open: boolean,
    job: Job,
    { words, publicWords }: CommandContext,
  ): void {
    const privateTo = open ? null : interaction.user.id;
    const threads = open && interaction.channel?.type === ChannelType.GuildText;
    const shown = (open ? publicWords : words) as Words;
    this.#deliveries.start(job, { place, words: shown, threads, privateTo }, async (error) => {
      throw error;
    });
  }

  async #context(interaction: Asked, values: OptionValues, words: Words): Promise<CommandContext> {
    const { pool, own } = this.#desk;
    const { channelId, user, id } = interaction;
    const recentJobs =
      values.answer === undefined && channelId !== null && interaction.isChatInputCommand()
        ? await own.recentJobs(channelId, user.id)
        : [];
    return {
      ...(await askerOfInteraction(this.#desk, interaction, words)),
      requestKey: poolIds.requestKey(id),
      replyTo: null,
      recentJobs,
      askOptions: {},
      files: true,
      pool: pool.speaking(words.locale),
    };
  }

  #isOurs(message: { readonly author: { readonly id: string } }): boolean {
    return message.author.id === this.#desk.botId;
  }

  #remember({ user, locale }: Interaction): void {
    const { locales } = this.#desk;
    locales.delete(user.id);
    locales.set(user.id, locale);
    const oldest = locales.keys().next().value;
    if (locales.size > MOST_LOCALES && oldest !== undefined) locales.delete(oldest);
  }
}

/** `pool nodes` for the subcommand `nodes` of `pool`. */
function fullName(interaction: ChatInputCommandInteraction | AutocompleteInteraction): string {
  const under = interaction.options.getSubcommand(false);
  const { commandName } = interaction;
  return under === null || under === BARE ? commandName : `${commandName} ${under}`;
}
