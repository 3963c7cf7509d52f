import { randomBytes } from "node:crypto";
import { type InviteText, inviteHash } from "../../protocol/invite-text.ts";
import { jsonParser } from "../../protocol/parse.ts";
import { openEnvelope } from "../../protocol/receipts/dsse.ts";
import { ApiError } from "../../protocol/wire/http.ts";
import {
  INVITE_LOOK_PAYLOAD_TYPE,
  InviteLook,
  InviteLookAnswer,
} from "../../protocol/wire/invites.ts";
import { printable } from "../words.ts";
import { falsePool, PoolKeyChanged, poolFromWire } from "./pool-pin.ts";

/** The pool cannot be asked about the invite; the message says what to do. */
export class CannotLook extends Error {
  override name = "CannotLook";
}

const PATIENCE_MS = 15_000;
const MAX_ANSWER_CHARS = 20_000;
const parseAnswer = jsonParser(InviteLookAnswer, "answer");
const parseLook = jsonParser(InviteLook, "invite");
const parseError = jsonParser(ApiError, "error");

/**
 * Asks the pool what an invite is for, and holds the answer against the key the invite names: only the pool
 * that invited can sign it. Uses nothing up. Throws PoolKeyChanged for another pool, CannotLook.
 */
export async function lookAtInvite(invite: InviteText): Promise<InviteLook> {
  const nonce = randomBytes(32).toString("hex");
  const text = await ask(invite, nonce);
  try {
    const { publicKey, envelope } = parseAnswer(text);
    const pool = poolFromWire(publicKey);
    if (pool.keyId !== invite.poolKeyId) throw falsePool(invite.url, pool.keyId, invite.poolKeyId);
    const payload = openEnvelope(envelope, pool.publicKey, INVITE_LOOK_PAYLOAD_TYPE);
    const look = parseLook(payload.toString("utf8"));
    if (look.nonce !== nonce) throw new Error("it answers another question");
    return look;
  } catch (error) {
    if (error instanceof PoolKeyChanged) throw error;
    throw new CannotLook(
      `What answers at ${invite.url} is no pool this worker understands, or not the one that invited you ` +
        `(${(error as Error).message}). Nothing was sent. Ask whoever sent you the invite.`,
    );
  }
}

async function ask(invite: InviteText, nonce: string): Promise<string> {
  let response: Response;
  try {
    response = await fetch(new URL("/v1/invites/look", invite.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ hash: inviteHash(invite.secret), nonce }),
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code ?? (error as Error).message;
    throw new CannotLook(
      `The pool at ${invite.url} does not answer (${cause}). Check this machine's connection; if that is fine, the pool ` +
        "is down or the invite names an address that is not reachable from here.",
    );
  }
  const text = (await response.text()).slice(0, MAX_ANSWER_CHARS);
  if (response.ok) return text;
  let said = `HTTP ${response.status}`;
  try {
    said = printable(parseError(text).error.message);
  } catch {}
  throw new CannotLook(`The pool does not take this invite: ${said}`);
}
