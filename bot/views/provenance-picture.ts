import type { Provenance } from "../../protocol/wire/http.ts";
import type { LineageEntry } from "../../protocol/wire/lineage.ts";
import { counted, shortDigest } from "./measures.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { PictureBox, ProvenancePicture } from "./view.ts";

/** Boxes a column shows before it says "and n more": the picture stays one screen high. */
const MOST_BOXES = 4;

/** The picture's content: asker → nodes by role → model → ancestors, each its own column → training data. */
export function provenancePicture({ nodes, lineage, job }: Provenance): ProvenancePicture {
  const [own, ...ancestors] = lineage.entries as [LineageEntry, ...LineageEntry[]];
  const columns = [
    { link: null, boxes: [box("asker", "asked by", "A member", null)] },
    {
      link: "asked",
      boxes: fewer(
        nodes.map((node) =>
          box("node", ROLES[node.role] ?? node.role, node.name, node.engine?.name ?? null),
        ),
      ),
    },
    {
      link: "ran",
      boxes: [
        lineage.noModel
          ? box("model", "no model", own.name, "fixed text")
          : box("model", `model ${shortDigest(job.model.sha256)}`, job.model.name, licence(own)),
      ],
    },
    ...ancestors.map((entry, at) => ({
      link: (at === 0 ? own.relation : ancestors[at - 1]?.relation) ?? "made from",
      boxes: [box("ancestor", "ancestor", entry.name, licence(entry))],
    })),
  ];
  if (!lineage.noModel) columns.push({ link: "trained on", boxes: dataBoxes(lineage.entries) });
  return { columns };
}

const ROLES: Record<string, string> = {
  generate: "wrote the answer",
  verify: "re-scored it",
  embed: "embedded it",
  moderate: "moderated it",
  aggregate: "gathered it",
};

function dataBoxes(entries: readonly LineageEntry[]): PictureBox[] {
  const boxes: PictureBox[] = [];
  const seen = new Set<string>();
  for (const entry of entries) {
    for (const set of entry.datasets) {
      if (seen.has(set.name)) continue;
      seen.add(set.name);
      boxes.push(box("data", "training data", set.name, entry.disclosure));
    }
  }
  if (boxes.length > 0) return fewer(boxes);
  const told = entries.find((entry) => entry.trainingData !== null);
  return [
    told
      ? box("data", "training data", told.trainingData ?? "", told.disclosure)
      : box("data", "training data", "unknown", "nothing is published"),
  ];
}

function fewer(boxes: PictureBox[]): PictureBox[] {
  if (boxes.length <= MOST_BOXES) return boxes;
  const last = boxes[MOST_BOXES - 1] as PictureBox;
  const rest = counted(boxes.length - MOST_BOXES + 1, "more", "more");
  return [
    ...boxes.slice(0, MOST_BOXES - 1),
    { ...last, name: `and ${rest}`, note: "listed below" },
  ];
}

function licence(entry: LineageEntry): string {
  return entry.licence ?? "licence unknown";
}

function box(
  role: PictureBox["role"],
  caption: string,
  name: string,
  ...notes: (string | null)[]
): PictureBox {
  const note = notes.filter((part) => part !== null).join(" · ");
  return {
    role,
    caption: sanitiseLine(caption, 60),
    name: sanitiseLine(name, 200),
    note: note === "" ? null : sanitiseLine(note, 100),
  };
}
