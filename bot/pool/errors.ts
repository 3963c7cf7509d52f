/**
 * The pool answered with an error, or could not be reached.
 * `code` is the API's own, or one of `pool_unreachable`, `pool_garbled` where it sent none.
 * `message` is a sentence for a person. `status` is the HTTP status, 0 when there was no answer.
 */
export class PoolError extends Error {
  override name = "PoolError";
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.status = status;
  }

  /** True where trying again later may help: nobody answered, or the pool is busy or failing. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The sentence for a pool that does not answer. */
export function unreachable(url: string, cause: unknown): PoolError {
  return new PoolError(
    "pool_unreachable",
    `The pool at ${url} does not answer. Nothing is lost; try again when it is back.`,
    0,
    { cause },
  );
}

/** What the pool sent does not have the agreed shape: its fault, not the asker's. */
export function garbled(cause: Error): PoolError {
  return new PoolError(
    "pool_garbled",
    `The pool's answer does not have the agreed shape (${cause.message}). The pool and this door may be of different versions.`,
    502,
    { cause },
  );
}
