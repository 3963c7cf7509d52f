import type Type from "typebox";
import { Compile } from "typebox/compile";

/** What came in does not have the shape it should; the message names the place. */
export class ParseError extends Error {
  override name = "ParseError";
}

/** Reads JSON text and checks it. Throws ParseError. */
export type JsonParser<T> = (text: string) => T;
/** Checks a value that is JSON already. Throws ParseError. */
export type ValueParser<T> = (value: unknown) => T;

/** Compiles a schema once into a checker of values from outside. `what` starts its messages. */
export function valueParser<T extends Type.TSchema>(
  schema: T,
  what: string,
): ValueParser<Type.Static<T>> {
  const validator = Compile(schema);
  return (value) => {
    if (validator.Check(value)) return value as Type.Static<T>;
    const [first] = validator.Errors(value);
    const place = first?.instancePath || "/";
    throw new ParseError(`${what}: ${place} ${first?.message ?? "has the wrong shape"}`);
  };
}

/** The same for JSON text. */
export function jsonParser<T extends Type.TSchema>(
  schema: T,
  what: string,
): JsonParser<Type.Static<T>> {
  const check = valueParser(schema, what);
  return (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new ParseError(`${what}: not JSON (${(error as Error).message})`);
    }
    return check(value);
  };
}
