import type { BallotKind } from "../../protocol/wire/governance.ts";
import type { OutcomePicture } from "./governance/outcome-picture.ts";
import type { DisplayText } from "./text/sanitise.ts";

/**
 * What a command says, as plain data: no platform types, no markup, every string from outside sanitised, and
 * every sentence already in its reader's language, so that a renderer writes no words of its own. Each door turns views
 * into its own messages; bot/views/plain.ts turns them into lines for a terminal.
 */
export type View =
  | AnswerView
  | ProvenanceView
  | PoolView
  | ModelsView
  | HelpView
  | CardView
  | NoticeView;

/** Something a reader can press. Its id survives restarts: all state behind it is in the pool. */
export interface Action {
  /** `command:jobId`, at most 100 characters (Discord's limit on a custom id). */
  readonly id: string;
  readonly label: string;
  /** The only member who may press it; null: everybody. */
  readonly member: string | null;
}

export type AnswerPhase = "waiting" | "writing" | "done" | "stopped" | "failed" | "expired";

/** One answer, or its state so far. `final` views do not change any more. */
export interface AnswerView {
  readonly kind: "answer";
  readonly jobId: string;
  readonly asker: string;
  readonly phase: AnswerPhase;
  readonly final: boolean;
  /** `2 answers ahead · about 12 s`, `Node "maple" is writing`; null when final. */
  readonly status: string | null;
  /** What happened on the way: a node left, a limit was reached, why it failed. */
  readonly notices: readonly string[];
  readonly text: DisplayText;
  /** A long answer takes several messages: which one this is, counted from 1, and of how many. */
  readonly part: number;
  readonly parts: number;
  /** One line: node, model, speed, lineage, receipt; null until there is a receipt. */
  readonly footer: string | null;
  readonly actions: readonly Action[];
}

export interface Row {
  readonly term: string;
  readonly detail: string;
  /** A digest, key or command: shown in a fixed-width face and breakable anywhere. */
  readonly code: boolean;
  /** The moment that `detail` tells, ms since epoch: platforms that can show it in the reader's own time. */
  readonly at?: number;
}

export interface Section {
  /** Unique within the view. */
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
  /** Sentences below the rows; `ordered` numbers them. */
  readonly lines: readonly string[];
  readonly ordered: boolean;
  /** Says what to type for what the card's list or buttons offer: left out where those are shown. */
  readonly typing?: true;
}

export interface CheckLine {
  readonly title: string;
  readonly state: "passed" | "failed" | "not run";
  readonly stateInWords: string;
  readonly detail: string;
}

/** One box of the provenance picture. */
export interface PictureBox {
  readonly role: "asker" | "pool" | "node" | "model" | "ancestor" | "data";
  /** Small line above: what it is. */
  readonly caption: string;
  readonly name: string;
  /** Small line below: licence, class, digest. */
  readonly note: string | null;
  /** Training data only: index of the column with the model it belongs to; null: the whole lineage. */
  readonly of: number | null;
}

/** Columns from asker to training data; each box of a column is linked to those of the next. */
export interface ProvenancePicture {
  readonly columns: readonly {
    readonly link: string | null;
    readonly boxes: readonly PictureBox[];
  }[];
}

/** Where an answer came from, in full. */
export interface ProvenanceView {
  readonly kind: "provenance";
  readonly jobId: string;
  readonly title: string;
  /** One paragraph that says the whole story. */
  readonly summary: string;
  readonly picture: ProvenancePicture;
  readonly pictureTitle: string;
  /** The picture's text equivalent. */
  readonly pictureInWords: string;
  readonly checkTitles: {
    readonly ran: string;
    readonly notRun: string;
    /** In place of an empty list. */
    readonly noneRan: string;
    readonly allRan: string;
  };
  readonly checks: readonly CheckLine[];
  readonly sections: readonly Section[];
  readonly receiptId: string;
}

export interface FetchLine {
  readonly node: string;
  readonly model: string;
  readonly failed: boolean;
  readonly doneBytes: number;
  readonly totalBytes: number | null;
  /** `40.1 of 98.4 MB from huggingface.co`, or why it failed. */
  readonly text: string;
  /** The same as a whole line: `maple fetches …`. */
  readonly told: string;
}

export interface PoolNodeLine {
  readonly name: string;
  readonly online: boolean;
  readonly slots: number;
  readonly busy: number;
  /** `1 of 2 places busy`, `offline` */
  readonly places: string;
  /** Name of the picture of its places. */
  readonly slotsTitle: string;
  readonly models: readonly string[];
  readonly speed: string | null;
  readonly engine: string | null;
  /** `12 answers this hour` */
  readonly lastHour: string;
  /** Models, speed and last hour in one line. */
  readonly told: string;
}

/** Nodes, queue and the last hour. */
export interface PoolView {
  readonly kind: "pool";
  readonly name: string;
  /** `2 nodes online · nobody waiting`, for a banner. */
  readonly line: string;
  readonly nodesOnline: number;
  /** Of those, the ones that take no questions now: paused, outside their hours, about to leave. */
  readonly nodesResting: number;
  readonly waiting: number;
  readonly running: number;
  readonly defaultModel: string | null;
  /** Which model questions go to that choose none. */
  readonly defaultLine: string | null;
  readonly nodes: readonly PoolNodeLine[];
  readonly fetches: readonly FetchLine[];
  /** Answers per minute over the last hour, oldest first. */
  readonly answersPerMinute: readonly number[];
  /** Words of the picture of it. */
  readonly minutes: {
    readonly title: string;
    readonly ago: string;
    readonly now: string;
    readonly inWords: string;
  };
  readonly lastHourTitle: string;
  readonly lastHour: readonly Row[];
}

export interface ModelLine {
  readonly sha256: string;
  readonly name: string;
  readonly size: string | null;
  readonly lineage: string;
  readonly nodesOnline: number;
  /** `on 2 nodes`, `no node online` */
  readonly online: string;
  readonly waiting: number;
  /** Answers questions that choose no model. */
  readonly isDefault: boolean;
  /** Says that it is the default; null for others. */
  readonly mark: string | null;
}

export interface ModelsView {
  readonly kind: "models";
  readonly title: string;
  /** In place of an empty list; null otherwise. */
  readonly none: string | null;
  readonly models: readonly ModelLine[];
}

export interface HelpView {
  readonly kind: "help";
  readonly title: string;
  readonly intro: readonly string[];
  readonly commands: readonly { readonly usage: string; readonly summary: string }[];
}

/** Something to choose from where the platform has lists; in text doors the rows say what to type instead. */
export interface Menu {
  /** Custom id of the list, at most 100 characters. */
  readonly id: string;
  readonly label: string;
  readonly choices: readonly {
    readonly value: string;
    readonly label: string;
    readonly hint: string | null;
  }[];
}

/** A board of facts with what can be done about them: settings, nodes, what a member has left. */
export interface CardView {
  readonly kind: "card";
  /** What it shows: `settings`, `proposal:12`. */
  readonly id: string;
  readonly title: string;
  /** The gist in one line below the title; null where there is none. */
  readonly line: string | null;
  readonly sections: readonly Section[];
  readonly actions: readonly Action[];
  readonly menus?: readonly Menu[];
  /** A vote's result, to be drawn where pictures can be shown. */
  readonly picture?: OutcomePicture | null;
  /** What can be voted on right now, for doors that make their own ballots of it. */
  readonly ballot?: BallotPaper | null;
}

/** A ballot to be filled in: what it is about and how it is answered. */
export interface BallotPaper {
  readonly number: number;
  readonly revision: number;
  readonly kind: BallotKind;
  /** Nobody else may see what is chosen. */
  readonly sealed: boolean;
  /** In the order of the card; a yes-no ballot has none. */
  readonly options: readonly { readonly id: string; readonly title: string }[];
}

/** One sentence to a person, usually about something that did not work. */
export interface NoticeView {
  readonly kind: "notice";
  readonly tone: "info" | "error";
  readonly code: string;
  readonly text: string;
}
