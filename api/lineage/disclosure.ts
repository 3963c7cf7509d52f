import type { DisclosureClass } from "../../protocol/wire/primitives.ts";

/** From least to most that the public can see of the training data. */
const ORDER: readonly DisclosureClass[] = ["undisclosed", "described", "named", "open"];

/** The lowest class of all; null when one of them is unknown, or there is none. */
export function lowestDisclosure(
  classes: readonly (DisclosureClass | null)[],
): DisclosureClass | null {
  if (classes.length === 0 || classes.includes(null)) return null;
  return ORDER.find((candidate) => classes.includes(candidate)) ?? null;
}
