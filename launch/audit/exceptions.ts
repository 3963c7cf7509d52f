import { readFileSync } from "node:fs";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import type { Advisory } from "./places.ts";

/** A known vulnerability the project lives with for a while, with the reason why it does no harm here. */
const Exception = Type.Object(
  {
    advisory: Type.String({ minLength: 5 }),
    package: Type.String({ minLength: 1 }),
    reason: Type.String({ minLength: 30 }),
    /** Last day, as 2027-01-31: then somebody has to look again. */
    until: Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" }),
  },
  { additionalProperties: false },
);
type Exception = Type.Static<typeof Exception>;

const parse = jsonParser(Type.Array(Exception), "audit-exceptions.json");

/** Reads config/audit-exceptions.json. Throws ParseError for an entry without a reason or an end. */
export function readExceptions(file: string): Exception[] {
  return parse(readFileSync(file, "utf8"));
}

export interface Verdict {
  /** Not listed, or listed until a day that has passed. */
  readonly open: readonly Advisory[];
  readonly excused: readonly { advisory: Advisory; reason: string }[];
  /** Exceptions for something that is no longer there. */
  readonly idle: readonly Exception[];
}

/** `today` as 2026-11-23. */
export function judge(
  advisories: readonly Advisory[],
  exceptions: readonly Exception[],
  today: string,
): Verdict {
  const fits = (exception: Exception, { id, name }: Advisory) =>
    exception.advisory === id && exception.package === name;
  const open: Advisory[] = [];
  const excused: { advisory: Advisory; reason: string }[] = [];
  for (const advisory of advisories) {
    const exception = exceptions.find((each) => fits(each, advisory) && each.until >= today);
    if (exception === undefined) open.push(advisory);
    else excused.push({ advisory, reason: exception.reason });
  }
  const idle = exceptions.filter((each) => !advisories.some((found) => fits(each, found)));
  return { open, excused, idle };
}
