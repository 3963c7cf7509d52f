import { ApiFailure } from "../errors.ts";

/** 410: this question and its answer were erased, in words. `stays`: what can still be told. */
export function erasedFailure(at: number, stays = ""): ApiFailure {
  const day = new Date(at).toISOString().slice(0, 10);
  return new ApiFailure(
    410,
    "erased",
    `The text of this question and its answer was erased on ${day}, as the settings of its place or its author asked.${stays}`,
  );
}

/** 410: the answer stands, but the order to its node held an earlier part of the conversation, which is erased. */
export function erasedOrder(): ApiFailure {
  return new ApiFailure(
    410,
    "order_erased",
    "An earlier part of this conversation was erased, and with it the order that the node was given. The answer and its receipt can be seen; the files to verify them cannot be had any more.",
  );
}
