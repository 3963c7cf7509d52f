import type { CommunityNode } from "../../protocol/wire/moderation.ts";
import { NODE_ACTS, type NodeAct, nodesCard } from "../views/community/nodes.ts";
import { errorNotice, infoNotice } from "../views/notice.ts";
import { sanitiseLine } from "../views/text/sanitise.ts";
import { filled } from "../words/catalogue.ts";
import {
  actorOf,
  type Command,
  type CommandContext,
  namesOf,
  type Outcome,
  privately,
  wordsOf,
} from "./command.ts";
import { nameIn } from "./names.ts";
import { poolInvite } from "./pool-invite.ts";

/** Shows the nodes that serve a community; holds one back or lets it serve again. */
export const poolNodes: Command = {
  name: "pool nodes",
  summary: "Nodes that serve here; moderators pause, quarantine or resume one",
  options: [
    {
      name: "act",
      summary: "pause, bar or resume",
      type: "first",
      required: false,
      choices: NODE_ACTS.map((act) => ({ value: act, word: `node_${act}` as const })),
    },
    { name: "node", summary: "The node's name and the reason", type: "text", required: false },
  ],
  async run(context, values) {
    const words = wordsOf(context);
    const seen = await context.pool.communityNodes(context.community, actorOf(context));
    const { nodes } = seen;
    const typed = values.act?.toLowerCase() ?? "";
    if (typed === "") {
      const commands = { nodes: nameIn(words, poolNodes), invite: nameIn(words, poolInvite) };
      return privately(nodesCard(seen, commands, words, namesOf(context)));
    }
    const act = NODE_ACTS.find(
      (one) => one === typed || words[`node_${one}`].toLowerCase() === typed,
    );
    if (!act) return privately(errorNotice("unknown_act", words.node_act_unknown));
    const { found, rest } = nodeMeant(nodes, values.node ?? "");
    if (found.length !== 1) {
      const all = (found.length > 1 ? found : nodes)
        .map(({ name, keyId }) => (found.length > 1 ? keyId : sanitiseLine(name, 60)))
        .join(", ");
      const sentence = found.length > 1 ? words.node_several : words.node_unknown;
      const name = sanitiseLine(values.node ?? "", 60);
      return privately(errorNotice("node_unknown", filled(sentence, { name, all })));
    }
    return actOnNode(context, act, found[0] as CommunityNode, rest);
  },
};

/** Pauses, bars or resumes a node for the community. `reason` is read by its volunteer. */
export async function actOnNode(
  context: CommandContext,
  act: NodeAct,
  node: Pick<CommunityNode, "keyId" | "name">,
  reason: string,
): Promise<Outcome> {
  const words = wordsOf(context);
  const name = sanitiseLine(node.name, 60);
  const actor = actorOf(context);
  const scope = context.community;
  if (act === "resume") {
    await context.pool.liftStanding(node.keyId, { actor, scope });
    return privately(infoNotice("resumed", filled(words.node_resumed, { name })));
  }
  if (reason.trim() === "") {
    return privately(errorNotice("reason_missing", words.node_reason_missing));
  }
  await context.pool.setStanding(node.keyId, {
    actor,
    scope,
    state: act === "bar" ? "barred" : "paused",
    reason: reason.trim().slice(0, 1000),
  });
  const told = act === "bar" ? words.node_barred : words.node_paused;
  return privately(infoNotice(act === "bar" ? "barred" : "paused", filled(told, { name })));
}

/** The node whose name or key the text begins with, longest name first, and what stands behind it. */
function nodeMeant(nodes: readonly CommunityNode[], text: string) {
  const typed = text.trim();
  const begins = (beginning: string) =>
    typed === beginning || typed.toLowerCase().startsWith(`${beginning.toLowerCase()} `);
  const names = nodes
    .flatMap(({ name, keyId }) => [name, keyId])
    .filter(begins)
    .sort((a, b) => b.length - a.length);
  const longest = names[0] ?? "";
  const found =
    longest === ""
      ? []
      : nodes.filter(
          ({ name, keyId }) => name.toLowerCase() === longest.toLowerCase() || keyId === longest,
        );
  return { found, rest: typed.slice(longest.length).trim() };
}
