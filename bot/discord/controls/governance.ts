import { MessageFlags } from "discord.js";
import { actorOf, namesOf, type OptionValues, privately } from "../../commands/command.ts";
import { published } from "../../commands/governance/card.ts";
import { placeOf } from "../../commands/governance/place.ts";
import { pressed } from "../../commands/governance/press.ts";
import { proposal as proposalCommand } from "../../commands/governance/proposals.ts";
import { runCommand } from "../../conversation.ts";
import { withAccounts } from "../../governance/account-names.ts";
import { receiptCard } from "../../views/governance/receipt.ts";
import { errorNotice } from "../../views/notice.ts";
import { wordsFor } from "../../words/catalogue.ts";
import { poolIds } from "../desk.ts";
import type { Asked } from "../replies.ts";
import { ballotForm, ballotOf } from "./ballot-form.ts";
import type { Control, ControlTools } from "./control.ts";
import { inTime } from "./in-time.ts";
import { kindForm, kindFormOf, offeredFor } from "./kind-form.ts";

/** Buttons and lists of a proposal's card: ballots, backing, holding; a form where a ballot is more than one press. */
export const proposalControl: Control = {
  prefix: "gov",
  async button(tools, interaction, rest) {
    const [number = "", what = ""] = rest.split(":");
    const [act, revision = ""] = what.split(".");
    if (act === "vote" || act === "change") {
      const words = wordsFor(interaction.locale);
      const proposal = await inTime(
        tools.desk.pool.speaking(words.locale).proposal(Number(number)),
      );
      if (proposal !== null && proposal.ballotKind !== "yes-no") {
        const id = `gov:${number}:ballot.${revision}`;
        return tools.replies.openModal(interaction, ballotForm(proposal, id, words));
      }
    }
    if (act === "count") return sendCount(tools, interaction, Number(number));
    const press = pressed(interaction.customId);
    await run(tools, interaction, press?.command ?? proposalCommand, press?.values ?? { number });
  },
  async select(tools, interaction) {
    await run(tools, interaction, proposalCommand, { number: interaction.values[0] });
  },
  async form(tools, interaction, rest) {
    const [, number = "", revision = ""] = /^(\d{1,9}):ballot\.(\d*)$/.exec(rest) ?? [];
    const place = await tools.replies.acknowledge(interaction, "privately");
    await tools.replies.guarded(interaction, place, false, async (words) => {
      const { choice, reason } = ballotOf(interaction);
      if (choice === null) return errorNotice("empty_ballot", words.gov_empty_ballot);
      const context = await tools.context(interaction, words);
      const receipt = await context.pool.vote(Number(number), {
        actor: actorOf(context),
        eventId: context.requestKey,
        choice,
        ...(revision === "" ? {} : { revision: Number(revision) }),
        ...(reason === "" ? {} : { reason: reason.slice(0, 500) }),
      });
      return tools.show(place, words, privately(receiptCard(receipt, words)));
    });
  },
};

/** The list of what can be proposed: choosing a kind opens its form. */
export const proposeControl: Control = {
  prefix: "propose",
  async select(tools, interaction) {
    const words = wordsFor(interaction.locale);
    const pool = tools.desk.pool.speaking(words.locale);
    const seen = await inTime(pool.kinds());
    const kind = seen?.kinds.find((one) => one.kind === interaction.values[0]);
    if (kind !== undefined) {
      const { guildId, channelId, channel, user } = interaction;
      const room = (channel?.isThread() ? channel.parentId : null) ?? channelId;
      const offered = await offeredFor(pool, kind, {
        community: poolIds.community(guildId, user.id),
        room: poolIds.room(room),
      });
      return tools.replies.openModal(interaction, kindForm(kind, words.gov_reason, offered));
    }
    const place = await tools.replies.acknowledge(interaction, "privately");
    await tools.replies.guarded(interaction, place, false, async () =>
      errorNotice("unknown_button", words.button_gone),
    );
  },
  async form(tools, interaction, kind) {
    const place = await tools.replies.acknowledge(interaction, "privately");
    await tools.replies.guarded(interaction, place, false, async (words) => {
      const context = await tools.context(interaction, words);
      const { values, reason } = kindFormOf(interaction);
      const made = await context.pool.propose({
        actor: actorOf(context),
        requestKey: context.requestKey,
        place: placeOf(context),
        kind,
        fields: withAccounts(values, namesOf(context)),
        ...(reason === "" ? {} : { reason }),
      });
      return tools.show(place, words, await published(context, made));
    });
  },
};

/** The second steward of an emergency act. */
export const emergencyControl: Control = {
  prefix: "second",
  async button(tools, interaction) {
    const press = pressed(interaction.customId);
    if (press !== null) await run(tools, interaction, press.command, press.values);
  },
};

/** Everything needed to count a closed poll again, as a file for whoever asks. */
async function sendCount(tools: ControlTools, interaction: Asked, number: number): Promise<void> {
  const place = await tools.replies.acknowledge(interaction, "privately");
  await tools.replies.guarded(interaction, place, false, async (words) => {
    const name = `proposal-${number}.json`;
    const bytes = await tools.desk.pool.exportProposal(number);
    await place.create(
      {
        content: words.gov_recount_how.replace("FILE", name),
        flags: MessageFlags.SuppressEmbeds,
        allowed_mentions: { parse: [] },
      },
      [{ name, bytes }],
    );
    return null;
  });
}

async function run(
  tools: ControlTools,
  interaction: Asked,
  command: Parameters<typeof runCommand>[0],
  values: OptionValues,
): Promise<void> {
  const place = await tools.replies.acknowledge(interaction, "privately");
  await tools.replies.guarded(interaction, place, false, async (words) => {
    const context = await tools.context(interaction, words);
    return tools.show(place, words, await runCommand(command, context, values));
  });
}
