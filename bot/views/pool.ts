import type { ModelFetch } from "../../protocol/wire/gateway.ts";
import type { PoolNode, PoolStatus } from "../../protocol/wire/http.ts";
import { bytesInWords, counted, durationInWords, speedInWords } from "./measures.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { FetchLine, PoolNodeLine, PoolView } from "./view.ts";

/** The pool's nodes, queue and last hour. */
export function poolView(status: PoolStatus): PoolView {
  const { lastHour } = status;
  const wait = lastHour.medianWaitMs === null ? "unknown" : durationInWords(lastHour.medianWaitMs);
  const nodesOnline = status.nodes.filter((node) => node.online).length;
  return {
    kind: "pool",
    name: sanitiseLine(status.name, 80),
    line: bannerLine(nodesOnline, status),
    nodesOnline,
    waiting: status.waiting,
    running: status.running,
    defaultModel: status.defaultModel ? sanitiseLine(status.defaultModel.name, 120) : null,
    nodes: status.nodes.map(nodeLine),
    fetches: status.nodes.filter((node) => node.online).flatMap(fetchLines),
    answersPerMinute: status.answersPerMinute,
    lastHour: [
      { term: "Answers", detail: counted(lastHour.answers, "answer"), code: false },
      { term: "Written", detail: counted(lastHour.tokens, "token"), code: false },
      { term: "Failed", detail: counted(lastHour.failed, "question"), code: false },
      { term: "Usual wait", detail: wait, code: false },
    ],
  };
}

function bannerLine(nodesOnline: number, { running, waiting }: PoolStatus): string {
  const nodes = nodesOnline === 0 ? "No node online" : `${counted(nodesOnline, "node")} online`;
  const parts = [nodes];
  if (running > 0) parts.push(`${running} being answered`);
  parts.push(waiting === 0 ? "nobody waiting" : `${waiting} waiting`);
  return parts.join(" · ");
}

/** How many of a node's places are taken: `1 of 2 places busy`. */
export function slotsInWords({ slots, busy }: { slots: number; busy: number }): string {
  return `${busy} of ${counted(slots, "place")} busy`;
}

function nodeLine(node: PoolNode): PoolNodeLine {
  return {
    name: sanitiseLine(node.name, 60),
    online: node.online,
    slots: node.slots,
    busy: node.busy,
    places: node.online ? slotsInWords(node) : "offline",
    models: node.models.map((model) => sanitiseLine(model.name, 120)),
    speed: speedInWords(node.tokensPerSecond),
    engine: node.engine
      ? sanitiseLine(`${node.engine.name}, ${node.engine.library}, ${node.engine.backend}`, 160)
      : null,
    lastHour: counted(node.lastHour.answers, "answer"),
  };
}

function fetchLines(node: PoolNode): FetchLine[] {
  return node.fetches.map((fetch) => ({
    node: sanitiseLine(node.name, 60),
    model: sanitiseLine(fetch.name, 120),
    failed: fetch.state === "failed",
    doneBytes: fetch.receivedBytes,
    totalBytes: fetch.totalBytes === 0 ? null : fetch.totalBytes,
    text: sanitiseLine(fetchInWords(fetch), 1000),
  }));
}

function fetchInWords({ state, message, receivedBytes, totalBytes, place }: ModelFetch): string {
  if (state === "failed") return message;
  const done = bytesInWords(receivedBytes);
  const size = totalBytes === 0 ? done : `${done} of ${bytesInWords(totalBytes)}`;
  return place === "" ? size : `${size} from ${place}`;
}
