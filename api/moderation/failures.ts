import { ApiFailure } from "../errors.ts";

/** Why moderators' acts are refused. */
export const moderationFailures = {
  nodeUnknown: () =>
    new ApiFailure(
      404,
      "node_unknown",
      "This pool has never seen a node with this key id. Look at the list of nodes and copy it from there.",
    ),
  noStanding: () =>
    new ApiFailure(
      404,
      "no_standing",
      "Nothing is decided about this node there, so there is nothing to lift.",
    ),
  untilPast: () =>
    new ApiFailure(
      400,
      "until_past",
      "The end lies in the past. Name a later one, or none to let it last until it is lifted.",
    ),
  reportUnknown: () =>
    new ApiFailure(404, "report_unknown", "There is no such report. It may have been erased."),
};
