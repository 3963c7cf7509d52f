import type { Provenance } from "../../protocol/wire/http.ts";
import type { LineageEntry } from "../../protocol/wire/lineage.ts";
import { counted, shortDigest } from "./measures.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { PictureBox, ProvenancePicture } from "./view.ts";

/** Boxes a column shows before it says "and n more": the picture stays one screen high. */
const MOST_BOXES = 4;
/** Columns before it: asker, nodes. Ancestors follow it, each in a column of its own. */
const MODEL_COLUMN = 2;

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
      link: madeFrom(at === 0 ? own.relation : (ancestors[at - 1]?.relation ?? null)),
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

/** `quantised to Q4_1 by …` → `quantised from`: an arrow has room for two words. */
function madeFrom(relation: string | null): string {
  const [verb] = (relation ?? "made").split(/[ ,]/);
  return `${verb} from`;
}

function dataBoxes(entries: readonly LineageEntry[]): PictureBox[] {
  const boxes: PictureBox[] = [];
  const seen = new Set<string>();
  for (const [at, entry] of entries.entries()) {
    for (const set of entry.datasets) {
      if (seen.has(set.name)) continue;
      seen.add(set.name);
      const data = box("data", "training data", set.name, entry.disclosure);
      boxes.push({ ...data, of: MODEL_COLUMN + at });
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
    { ...last, name: `and ${rest}`, note: "listed below", of: null },
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
    of: null,
  };
}
