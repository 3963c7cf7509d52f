import { createHash } from "node:crypto";
import Type from "typebox";
import { ParseError, valueParser } from "./parse.ts";
import { canonicalBytes } from "./receipts/jcs.ts";
import { parseStrictJson } from "./receipts/strict-json.ts";
import { KeyId } from "./wire/primitives.ts";

/** What an invite says to a volunteer's machine. */
export interface InviteText {
  /** The pool's API, http or https. */
  readonly url: string;
  /** Fingerprint of the pool's key: a pool that shows another one is not the one that invited. */
  readonly poolKeyId: string;
  /** 32 random bytes, base64url. Whoever has them may join once. */
  readonly secret: string;
}

/** The text is no invite; the message says what is wrong with it and what to do. */
export class BadInvite extends Error {
  override name = "BadInvite";
}

const PREFIX = "substrate1.";
const MAX_CHARS = 2000;

const Content = Type.Object(
  {
    k: KeyId,
    s: Type.String({ pattern: "^[A-Za-z0-9_-]{43}$" }),
    u: Type.String({ pattern: "^https?://[^\\s]+$", maxLength: 500 }),
  },
  { additionalProperties: false },
);
const checkContent = valueParser(Content, "invite");

/** `substrate1.` and base64url of canonical JSON {k, s, u}: one word, safe to paste anywhere. */
export function inviteText(invite: InviteText): string {
  const content = { k: invite.poolKeyId, s: invite.secret, u: invite.url };
  return PREFIX + canonicalBytes(content).toString("base64url");
}

/** Reads an invite, white space around and line breaks within it forgiven. Throws BadInvite. */
export function readInvite(text: string): InviteText {
  // Chat programs and terminals break a long word; base64url holds no white space of its own.
  const word = text.replace(/\s+/g, "");
  if (!word.startsWith(PREFIX)) {
    throw new BadInvite(
      `This is not an invite: one begins with "${PREFIX}". Copy it whole from the message you were sent.`,
    );
  }
  const encoded = word.slice(PREFIX.length);
  if (word.length > MAX_CHARS || !/^[A-Za-z0-9_-]+$/.test(encoded)) throw damaged();
  const bytes = Buffer.from(encoded, "base64url");
  try {
    const { k, s, u } = checkContent(parseStrictJson(bytes, MAX_CHARS));
    if (bytes.toString("base64url") !== encoded) throw damaged();
    return { url: u, poolKeyId: k, secret: s };
  } catch (error) {
    if (error instanceof BadInvite) throw error;
    if (error instanceof ParseError || error instanceof Error) throw damaged();
    throw error;
  }
}

/** What a pool keeps of an invite's secret: SHA-256 of its text, hexadecimal. */
export function inviteHash(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

function damaged(): BadInvite {
  return new BadInvite(
    "This invite is damaged: part of it is missing or changed. Copy it whole from the message you were sent, " +
      "or ask for a new one.",
  );
}
