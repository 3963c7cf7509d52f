import type { ModelFetch } from "../../protocol/wire/gateway.ts";
import type { PoolNode, PoolStatus } from "../../protocol/wire/http.ts";
import { counted, ENGLISH, filled, type Words } from "../words/catalogue.ts";
import { bytesInWords, durationInWords, speedInWords } from "./measures.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { FetchLine, PoolNodeLine, PoolView, Row } from "./view.ts";

/** The pool's nodes, queue and last hour. */
export function poolView(status: PoolStatus, words: Words = ENGLISH): PoolView {
  const { lastHour } = status;
  const median = lastHour.medianWaitMs;
  const wait = median === null ? words.unknown : durationInWords(median, words);
  const nodesOnline = status.nodes.filter((node) => node.online).length;
  const nodesResting = status.nodes.filter((node) => restIn(node, words) !== null).length;
  const defaultModel = status.defaultModel ? sanitiseLine(status.defaultModel.name, 120) : null;
  return {
    kind: "pool",
    name: sanitiseLine(status.name, 80),
    line: bannerLine(nodesOnline, nodesResting, status, words),
    nodesOnline,
    nodesResting,
    waiting: status.waiting,
    running: status.running,
    defaultModel,
    defaultLine:
      defaultModel === null ? null : filled(words.pool_questions_go_to, { model: defaultModel }),
    nodes: status.nodes.map((node) => nodeLine(node, words)),
    fetches: status.nodes.filter((node) => node.online).flatMap((node) => fetchLines(node, words)),
    answersPerMinute: status.answersPerMinute,
    minutes: {
      title: words.minutes_title,
      ago: words.minutes_ago,
      now: words.minutes_now,
      inWords: answersInWords(status.answersPerMinute, words),
    },
    lastHourTitle: words.last_hour,
    lastHour: [
      row(words.hour_answers, counted(words, words.answers, lastHour.answers)),
      row(words.hour_written, counted(words, words.tokens, lastHour.tokens)),
      row(words.hour_failed, counted(words, words.questions, lastHour.failed)),
      row(words.hour_usual_wait, wait),
    ],
  };
}

function row(term: string, detail: string): Row {
  return { term, detail, code: false };
}

/** Why a node that is online takes no questions now; null for one that does. */
function restIn({ online, conditions }: PoolNode, words: Words): string | null {
  if (!online) return null;
  switch (conditions?.state) {
    case "paused":
      return words.node_rests_paused;
    case "off-hours":
      return words.node_rests_hours;
    case "draining":
      return words.node_leaving;
    default:
      return null;
  }
}

function bannerLine(
  nodesOnline: number,
  nodesResting: number,
  { running, waiting }: PoolStatus,
  words: Words,
): string {
  const parts = [
    nodesOnline === 0 ? words.no_node_online : counted(words, words.nodes_online, nodesOnline),
  ];
  if (nodesResting > 0) parts.push(counted(words, words.nodes_resting, nodesResting));
  if (running > 0) parts.push(counted(words, words.being_answered, running));
  parts.push(waiting === 0 ? words.nobody_waiting : counted(words, words.waiting_count, waiting));
  return parts.join(" · ");
}

function answersInWords(perMinute: readonly number[], words: Words): string {
  const total = perMinute.reduce((sum, count) => sum + count, 0);
  const most = String(Math.max(0, ...perMinute));
  return counted(words, words.minutes_in_words, total, { most });
}

function nodeLine(node: PoolNode, words: Words): PoolNodeLine {
  const models = node.models.map((model) => sanitiseLine(model.name, 120));
  const places = node.online
    ? (restIn(node, words) ??
      counted(words, words.places_busy, node.slots, { busy: String(node.busy) }))
    : words.node_offline;
  const speed = speedInWords(node.tokensPerSecond, words);
  const lastHour = counted(words, words.answers_this_hour, node.lastHour.answers);
  const name = sanitiseLine(node.name, 60);
  return {
    name,
    online: node.online,
    slots: node.slots,
    busy: node.busy,
    places,
    slotsTitle: filled(words.slots_title, { node: name }),
    models,
    speed,
    engine: node.engine
      ? sanitiseLine(`${node.engine.name}, ${node.engine.library}, ${node.engine.backend}`, 160)
      : null,
    lastHour,
    told: [models.join(", ") || words.node_no_model, speed, lastHour]
      .filter((part) => part !== null)
      .join(" · "),
  };
}

function fetchLines(node: PoolNode, words: Words): FetchLine[] {
  return node.fetches.map((fetch) => {
    const name = sanitiseLine(node.name, 60);
    const model = sanitiseLine(fetch.name, 120);
    const text = sanitiseLine(fetchInWords(fetch, words), 1000);
    return {
      node: name,
      model,
      failed: fetch.state === "failed",
      doneBytes: fetch.receivedBytes,
      totalBytes: fetch.totalBytes === 0 ? null : fetch.totalBytes,
      text,
      told: filled(words.fetch_line, { node: name, model, text }),
    };
  });
}

function fetchInWords(
  { state, message, receivedBytes, totalBytes, place }: ModelFetch,
  words: Words,
): string {
  if (state === "failed") return message;
  const done = bytesInWords(receivedBytes, words);
  const total = totalBytes === 0 ? null : bytesInWords(totalBytes, words);
  const size = total === null ? done : filled(words.fetch_done_of, { done, total });
  return place === "" ? size : filled(words.fetch_from, { size, place });
}
