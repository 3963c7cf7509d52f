import type { ChoiceInput } from "../../../protocol/wire/governance.ts";
import type { ProvenanceView } from "../../views/view.ts";
import type { BallotForm, KindForm, PersonId, Refusal } from "../wire.ts";
import { t } from "./words.ts";

/** What the page asks of its server. Every call resolves to null, or to a refusal in words. */

export function say(
  person: PersonId,
  message: {
    text: string;
    replyTo: string | null;
    model: string | null;
    wait: boolean;
    key: string;
  },
): Promise<Refusal | null> {
  return post(`/room/${person}/say`, message);
}

export function press(
  person: PersonId,
  action: string,
  model: string | null,
): Promise<Refusal | null> {
  return post(`/room/${person}/press`, { action, model, key: crypto.randomUUID() });
}

export function rename(person: PersonId, name: string): Promise<Refusal | null> {
  return post(`/room/${person}/name`, { name });
}

export function chooseLimits(person: PersonId, limits: string): Promise<Refusal | null> {
  return post(`/room/${person}/limits`, { limits });
}

export interface WhereFrom {
  readonly view: ProvenanceView;
  readonly pictures: { readonly across: string; readonly down: string };
}

/** Throws an Error whose message is for the person. */
export function whereFrom(person: PersonId, jobId: string): Promise<WhereFrom> {
  return get(`/room/${person}/where/${jobId}`);
}

/** What a ballot form asks. Throws like whereFrom. */
export function ballotForm(person: PersonId, number: number): Promise<BallotForm> {
  return get(`/room/${person}/ballot/${number}`);
}

export function castBallot(
  person: PersonId,
  ballot: { number: number; revision: number; choice: ChoiceInput; reason: string; key: string },
): Promise<Refusal | null> {
  return post(`/room/${person}/ballot`, ballot);
}

/** What the form of a kind of proposal asks. Throws like whereFrom. */
export function kindForm(person: PersonId, kind: string): Promise<KindForm> {
  return get(`/room/${person}/kinds/${encodeURIComponent(kind)}`);
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** What a field offers; `of`: the setting or rule it is a value of. Throws like whereFrom. */
export async function choices(person: PersonId, type: string, of = ""): Promise<readonly Choice[]> {
  const asked = new URLSearchParams(of === "" ? { type } : { type, of });
  return (await get<{ choices: Choice[] }>(`/room/${person}/choices?${asked}`)).choices;
}

export function propose(
  person: PersonId,
  proposal: { kind: string; fields: Record<string, string>; reason: string; key: string },
): Promise<Refusal | null> {
  return post(`/room/${person}/propose`, proposal);
}

/** Address of the zip with an answer and its receipt. */
export function exportAddress(person: PersonId, jobId: string): string {
  return `/room/${person}/export/${jobId}`;
}

/** Address of everything needed to count a closed poll again. */
export function dataAddress(person: PersonId): string {
  return `/room/${person}/data`;
}

export function countAddress(person: PersonId, number: number): string {
  return `/room/${person}/count/${number}`;
}

function roomAway(): Refusal {
  return { code: "room_away", text: t("page_room_away_kept") };
}

async function get<T>(address: string): Promise<T> {
  const response = await fetch(address).catch(() => null);
  if (!response) throw new Error(roomAway().text);
  const value = await response.json();
  if (!response.ok) throw new Error((value as Refusal).text);
  return value as T;
}

async function post(address: string, value: object): Promise<Refusal | null> {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(value),
    });
    return response.ok ? null : ((await response.json()) as Refusal);
  } catch {
    return roomAway();
  }
}
