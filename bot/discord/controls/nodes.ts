import { actorOf, namesOf } from "../../commands/command.ts";
import { actOnNode } from "../../commands/pool-nodes.ts";
import { NODE_ACTS, type NodeAct, nodeCard } from "../../views/community/nodes.ts";
import { errorNotice } from "../../views/notice.ts";
import { wordsFor } from "../../words/catalogue.ts";
import type { Asked } from "../replies.ts";
import type { Control, ControlTools } from "./control.ts";
import { answerOf, formOf, textField } from "./form.ts";

/** `/pool nodes`: choose a node from the card's list and see what can be done with it. */
export const nodeChooser: Control = {
  prefix: "nodes",
  async select(tools, interaction) {
    const { desk, replies } = tools;
    const place = await replies.acknowledge(interaction, "privately");
    await replies.guarded(interaction, place, false, async (words) => {
      const context = await tools.context(interaction, words);
      const { nodes, mayDecide } = await desk.pool.communityNodes(
        context.community,
        actorOf(context),
      );
      const node = nodes.find(({ keyId }) => keyId === interaction.values[0]);
      if (!node) return errorNotice("node_unknown", words.button_gone);
      const view = nodeCard(node, mayDecide, words, namesOf(context));
      return tools.show(place, words, { kind: "view", view, private: true });
    });
  },
};

/** Pause and quarantine ask for the reason; resume needs none. */
export const nodeActs: Control = {
  prefix: "node",
  async button(tools, interaction, rest) {
    const { act, keyId } = partsOfAct(rest);
    if (act === "resume") return carryOut(tools, interaction, act, keyId, "");
    const words = wordsFor(interaction.locale);
    await tools.replies.openModal(
      interaction,
      formOf({
        customId: interaction.customId,
        title: act === "bar" ? words.node_bar : words.node_pause,
        label: words.node_reason,
        hint: words.node_reason_ask,
        field: textField({ long: true, required: true, maxLength: 1000 }),
      }),
    );
  },
  async form(tools, interaction, rest) {
    const { act, keyId } = partsOfAct(rest);
    await carryOut(tools, interaction, act, keyId, answerOf(interaction)[0] ?? "");
  },
};

async function carryOut(
  tools: ControlTools,
  interaction: Asked,
  act: NodeAct,
  keyId: string,
  reason: string,
): Promise<void> {
  const place = await tools.replies.acknowledge(interaction, "privately");
  await tools.replies.guarded(interaction, place, false, async (words) => {
    const context = await tools.context(interaction, words);
    const { nodes } = await tools.desk.pool.communityNodes(context.community, actorOf(context));
    const node = nodes.find((one) => one.keyId === keyId);
    if (!node) return errorNotice("node_unknown", words.button_gone);
    return tools.show(place, words, await actOnNode(context, act, node, reason));
  });
}

function partsOfAct(rest: string): { readonly act: NodeAct; readonly keyId: string } {
  const at = rest.indexOf(":");
  const named = rest.slice(0, at);
  const act = NODE_ACTS.find((one) => one === named) ?? "resume";
  return { act, keyId: rest.slice(at + 1) };
}
