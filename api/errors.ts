import type { Language } from "../protocol/words/languages.ts";

/** What a caller is told. `code` is stable; the message says what happened and what to do. */
export class ApiFailure extends Error {
  override name = "ApiFailure";
  readonly code: string;
  readonly status: number;
  /** Seconds after which trying again may help; sent as Retry-After. */
  readonly retryAfterS: number | null;
  /** Said in the body beside code and message. */
  readonly more: { readonly resetsAt?: number };

  constructor(
    status: number,
    code: string,
    message: string,
    retryAfterS: number | null = null,
    more: ApiFailure["more"] = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterS = retryAfterS;
    this.more = more;
  }

  /** The message for a reader of this language. Most rooms of the pool speak English; their doors translate by code. */
  told(_language: Language): string {
    return this.message;
  }
}

/** Every error of the HTTP API, in one place. */
export const failures = {
  unauthorised: () =>
    new ApiFailure(
      401,
      "unauthorised",
      "This needs the pool's service token: send the header `Authorization: Bearer <token>` (SERVICE_TOKEN, or " +
        "serviceToken in the pool's secrets.json).",
    ),
  tooManyAsks: (who: string, seconds: number) =>
    new ApiFailure(
      429,
      "too_many_asks",
      `${who} asked more often than this pool allows in a minute. Ask again in ${seconds} s.`,
      seconds,
    ),
  tooManyRequests: (seconds: number) =>
    new ApiFailure(
      429,
      "too_many_requests",
      `Too many requests came from your address. Try again in ${seconds} s.`,
      seconds,
    ),
  noSuchRoute: (method: string, path: string) =>
    new ApiFailure(404, "no_such_route", `There is no ${method} ${path}. See /openapi.json.`),
  requestInvalid: (why: string) =>
    new ApiFailure(400, "request_invalid", `The request does not fit: ${why}. See /openapi.json.`),
  bodyTooLarge: (bytes: number) =>
    new ApiFailure(
      413,
      "body_too_large",
      `The request is larger than ${bytes} bytes. Send a shorter prompt.`,
    ),
  notJson: () =>
    new ApiFailure(400, "not_json", "The body is not JSON. Send one JSON object, UTF-8."),
  promptEmpty: () =>
    new ApiFailure(400, "prompt_empty", "There is no question in this. Write one and send again."),
  promptTooLong: (chars: number, limit: number) =>
    new ApiFailure(
      413,
      "prompt_too_long",
      `This question has ${chars} characters; the pool takes at most ${limit}. Shorten it and send again.`,
    ),
  promptNotText: () =>
    new ApiFailure(
      400,
      "prompt_not_text",
      "This is not text: it holds bytes that are not UTF-8, half a character, or a NUL. Send plain text.",
    ),
  modelUnknown: (wanted: string, known: readonly string[]) =>
    new ApiFailure(
      404,
      "model_unknown",
      `The pool knows no model “${wanted}”. ${
        known.length > 0 ? `It has: ${known.join(", ")}.` : "No node has offered a model yet."
      }`,
    ),
  continuesUnknown: () =>
    new ApiFailure(
      404,
      "continues_unknown",
      "The answer this replies to is not in this community, or it has no text yet. Ask without replying to it.",
    ),
  jobUnknown: () =>
    new ApiFailure(404, "job_unknown", "The pool has no such job. It may have been erased."),
  noAnswer: () =>
    new ApiFailure(
      409,
      "no_answer",
      "This job has no signed answer, so there is no receipt to show. Wait until it is done, or ask again.",
    ),
  receiptUnknown: () =>
    new ApiFailure(404, "receipt_unknown", "The pool has no receipt with this id."),
  suspended: () =>
    new ApiFailure(
      403,
      "suspended",
      "Two stewards have suspended this member. It is public and ends by itself unless members ratify it: see the proposal about it, and vote there or object.",
    ),
  notReady: (what: string) =>
    new ApiFailure(503, "not_ready", `The pool cannot work now: ${what}. Try again shortly.`),
  internal: () =>
    new ApiFailure(
      500,
      "internal",
      "Something went wrong inside the pool; it was logged. Try again, and tell the operator if it stays.",
    ),
};
