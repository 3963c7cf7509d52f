import type { PoolNode, PoolStatus } from "../../protocol/wire/http.ts";
import { bytesInWords, counted, durationInWords, speedInWords } from "./measures.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { FetchLine, PoolNodeLine, PoolView } from "./view.ts";

/** The pool's nodes, queue and last hour. */
export function poolView(status: PoolStatus): PoolView {
  const { lastHour } = status;
  const wait = lastHour.medianWaitMs === null ? "unknown" : durationInWords(lastHour.medianWaitMs);
  return {
    kind: "pool",
    name: sanitiseLine(status.name, 80),
    nodesOnline: status.nodes.filter((node) => node.online).length,
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

/** `2 nodes online · nobody waiting`, for a banner. */
export function poolLine(view: PoolView): string {
  const nodes =
    view.nodesOnline === 0 ? "No node online" : `${counted(view.nodesOnline, "node")} online`;
  const parts = [nodes];
  if (view.running > 0) parts.push(`${view.running} being answered`);
  parts.push(view.waiting === 0 ? "nobody waiting" : `${view.waiting} waiting`);
  return parts.join(" · ");
}

/** `40.1 of 98.4 MB from huggingface.co`, or why it failed. */
export function fetchSentence(line: FetchLine): string {
  if (line.failed) return line.text;
  const size =
    line.totalBytes === null
      ? bytesInWords(line.doneBytes)
      : `${bytesInWords(line.doneBytes)} of ${bytesInWords(line.totalBytes)}`;
  return `${size}${line.text ? ` from ${line.text}` : ""}`;
}

function nodeLine(node: PoolNode): PoolNodeLine {
  return {
    name: sanitiseLine(node.name, 60),
    online: node.online,
    slots: node.slots,
    busy: node.busy,
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
    text: sanitiseLine(fetch.state === "failed" ? fetch.message : fetch.place, 600),
  }));
}
