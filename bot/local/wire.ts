import Type from "typebox";
import {
  type BallotKind,
  ChoiceInput,
  type FormField,
  FormValues,
} from "../../protocol/wire/governance.ts";
import { PlatformId, Uuid } from "../../protocol/wire/primitives.ts";
import type { PoolSight } from "../pool/watch.ts";
import type { DisplayText } from "../views/text/sanitise.ts";
import type { View } from "../views/view.ts";
import type { Words } from "../words/catalogue.ts";

/** What travels between the local room's page and its server (bot/local/server.ts). */

export const PERSON_IDS = ["first", "second"] as const;
export type PersonId = (typeof PERSON_IDS)[number];

export interface Person {
  readonly id: PersonId;
  readonly name: string;
}

/** A message as the room keeps it. */
export interface RoomMessage {
  readonly id: string;
  readonly atMs: number;
  /** `pool`: written by the door on behalf of the pool. */
  readonly from: PersonId | "pool";
  /** The only person who sees it; null: everybody. */
  readonly to: PersonId | null;
  readonly replyTo: string | null;
  /** The answer it shows, or the question's job: what a reply to it goes on with. */
  readonly jobId: string | null;
  readonly said: DisplayText | null;
  readonly view: View | null;
}

/** A message as the page gets it: model text as sanitised HTML, numbers as pictures. */
export interface ShownMessage extends RoomMessage {
  readonly html: string | null;
  readonly pictures: Readonly<Record<string, string>>;
}

export interface CommandLine {
  /** In the page's language. */
  readonly name: string;
  /** Its name everywhere. */
  readonly english: string;
  readonly usage: string;
  readonly summary: string;
}

/** Words that stand around messages and in forms, in the page's language. */
export type PageWords = Pick<Words, PageKey> & { readonly locale: string };
export type PageKey =
  | Extract<keyof Words, `page_${string}`>
  | "where_message"
  | "button_export"
  | "button_yes"
  | "button_no"
  | "button_abstain"
  | "gov_reason"
  | "gov_empty_ballot"
  | "model_offline";

export interface Snapshot {
  readonly words: PageWords;
  /** People of this page, in order. */
  readonly people: readonly Person[];
  /** Everybody in the room, for names over messages. */
  readonly everybody: readonly Person[];
  readonly messages: readonly ShownMessage[];
  readonly commands: readonly CommandLine[];
  readonly limits: readonly { readonly id: string; readonly label: string }[];
  readonly limitsId: string;
  readonly sight: PoolSight;
}

/** Server-sent events of `/room/events`; the name is the key, its data the JSON value. */
export interface RoomEvents {
  snapshot: Snapshot;
  message: ShownMessage;
  removed: { readonly id: string };
  people: readonly Person[];
  limits: string;
  sight: PoolSight;
}

const closed = { additionalProperties: false } as const;
const Key = Type.String({ minLength: 8, maxLength: 64, pattern: "^[\\w-]+$" });

export const SayRequest = Type.Object(
  {
    /** The pool says how long a question may be; this is all that a request may hold. */
    text: Type.String({ maxLength: 2_000_000 }),
    replyTo: Type.Union([Type.String({ maxLength: 40 }), Type.Null()]),
    /** SHA-256 of the chosen model; null: the pool chooses. */
    model: Type.Union([PlatformId, Type.Null()]),
    /** Keep the question until a node can answer it. */
    wait: Type.Boolean(),
    /** The event's id: sending again with the same one asks once. */
    key: Key,
  },
  closed,
);
export const PressRequest = Type.Object(
  {
    action: Type.String({ maxLength: 100 }),
    model: Type.Union([PlatformId, Type.Null()]),
    key: Key,
  },
  closed,
);
export const NameRequest = Type.Object({ name: Type.String({ maxLength: 200 }) }, closed);
export const LimitsRequest = Type.Object({ limits: Type.String({ maxLength: 20 }) }, closed);
export const PersonParams = Type.Object({
  person: Type.Union(PERSON_IDS.map((id) => Type.Literal(id))),
});
export const AnswerParams = Type.Object({ jobId: Uuid });

/** What a ballot form asks. */
export interface BallotForm {
  readonly number: number;
  readonly revision: number;
  readonly heading: string;
  readonly ballotKind: BallotKind;
  readonly howTo: string;
  readonly secrecy: string;
  readonly options: readonly { readonly id: string; readonly title: string }[];
  readonly highestScore: number;
  readonly credits: number;
}

/** What the form of a kind of proposal asks. */
export interface KindForm {
  readonly kind: string;
  readonly title: string;
  readonly words: string;
  readonly needs: string;
  readonly fields: readonly FormField[];
}

export const BallotParams = Type.Object({
  number: Type.String({ pattern: "^[1-9][0-9]{0,8}$" }),
});
export const KindParams = Type.Object({ kind: Type.String({ maxLength: 40 }) });
export const ChoicesQuery = Type.Object(
  {
    type: Type.String({ maxLength: 40 }),
    text: Type.Optional(Type.String({ maxLength: 200 })),
    of: Type.Optional(Type.String({ maxLength: 300 })),
  },
  closed,
);
export const BallotPost = Type.Object(
  {
    number: Type.Integer({ minimum: 1 }),
    revision: Type.Integer({ minimum: 1 }),
    choice: ChoiceInput,
    reason: Type.String({ maxLength: 500 }),
    key: Key,
  },
  closed,
);
export const ProposePost = Type.Object(
  {
    kind: Type.String({ maxLength: 40 }),
    fields: FormValues,
    reason: Type.String({ maxLength: 2000 }),
    key: Key,
  },
  closed,
);

/** Answer to a refused request; `text` is for the person, beside the composer. */
export interface Refusal {
  readonly code: string;
  readonly text: string;
}
