import {
  ApplicationIntegrationType,
  type BaseInteraction,
  type ButtonInteraction,
  ChannelType,
  type ChatInputCommandInteraction,
  type Interaction,
  InteractionResponseType,
  type MessageContextMenuCommandInteraction,
  MessageFlags,
  PermissionFlagsBits,
  Routes,
} from "discord.js";
import type { Job } from "../../protocol/wire/http.ts";
import type { Command, CommandContext, OptionValues } from "../commands/command.ts";
import { parseAction } from "../commands/parse.ts";
import { COMMANDS } from "../commands/table.ts";
import { runCommand } from "../conversation.ts";
import { PoolError } from "../pool/errors.ts";
import { errorNotice, infoNotice, refusalNotice } from "../views/notice.ts";
import type { NoticeView } from "../views/view.ts";
import { filled, type Words, wordsFor } from "../words/catalogue.ts";
import type { Deliveries } from "./deliveries.ts";
import { type Desk, poolIds, showView } from "./desk.ts";
import { refusedToStop } from "./may-stop.ts";
import type { modelChoices } from "./model-choices.ts";
import { WHERE_MESSAGE } from "./registration.ts";
import { threadName } from "./thread-name.ts";
import {
  channelPlace,
  directPlace,
  interactionPlace,
  isTokenDead,
  type Place,
} from "./write/place.ts";

type Asked = ChatInputCommandInteraction | MessageContextMenuCommandInteraction | ButtonInteraction;

/** How an interaction was acknowledged. */
type Acknowledged = "everybody" | "privately" | "silently";

/** Commands whose outcome everybody in the room sees. */
const PUBLIC = new Set(["ask", "again"]);

export class InteractionHandler {
  readonly #desk: Desk;
  readonly #deliveries: Deliveries;
  readonly #choices: ReturnType<typeof modelChoices>;

  constructor(desk: Desk, deliveries: Deliveries, choices: ReturnType<typeof modelChoices>) {
    this.#desk = desk;
    this.#deliveries = deliveries;
    this.#choices = choices;
  }

  /** Takes an interaction. Never throws: what fails is logged, and the member is told where that is possible. */
  async take(interaction: Interaction): Promise<void> {
    try {
      if (interaction.isAutocomplete()) {
        const choices = await this.#choices(interaction.options.getFocused());
        await this.#callback(interaction, {
          type: InteractionResponseType.ApplicationCommandAutocompleteResult,
          data: { choices },
        });
      } else if (interaction.isChatInputCommand()) await this.#slash(interaction);
      else if (interaction.isMessageContextMenuCommand()) await this.#whereOf(interaction);
      else if (interaction.isButton()) await this.#button(interaction);
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
    const place = await this.#acknowledge(interaction, open ? "everybody" : "privately");
    await this.#guarded(interaction, place, open, async (words) => {
      const command = COMMANDS.find(({ name }) => name === interaction.commandName);
      if (!command) return errorNotice("unknown_command", words.button_gone);
      const values: Record<string, string | undefined> = {};
      for (const option of command.options) {
        const value = interaction.options.getString(option.name) ?? undefined;
        if (value === undefined || option.type !== "answer") values[option.name] = value;
        else {
          const jobId = await this.#jobAtLink(interaction.channelId, value);
          if (jobId === null) return errorNotice("no_such_link", words.no_such_link);
          values[option.name] = jobId;
        }
      }
      return this.#run(interaction, place, open, command, values, words);
    });
  }

  async #whereOf(interaction: MessageContextMenuCommandInteraction): Promise<void> {
    const place = await this.#acknowledge(interaction, "privately");
    await this.#guarded(interaction, place, false, async (words) => {
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
    const [action = "", jobId = ""] = interaction.customId.split(":");
    const inPrivate = interaction.message.flags.has(MessageFlags.Ephemeral);
    const open = (action === "again" || action === "show") && !inPrivate;
    const how = open
      ? "everybody"
      : action === "stop" || action === "thread"
        ? "silently"
        : "privately";
    const place = await this.#acknowledge(interaction, how);
    await this.#guarded(interaction, place, open, async (words) => {
      // Somebody else's application could use such ids on its own messages, never on ours.
      if (interaction.message.author.id !== this.#desk.botId) return null;
      if (action === "export") return this.#export(place, jobId, words);
      if (action === "show") return this.#show(interaction, place, open, jobId);
      if (action === "thread") return this.#thread(interaction, jobId, words);
      const parsed = parseAction(interaction.customId, COMMANDS);
      if (parsed?.kind !== "command") return errorNotice("unknown_button", words.button_gone);
      if (action === "stop") return this.#stop(interaction, jobId, words);
      return this.#run(interaction, place, open, parsed.command, parsed.values, words);
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
    if (command.name === "stop" && values.answer !== undefined) {
      const { user, memberPermissions } = interaction;
      const { answer } = values;
      const refused = await refusedToStop(this.#desk, answer, user.id, memberPermissions, words);
      if (refused !== null) return refused;
    }
    const outcome = await runCommand(
      command,
      await this.#context(interaction, values, words),
      values,
    );
    if (outcome.kind === "view") {
      if (outcome.view.kind === "notice") return outcome.view;
      await showView(this.#desk, place, words, outcome.view);
      return null;
    }
    this.#deliver(interaction, place, open, outcome.job);
    return null;
  }

  /** Goes on with an answer where the time to write was over; the press brings new time. */
  async #show(interaction: Asked, place: Place, open: boolean, jobId: string): Promise<null> {
    this.#deliver(interaction, place, open, await this.#desk.pool.job(jobId));
    return null;
  }

  #deliver(interaction: Asked, place: Place, open: boolean, job: Job): void {
    const privateTo = open ? null : interaction.user.id;
    const threads = open && interaction.channel?.type === ChannelType.GuildText;
    const words = wordsFor(interaction.locale);
    this.#deliveries.start(job, { place, words, threads, privateTo }, async (error) => {
      throw error;
    });
  }

  async #context(interaction: Asked, values: OptionValues, words: Words): Promise<CommandContext> {
    const { pool, own } = this.#desk;
    const { channelId, guildId, user, id } = interaction;
    const recentJobs =
      values.answer === undefined && interaction.isChatInputCommand()
        ? await own.recentJobs(channelId, user.id)
        : [];
    return {
      community: poolIds.community(guildId, user.id),
      member: poolIds.member(user.id),
      room: poolIds.room(channelId),
      requestKey: poolIds.requestKey(id),
      replyTo: null,
      recentJobs,
      askOptions: {},
      pool,
      words,
    };
  }

  async #stop(interaction: ButtonInteraction, jobId: string, words: Words) {
    const { user, memberPermissions } = interaction;
    const refused = await refusedToStop(this.#desk, jobId, user.id, memberPermissions, words);
    if (refused === null) await this.#desk.pool.cancel(jobId, poolIds.member(user.id));
    return refused;
  }

  async #export(place: Place, jobId: string, words: Words): Promise<NoticeView | null> {
    const { body } = await this.#desk.pool.exportPack(jobId);
    const bytes = new Uint8Array(await new Response(body).arrayBuffer());
    const name = `answer-${jobId.slice(0, 8)}.zip`;
    await place.create(
      {
        content: filled(words.saved, { file: name }),
        flags: MessageFlags.SuppressEmbeds,
        allowed_mentions: { parse: [] },
      },
      [{ name, bytes }],
    );
    return null;
  }

  async #thread(interaction: ButtonInteraction, jobId: string, words: Words) {
    if (!interaction.memberPermissions?.has(PermissionFlagsBits.CreatePublicThreads)) {
      return errorNotice("no_threads", words.no_threads_for_you);
    }
    const job = await this.#desk.pool.job(jobId);
    try {
      await this.#desk.rest.post(Routes.threads(interaction.channelId, interaction.message.id), {
        body: { name: threadName(job.answer?.text ?? ""), auto_archive_duration: 1440 },
      });
    } catch (error) {
      this.#desk.log.warn({ error: String(error) }, "a thread could not be started");
      return errorNotice("no_thread", words.no_thread);
    }
    return infoNotice("thread_made", words.thread_made);
  }

  /** A link to a message of this channel, or a message's id. */
  async #jobAtLink(channelId: string, link: string): Promise<string | null> {
    const [, channel, message] = /\/channels\/(?:@me|\d+)\/(\d+)\/(\d+)\s*$/.exec(link) ?? [];
    const id = message ?? /^\s*(\d{15,21})\s*$/.exec(link)?.[1];
    if (!id || (channel !== undefined && channel !== channelId)) return null;
    return this.#desk.own.jobOf(channelId, id);
  }

  async #acknowledge(interaction: Asked, how: Acknowledged): Promise<Place> {
    const { rest, lanes, applicationId } = this.#desk;
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
    const inChannel = here ? channelPlace(rest, lanes, interaction.channelId, null) : null;
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
      channelId: interaction.channelId,
      deferred: how !== "silently",
      late,
      ephemeral,
      fallback: ephemeral ? directPlace(rest, lanes, interaction.user.id) : inChannel,
    });
  }

  async #callback(interaction: BaseInteraction, body: object): Promise<void> {
    const { id, token } = interaction;
    await this.#desk.rest.post(Routes.interactionCallback(id, token), { body, auth: false });
  }

  /** Does the work; what it returns or throws is told privately, in place of a reply that everybody would see. */
  async #guarded(
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
      channelId: interaction.channelId,
      deferred: false,
      ephemeral: true,
      fallback: directPlace(rest, lanes, interaction.user.id),
    });
  }
}
