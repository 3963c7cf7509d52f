import type { OutcomePicture } from "../../governance/outcome-picture.ts";
import { attributes, wrapName } from "../svg.ts";
import { heading, hue, PANEL_WIDTH, type Panel, words } from "./panel.ts";

const TALL = 190;
const TOP = 46;
const BLOCK = 16;
const GAP = 5;
/** Ballots that name no continuing option any more. */
const LOST = "#c9cdc6";

interface Block {
  readonly option: number | null;
  readonly y: number;
  readonly height: number;
}

/**
 * How ballots moved between rounds: a column of blocks for each round, one block an option, as tall as its
 * ballots; ribbons lead from an option to itself and from one that left to those that gained. What nobody
 * took over goes to the grey block below: ballots that name no continuing option any more.
 */
export function roundsPanel({
  rounds,
  roundsTitle,
  roundName,
  options,
  exhausted,
}: OutcomePicture): Panel {
  const most = Math.max(1, ...rounds.map((round) => sum(round.votes) + round.exhausted));
  const scale = (TALL - GAP * options.length) / most;
  const columns = rounds.map((round) => blocksOf(round.votes, round.exhausted, scale));
  const step = rounds.length > 1 ? (PANEL_WIDTH - 215) / (rounds.length - 1) : 0;
  const x = (at: number) => 30 + at * step;
  const parts: string[] = [heading(roundsTitle)];
  for (const [at, column] of columns.entries()) {
    const next = columns[at + 1];
    if (next !== undefined) parts.push(ribbons(column, next, [x(at) + BLOCK, x(at + 1)], options));
    parts.push(
      words(x(at) + BLOCK / 2, TOP - 10, `${roundName} ${at + 1}`, {
        quiet: true,
        anchor: "middle",
      }),
    );
    for (const block of column) parts.push(drawn(block, x(at), options));
  }
  const last = columns.at(-1) ?? [];
  for (const { option, y, height } of last) {
    if (height < 8) continue;
    const name = option === null ? exhausted : (options[option]?.title ?? "");
    const votes = option === null ? rounds.at(-1)?.exhausted : rounds.at(-1)?.votes[option];
    const label = `${votes ?? ""} ${wrapName(name, 16, 1)[0] ?? ""}`;
    const weight = option !== null && options[option]?.wins ? 700 : 400;
    parts.push(
      words(x(columns.length - 1) + BLOCK + 6, y + height / 2 + 4, label, { size: 12, weight }),
    );
  }
  return { svg: parts.join(""), height: TOP + TALL + 14 };
}

function sum(votes: readonly (number | null)[]): number {
  return votes.reduce<number>((total, each) => total + (each ?? 0), 0);
}

function blocksOf(votes: readonly (number | null)[], lost: number, scale: number): Block[] {
  const blocks: Block[] = [];
  let y = TOP;
  const add = (option: number | null, count: number) => {
    if (count <= 0) return;
    const height = count * scale;
    blocks.push({ option, y, height });
    y += height + GAP;
  };
  for (const [option, count] of votes.entries()) add(option, count ?? 0);
  add(null, lost);
  return blocks;
}

function drawn(
  { option, y, height }: Block,
  x: number,
  options: OutcomePicture["options"],
): string {
  const fill = option === null ? LOST : hue(option, options[option]?.isDefault);
  return `<rect${attributes({ x, y: y.toFixed(1), width: BLOCK, height: Math.max(1, height).toFixed(1) })} fill="${fill}"/>`;
}

/** Ribbons between two columns; what left is shared among those that gained, in proportion to their gain. */
function ribbons(
  from: readonly Block[],
  to: readonly Block[],
  [x1, x2]: readonly [number, number],
  options: OutcomePicture["options"],
): string {
  const fillOf = (option: number | null) =>
    option === null ? LOST : hue(option, options[option]?.isDefault);
  const drawnAt = new Map(to.map(({ option, y }) => [option, y]));
  const kept = new Map(from.map(({ option, height }) => [option, height]));
  const parts: string[] = [];
  const gains: { option: number | null; height: number }[] = [];
  for (const { option, height } of to) {
    const before = from.find((block) => block.option === option);
    const stays = Math.min(before?.height ?? 0, height);
    if (before !== undefined && stays > 0) {
      parts.push(ribbon(x1, before.y, x2, drawnAt.get(option) as number, stays, fillOf(option)));
      drawnAt.set(option, (drawnAt.get(option) as number) + stays);
      kept.set(option, before.height - stays);
    }
    if (height > stays + 0.01) gains.push({ option, height: height - stays });
  }
  const gained = gains.reduce((total, { height }) => total + height, 0);
  for (const { option, y, height } of from) {
    const leaving = kept.get(option) as number;
    let start = y + height - leaving;
    for (const gain of gained > 0 && leaving > 0.01 ? gains : []) {
      const tall = (leaving * gain.height) / gained;
      const end = drawnAt.get(gain.option) as number;
      parts.push(ribbon(x1, start, x2, end, tall, fillOf(option)));
      start += tall;
      drawnAt.set(gain.option, end + tall);
    }
  }
  return parts.join("");
}

function ribbon(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  tall: number,
  fill: string,
): string {
  const middle = ((x1 + x2) / 2).toFixed(1);
  const at = (value: number) => value.toFixed(1);
  const path = `M${at(x1)} ${at(y1)}C${middle} ${at(y1)} ${middle} ${at(y2)} ${at(x2)} ${at(y2)}V${at(y2 + tall)}C${middle} ${at(y2 + tall)} ${middle} ${at(y1 + tall)} ${at(x1)} ${at(y1 + tall)}Z`;
  return `<path d="${path}" fill="${fill}" fill-opacity="0.28"/>`;
}
