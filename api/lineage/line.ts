import type { DisclosureClass } from "../../protocol/wire/primitives.ts";
import { displayText } from "./declared.ts";

/** One line for a message footer: name, licence, how much of the training data is public. Unknown is said. */
export function lineageLine(of: {
  name: string;
  licence: string | null;
  disclosure: DisclosureClass | null;
  /** In brackets at the end, where anything is known at all. */
  note?: string | undefined;
}): string {
  const licence = of.licence === null ? "licence unknown" : readableLicence(of.licence);
  const data = `training data ${of.disclosure ?? "unknown"}`;
  const anythingKnown = of.licence !== null || of.disclosure !== null;
  const note = of.note !== undefined && anythingKnown ? ` (${of.note})` : "";
  return `${of.name} · ${licence} · ${data}${note}`;
}

/** `LicenseRef-Llama-3.1-Community` is for machines; people read `Llama 3.1 Community`. */
function readableLicence(expression: string): string {
  const plain = expression.replace(/LicenseRef-([A-Za-z0-9.-]+)/g, (_, name: string) =>
    name.replaceAll("-", " "),
  );
  return displayText(plain, 100) ?? plain;
}
