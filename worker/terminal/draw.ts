import type { WorkerStatus } from "../control/wire.ts";
import { clockInWords, moment, number, printable, size, span, wrapped } from "../words.ts";
import { cells, fitted, type Line, plainText, type Span, type Style } from "./line.ts";

/** What the view shows besides the worker's status. */
export interface ViewExtras {
  readonly columns: number;
  readonly rows: number;
  readonly now: number;
  /** Latest log lines, oldest first. */
  readonly log: readonly string[];
  readonly help: boolean;
}

const LABEL_CELLS = 8;
const BARS = "▁▂▃▄▅▆▇█";

const HELP = [
  "p      pause, and take answers again",
  "q      leave: finishes what it is writing first; q again leaves at once",
  "?      this help",
  "Ctrl-C like q",
  "",
  "From another terminal: npm run worker -- status, pause 2h, resume, limits, models, leave.",
  "The questions this machine answers pass through its memory; the worker writes them nowhere.",
];

/** The whole view: at most `rows` lines of at most `columns` cells. Pure. */
export function viewLines(status: WorkerStatus, extras: ViewExtras): Line[] {
  const { columns, rows, now, log, help } = extras;
  const facts = factLines(status, columns, now);
  const head = [title(status, columns), [["─".repeat(Math.max(0, columns)), "dim"]] as Line];
  const foot: Line = footer(status, columns);
  const middle: Line[] = help
    ? HELP.flatMap((text) =>
        wrapped(text, Math.max(20, columns), /^\S+ {2}/.test(text) ? "       " : "").map(asLine),
      )
    : log.map((text): Line => [[text, "dim"]]);
  const room = Math.max(0, rows - head.length - facts.length - 3);
  const shown = help ? middle.slice(0, room) : middle.slice(-room || middle.length);
  const body = [...head, ...facts, [], ...(room === 0 ? [] : shown)];
  const filled = [
    ...body.slice(0, Math.max(0, rows - 1)),
    ...Array.from({ length: Math.max(0, rows - 1 - body.length) }, (): Line => []),
  ];
  return [...filled, foot].slice(-rows).map((line) => fitted(line, columns));
}

/** The same facts for a command's answer: plain lines. */
export function statusLines(status: WorkerStatus, columns: number, now: number): string[] {
  return [title(status, columns), ...factLines(status, columns, now)].map((line) =>
    plainText(fitted(line, columns)).trimEnd(),
  );
}

function asLine(text: string): Line {
  return [[text]];
}

function title(status: WorkerStatus, columns: number): Line {
  const name = `The Substrate · ${status.name}`;
  const [word, style] = stateInWords(status);
  const state = `● ${word}`;
  const gap = columns - cells(name) - cells(state);
  if (gap < 1)
    return [
      [`● ${status.name} `, style],
      [word, style],
    ];
  return [[name, "bold"], [" ".repeat(gap)], [state, style]];
}

function stateInWords({ state, why, connection, slots }: WorkerStatus): [string, Style] {
  if (state === "draining") return [`leaving, ${slots.taken} to finish`, "wait"];
  if (connection.is !== "connected") return ["not connected", "bad"];
  switch (state) {
    case "open":
      return slots.taken > 0 ? ["answering", "good"] : ["ready", "good"];
    case "paused":
      return ["paused", "wait"];
    case "off-hours":
      return [why, "wait"];
  }
}

function factLines(status: WorkerStatus, columns: number, now: number): Line[] {
  const wide = columns >= 60;
  const row = (label: string, ...spans: Span[]): Line => [
    [label.padEnd(LABEL_CELLS), "dim"],
    ...spans,
  ];
  const { today, slots, engine } = status;
  const lines: Line[] = [row("pool", ...poolSpans(status, now))];
  const models = status.models.map((model): Line => {
    const speed =
      model.tokensPerSecond === null ? "" : ` · ${number(model.tokensPerSecond)} tokens/s alone`;
    const bytes = model.bytes === 0 ? "" : ` · ${size(model.bytes)}`;
    const loaded = model.loaded ? "" : " · not loaded";
    return row("model", [printable(model.name)], [`${bytes}${speed}${loaded}`, "dim"]);
  });
  const fetches = status.fetches.map((fetch): Line => {
    if (fetch.state === "failed") return row("model", [printable(fetch.message), "bad"]);
    const share = fetch.totalBytes === 0 ? 0 : fetch.receivedBytes / fetch.totalBytes;
    return row(
      "model",
      [printable(fetch.name)],
      [` · fetching ${Math.floor(share * 100)} % of ${size(fetch.totalBytes)}`, "wait"],
    );
  });
  lines.push(...[...models, ...fetches].slice(0, 4));
  if (models.length + fetches.length === 0) lines.push(row("model", ["none yet", "wait"]));
  const threads =
    engine.threads === 0 ? "" : ` · ${engine.threads} thread${plural(engine.threads)}`;
  const atOnce = ` · ${slots.total} answer${plural(slots.total)} at once`;
  const audit = engine.auditable ? "" : " · not auditable";
  lines.push(
    row(
      "engine",
      [printable(engine.library)],
      [` (${engine.backend})${threads}${atOnce}${audit}`, "dim"],
    ),
  );
  if (wide) lines.push([]);
  const curveCells = Math.max(0, Math.min(30, columns - 48));
  lines.push(
    row(
      "now",
      [`${slots.taken} of ${slots.total} answers`],
      [` · ${speedInWords(status.tokensPerSecond)} tokens/s  `],
      [curve(status.curve, curveCells), "good"],
    ),
  );
  const most = today.most === null ? "" : ` · at most ${number(today.most)} answers`;
  lines.push(
    row(
      "today",
      [`${number(today.answers)} answer${plural(today.answers)} · ${number(today.tokens)} tokens`],
      [most, "dim"],
    ),
  );
  const waiting =
    status.waiting === null ? "not told" : `${number(status.waiting)} waiting for your models`;
  lines.push(row("queue", [waiting, status.waiting === null ? "dim" : "plain"]));
  lines.push(row("hours", ...hoursSpans(status, now)));
  if (status.clockAheadMs !== 0) {
    lines.push(
      row(
        "clock",
        [clockInWords(status.clockAheadMs), "bad"],
        [" · hours and days go by it", "dim"],
      ),
    );
  }
  return lines;
}

function poolSpans({ pool, url, connection }: WorkerStatus, now: number): Span[] {
  const name: Span = [printable(pool?.name ?? url)];
  const since = span(now - connection.since);
  if (connection.is === "connected") return [name, [` · connected for ${since}`, "dim"]];
  const problem = connection.problem === "" ? "" : ` (${printable(connection.problem)})`;
  return [name, [` · trying to connect for ${since}${problem}`, "bad"]];
}

function hoursSpans({ hours, zone, state, until }: WorkerStatus, now: number): Span[] {
  const rule: Span = [hours ?? "always"];
  const place: Span = [hours === null ? "" : ` (${zone})`, "dim"];
  if (until === null) return [rule, place];
  const when = moment(until, zone, now);
  return [rule, place, [` · ${state === "open" ? "until" : "again"} ${when}`, "plain"]];
}

function footer({ state }: WorkerStatus, columns: number): Line {
  if (state === "draining")
    return [
      ["q", "bold"],
      [" leave at once", "dim"],
    ];
  const pause = state === "paused" ? "resume" : "pause";
  const keys: Line = [
    ["p", "bold"],
    [` ${pause}  `, "dim"],
    ["q", "bold"],
    [" leave  ", "dim"],
    ["?", "bold"],
    [" help", "dim"],
  ];
  return fitted(keys, columns);
}

/** The last seconds as little bars, the highest one full. */
export function curve(counts: readonly number[], width: number): string {
  const last = counts.slice(Math.max(0, counts.length - width));
  const most = Math.max(...last, 0);
  if (most === 0 || width === 0) return "";
  return last
    .map((count) => (count === 0 ? " " : BARS[Math.ceil((count / most) * 8) - 1]))
    .join("");
}

function speedInWords(tokensPerSecond: number): string {
  return tokensPerSecond < 10 ? tokensPerSecond.toFixed(1) : number(Math.round(tokensPerSecond));
}

function plural(count: number): string {
  return count === 1 ? "" : "s";
}
