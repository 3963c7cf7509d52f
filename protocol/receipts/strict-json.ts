import type Type from "typebox";
import { ParseError, valueParser } from "../parse.ts";
import { canonicalBytes } from "./jcs.ts";

/** Objects and arrays inside each other, at most. */
export const MAX_JSON_DEPTH = 64;

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads JSON that somebody signed, or that travels beside signatures. Two readers must never see two
 * different values in the same bytes, so what JSON.parse lets pass is refused here: duplicate keys (the
 * last one would win; RFC 8259 §4 leaves it open), invalid UTF-8, a byte order mark, lone surrogates
 * (RFC 7493 §2.1), and depth or size beyond the limits.
 *
 * The grammar itself is left to JSON.parse. No well-kept package on npm reports duplicate keys while
 * keeping JSON.parse's strict grammar (those that do are parsers for JSON with comments), so the scan for
 * them is ours.
 *
 * `what` starts every message. Throws ParseError.
 */
export function parseStrictJson(bytes: Uint8Array, limitBytes: number, what = "JSON"): unknown {
  if (bytes.length > limitBytes) {
    throw new ParseError(`${what}: ${bytes.length} bytes, at most ${limitBytes} are read`);
  }
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw new ParseError(`${what}: not valid UTF-8`);
  }
  if (text.startsWith("\uFEFF")) throw new ParseError(`${what}: begins with a byte order mark`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ParseError(`${what}: not JSON (${(error as Error).message})`);
  }
  scan(text, what);
  return value;
}

/** Compiles a schema into a strict reader of bytes. Throws ParseError. */
export function strictJsonParser<T extends Type.TSchema>(
  schema: T,
  what: string,
  limitBytes: number,
): (bytes: Uint8Array) => Type.Static<T> {
  const check = valueParser(schema, what);
  return (bytes) => check(parseStrictJson(bytes, limitBytes, what));
}

/** The same, and the bytes must be the canonical form (RFC 8785) of the value: one value, one byte string. */
export function canonicalJsonParser<T extends Type.TSchema>(
  schema: T,
  what: string,
  limitBytes: number,
): (bytes: Uint8Array) => Type.Static<T> {
  const parse = strictJsonParser(schema, what, limitBytes);
  return (bytes) => requireCanonical(parse(bytes), bytes, what);
}

/** The value, where the bytes it was read from are its canonical form (RFC 8785). Throws ParseError. */
export function requireCanonical<T>(value: T, bytes: Uint8Array, what: string): T {
  if (canonicalBytes(value).equals(bytes)) return value;
  throw new ParseError(`${what}: not in canonical form (RFC 8785)`);
}

/** Walks text that JSON.parse accepted, so only strings and brackets need a look. */
function scan(text: string, what: string): void {
  /** One entry a level: the keys seen so far in an object, null in an array. */
  const levels: (Set<string> | null)[] = [];
  let keyComesNext = false;
  for (let i = 0; i < text.length; i++) {
    switch (text[i]) {
      case "{":
      case "[":
        if (levels.length === MAX_JSON_DEPTH) {
          throw new ParseError(`${what}: more than ${MAX_JSON_DEPTH} levels deep`);
        }
        levels.push(text[i] === "{" ? new Set() : null);
        keyComesNext = text[i] === "{";
        break;
      case "}":
      case "]":
        levels.pop();
        keyComesNext = false;
        break;
      case ",":
        keyComesNext = levels.at(-1) !== null;
        break;
      case '"': {
        const start = i;
        for (i++; text[i] !== '"'; i++) if (text[i] === "\\") i++;
        const literal = text.slice(start, i + 1);
        const string = literal.includes("\\")
          ? (JSON.parse(literal) as string)
          : literal.slice(1, -1);
        if (!string.isWellFormed()) {
          throw new ParseError(`${what}: a string holds half a character (lone surrogate)`);
        }
        if (keyComesNext) {
          const keys = levels.at(-1) as Set<string>;
          if (keys.has(string)) {
            throw new ParseError(`${what}: the key ${JSON.stringify(string)} appears twice`);
          }
          keys.add(string);
          keyComesNext = false;
        }
        break;
      }
    }
  }
}
