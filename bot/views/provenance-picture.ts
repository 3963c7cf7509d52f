import type { Provenance } from "../../protocol/wire/http.ts";
import type { LineageEntry } from "../../protocol/wire/lineage.ts";
import { counted, filled, textAt, type Words } from "../words/catalogue.ts";
import { verbInWords } from "../words/pool-sentences.ts";
import { shortDigest } from "./measures.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { PictureBox, ProvenancePicture } from "./view.ts";

/** Boxes a column shows before it says "and n more": the picture stays one screen high. */
const MOST_BOXES = 4;
/** Columns before it: asker, nodes. Ancestors follow it, each in a column of its own. */
const MODEL_COLUMN = 2;

/** The picture's content: asker → nodes by role → model → ancestors, each its own column → training data. */
export function provenancePicture(
  { nodes, lineage, job }: Provenance,
  words: Words,
): ProvenancePicture {
  const [own, ...ancestors] = lineage.entries as [LineageEntry, ...LineageEntry[]];
  const model = filled(words.picture_model, { digest: shortDigest(job.model.sha256) });
  const licence = (entry: LineageEntry) => entry.licence ?? words.picture_licence_unknown;
  const columns = [
    { link: null, boxes: [box("asker", words.picture_asked_by, words.picture_member, null)] },
    {
      link: words.picture_asked,
      boxes: fewer(
        nodes.map((node) =>
          box(
            "node",
            textAt(words, `role_${node.role}`) ?? node.role,
            node.name,
            node.engine?.name ?? null,
          ),
        ),
        words,
      ),
    },
    {
      link: words.picture_ran,
      boxes: [
        lineage.noModel
          ? box("model", words.picture_no_model, own.name, words.picture_fixed_text)
          : box("model", model, job.model.name, licence(own)),
      ],
    },
    ...ancestors.map((entry, at) => ({
      link: madeFrom(at === 0 ? own.relation : (ancestors[at - 1]?.relation ?? null), words),
      boxes: [box("ancestor", words.picture_ancestor, entry.name, licence(entry))],
    })),
  ];
  if (!lineage.noModel) {
    columns.push({ link: words.picture_trained_on, boxes: dataBoxes(lineage.entries, words) });
  }
  return { columns };
}

/** The picture as a sentence, column by column: its text equivalent everywhere. */
export function pictureInWords({ columns }: ProvenancePicture): string {
  return columns
    .map(({ link, boxes }) => {
      const names = boxes.map((box) => (box.note ? `${box.name} (${box.note})` : box.name));
      return `${link ? `${link}: ` : ""}${names.join("; ")}`;
    })
    .join(" → ");
}

/** `quantised to Q4_1 by …` → `quantised from`: an arrow has room for two words. */
function madeFrom(relation: string | null, words: Words): string {
  const [verb = "made"] = (relation ?? "made").split(/[ ,]/);
  return filled(words.picture_made_from, { verb: verbInWords(words, verb) });
}

function dataBoxes(entries: readonly LineageEntry[], words: Words): PictureBox[] {
  const boxes: PictureBox[] = [];
  const seen = new Set<string>();
  const data = (name: string, note: string | null) =>
    box("data", words.picture_training_data, name, note);
  const classOf = ({ disclosure }: LineageEntry) =>
    disclosure === null ? null : words[`class_${disclosure}`];
  for (const [at, entry] of entries.entries()) {
    for (const set of entry.datasets) {
      const known = bare(set.name);
      if (seen.has(known)) continue;
      seen.add(known);
      boxes.push({ ...data(set.name, classOf(entry)), of: MODEL_COLUMN + at });
    }
  }
  if (boxes.length > 0) return fewer(boxes, words);
  const told = entries.find((entry) => entry.trainingData !== null);
  return [
    told
      ? data(told.trainingData ?? "", classOf(told))
      : data(words.unknown, words.picture_nothing_published),
  ];
}

/** A file's header and a maintainer write one name two ways: `Handbook corpus`, `handbook-corpus`. */
function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "") || name;
}

function fewer(boxes: PictureBox[], words: Words): PictureBox[] {
  if (boxes.length <= MOST_BOXES) return boxes;
  const last = boxes[MOST_BOXES - 1] as PictureBox;
  const name = counted(words, words.picture_more, boxes.length - MOST_BOXES + 1);
  const rest = { ...last, name, note: words.picture_listed_below, of: null };
  return [...boxes.slice(0, MOST_BOXES - 1), rest];
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
