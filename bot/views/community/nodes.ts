import type { CommunityNode, CommunityNodes, Standing } from "../../../protocol/wire/moderation.ts";
import type { Names } from "../../commands/command.ts";
import { counted, filled, type Words } from "../../words/catalogue.ts";
import { sanitiseLine } from "../text/sanitise.ts";
import type { Action, CardView, Menu, Row, Section } from "../view.ts";

/** Custom id of the list of nodes. */
export const NODES_MENU = "nodes:choose";

/** What can be done with a node. */
export const NODE_ACTS = ["pause", "bar", "resume"] as const;
export type NodeAct = (typeof NODE_ACTS)[number];

/**
 * The nodes that serve a community and what holds for each; for those who may decide about them, how one is held
 * back.
 */
export function nodesCard(
  { nodes, mayDecide }: CommunityNodes,
  commands: { readonly nodes: string; readonly invite: string },
  words: Words,
  names: Names,
): CardView {
  const how: Section = {
    id: "how",
    title: words.nodes_how,
    rows: [],
    lines: [filled(words.nodes_type, { command: commands.nodes })],
    ordered: false,
    typing: true,
  };
  const menu: Menu = {
    id: NODES_MENU,
    label: words.nodes_menu,
    choices: nodes.map((node) => ({
      value: node.keyId,
      label: sanitiseLine(node.name, 80),
      hint: stateOf(node, words),
    })),
  };
  return {
    kind: "card",
    id: "nodes",
    title: words.nodes_title,
    line:
      nodes.length === 0 && mayDecide
        ? filled(words.nodes_none, { command: commands.invite })
        : counted(words, words.nodes_count, nodes.length),
    sections: [
      {
        id: "nodes",
        title: words.nodes_section,
        rows: nodes.map((node) => nodeRow(node, words, names)),
        lines: mayDecide ? [words.nodes_means] : [],
        ordered: false,
      },
      ...(mayDecide ? [how] : []),
    ],
    actions: [],
    menus: mayDecide ? [menu] : [],
  };
}

/** One node, and for those who may decide what can be done with it. */
export function nodeCard(
  node: CommunityNode,
  mayDecide: boolean,
  words: Words,
  names: Names,
): CardView {
  const held = node.standings.some(({ scope }) => scope !== "*");
  const action = (act: NodeAct, label: string): Action => ({
    id: `node:${act}:${node.keyId}`,
    label,
    member: null,
  });
  const acts = [action("pause", words.node_pause), action("bar", words.node_bar)];
  return {
    kind: "card",
    id: "node",
    title: sanitiseLine(node.name, 80),
    line: stateOf(node, words),
    sections: [
      {
        id: "node",
        title: words.row_node,
        rows: [
          nodeRow(node, words, names),
          { term: words.row_key, detail: sanitiseLine(node.keyId, 80), code: true },
        ],
        lines: [words.nodes_means],
        ordered: false,
      },
    ],
    actions: !mayDecide ? [] : held ? [...acts, action("resume", words.node_resume)] : acts,
  };
}

function nodeRow(node: CommunityNode, words: Words, names: Names): Row {
  const facts = filled(words.nodes_line, {
    state: node.online ? words.online : words.offline,
    trust: words[`trust_${node.trust}`],
    running: counted(words, words.nodes_running, node.running),
    day: counted(words, words.nodes_day, node.lastDay),
  });
  const held = node.standings.map((standing) => standingInWords(standing, words, names));
  return {
    term: sanitiseLine(node.name, 60),
    detail: sanitiseLine([facts, ...held].join(" · "), 900),
    code: false,
  };
}

function standingInWords(standing: Standing, words: Words, names: Names): string {
  const told = filled(words.standing_told, {
    state: words[`standing_${standing.state}`],
    name: sanitiseLine(names.nameOf("account", standing.by), 80),
    reason: sanitiseLine(standing.reason, 300),
  });
  return standing.scope === "*" ? filled(words.standing_everywhere, { told }) : told;
}

function stateOf({ online, standings }: CommunityNode, words: Words): string {
  const [held] = standings;
  if (held) return words[`standing_${held.state}`];
  return online ? words.online : words.offline;
}
