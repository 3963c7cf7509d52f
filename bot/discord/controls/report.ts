import { actorOf, namesOf } from "../../commands/command.ts";
import { report } from "../../commands/report.ts";
import { runCommand } from "../../conversation.ts";
import { reportCard } from "../../views/community/report.ts";
import { errorNotice } from "../../views/notice.ts";
import { wordsFor } from "../../words/catalogue.ts";
import { showAgain } from "../desk.ts";
import type { Control } from "./control.ts";
import { answerOf, formOf, textField } from "./form.ts";

/** The button below an answer: a form asks what is wrong with it. */
export const reportForm: Control = {
  prefix: "report",
  async button({ replies }, interaction) {
    const words = wordsFor(interaction.locale);
    await replies.openModal(
      interaction,
      formOf({
        customId: interaction.customId,
        title: words.report_title,
        label: words.report_why,
        hint: words.report_why_ask,
        field: textField({ long: true, required: true, maxLength: 1000 }),
      }),
    );
  },
  async form(tools, interaction, jobId) {
    const place = await tools.replies.acknowledge(interaction, "privately");
    await tools.replies.guarded(interaction, place, false, async (words) => {
      const context = await tools.context(interaction, words);
      const values = { answer: jobId, reason: answerOf(interaction)[0] ?? "" };
      return tools.show(place, words, await runCommand(report, context, values));
    });
  },
};

/** In the moderators' room: the report is dealt with, and its message says by whom. */
export const reportHandled: Control = {
  prefix: "handled",
  async button(tools, interaction, reportId) {
    const { desk, replies } = tools;
    const place = await replies.acknowledge(interaction, "silently");
    await replies.guarded(interaction, place, false, async (words) => {
      if (!/^[0-9a-f-]{36}$/.test(reportId)) {
        return errorNotice("unknown_button", words.button_gone);
      }
      const context = await tools.context(interaction, words);
      const done = await desk.pool.reportHandled(reportId, actorOf(context));
      const shown = context.publicWords ?? words;
      await showAgain(desk, place, "@original", shown, reportCard(done, shown, namesOf(context)));
      return null;
    });
  },
};
