import { fitsPolicy, type PolicyKey } from "../../../protocol/wire/policy.ts";
import { communityScope, POOL_SCOPE, placeOf, roomScope } from "../../policy/scope.ts";
import { governanceFailures } from "../failures.ts";
import { type Said, say } from "../words/say.ts";
import type { KindContext } from "./kind.ts";

/** Words that a person writes for "none". */
export const NONE = new Set(["none", "all", "null", "no limit", "off", "-"]);

/** `pool`, `community`, `room`, a full scope, or nothing. */
export function readScope(
  written: string,
  { community, room }: KindContext,
  usual: string,
): string {
  if (written === "") return usual;
  if (written === "pool") return POOL_SCOPE;
  if (written === "community") return communityScope(community);
  if (written === "room") return roomScope(community, room);
  try {
    placeOf(written);
  } catch {
    throw governanceFailures.field(say("field_scope"), say("why_scope"));
  }
  return written;
}

/** A whole number from 1, or "none". Throws `field_invalid`. */
export function readNumber(label: Said, written: string): number | null {
  if (NONE.has(written.toLowerCase())) return null;
  if (!/^[0-9]{1,6}$/.test(written) || Number(written) < 1) {
    throw governanceFailures.field(label, say("why_whole_number"));
  }
  return Number(written);
}

/** A value as people write it: JSON, plain text, a list with commas, or "none". */
export function readValue(key: PolicyKey, written: string): unknown {
  const readings: unknown[] = [];
  if (NONE.has(written.toLowerCase())) readings.push(null, []);
  try {
    readings.push(JSON.parse(written));
  } catch {
    // Not JSON: then it is text.
  }
  readings.push(
    written,
    written
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
  const value = readings.find((reading) => fitsPolicy(key, reading));
  if (value === undefined) {
    throw governanceFailures.field(
      say("field_value"),
      say("why_value", { write: say(`setting_${key}_write`) }),
    );
  }
  return value;
}
