/** A command cannot be done as written; the message says what to write. */
export class Mistake extends Error {
  override name = "Mistake";
}
