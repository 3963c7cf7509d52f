import type { Provenance } from "../../protocol/wire/http.ts";
import type { LineageEntry } from "../../protocol/wire/lineage.ts";
import { counted, ENGLISH, filled, numberIn, type Words } from "../words/catalogue.ts";
import { checkInWords, phrasesInWords, verifyStepsIn } from "../words/pool-sentences.ts";
import {
  bytesInWords,
  durationInWords,
  momentInWords,
  speedInWords,
  thousandths,
} from "./measures.ts";
import { pictureInWords, provenancePicture } from "./provenance-picture.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { ProvenanceView, Row, Section } from "./view.ts";

/** All that is known of where an answer came from, in sections; an unknown is called unknown. */
export function provenanceView(source: Provenance, words: Words = ENGLISH): ProvenanceView {
  const picture = provenancePicture(source, words);
  const receiptId = sanitiseLine(source.receipt.id, 40);
  const steps = verifyStepsIn(words, source.howToVerify, {
    receipt: receiptId,
    job: source.job.id,
  });
  return {
    kind: "provenance",
    jobId: source.job.id,
    receiptId,
    title: words.where_message,
    summary: summary(source, words),
    picture,
    pictureTitle: words.picture_title,
    pictureInWords: pictureInWords(picture),
    checkTitles: {
      ran: words.checks_ran,
      notRun: words.checks_not_run,
      noneRan: words.checks_none_ran,
      allRan: words.checks_all_ran,
    },
    checks: source.checks.map((check) => {
      const { title, detail } = checkInWords(words, check);
      return {
        title: sanitiseLine(title),
        state: check.state,
        stateInWords: STATES[check.state](words),
        detail: sanitiseLine(detail, 600),
      };
    }),
    sections: [
      nodesSection(source, words),
      modelSection(source, words),
      ...source.lineage.entries.map((entry, at) => entrySection(entry, at, words)),
      samplerSection(source, words),
      signatureSection(source, words),
      {
        id: "verify",
        title: words.section_verify,
        rows: [],
        lines: steps.map((line) => sanitiseLine(line, 600)),
        ordered: true,
      },
    ],
  };
}

const STATES = {
  passed: (words: Words) => words.check_passed,
  failed: (words: Words) => words.check_failed,
  "not run": (words: Words) => words.check_not_run,
};

function summary({ job, nodes, lineage, checks }: Provenance, words: Words): string {
  const answer = job.answer;
  const names = nodes.map((node) => `"${sanitiseLine(node.name, 60)}"`).join(", ");
  const ran = checks.filter((check) => check.state !== "not run").length;
  const from = lineage.noModel ? words.from_no_model : words.from_model;
  const data = lineage.disclosure
    ? filled(words.from_data, { class: words[`class_${lineage.disclosure}`] })
    : words.from_data_unknown;
  return [
    filled(from, { nodes: names, model: sanitiseLine(job.model.name, 120) }),
    answer ? counted(words, words.from_tokens, answer.completionTokens) : ".",
    lineage.noModel ? "" : ` ${data}`,
    ` ${counted(words, words.checks_ran_count, ran)}`,
    ` ${counted(words, words.checks_not_run_count, checks.length - ran)}`,
  ].join("");
}

function nodesSection({ nodes, receipt }: Provenance, words: Words): Section {
  const { durationMs } = receipt.statement.predicate;
  const rows = nodes.flatMap((node) => [
    row(words.row_node, filled(words.row_node_detail, { name: node.name, role: node.role })),
    code(words.row_key, node.keyId),
    row(
      words.row_engine,
      node.engine
        ? `${node.engine.name}, ${node.engine.library}, ${node.engine.release}, ${node.engine.backend}`
        : words.unknown,
    ),
    { ...row(words.row_since, momentInWords(node.enrolledAt)), at: node.enrolledAt },
  ]);
  const reading = durationInWords(durationMs.prefill, words);
  const writing = durationInWords(durationMs.generate, words);
  rows.push(row(words.row_time, filled(words.row_time_detail, { reading, writing })));
  return { id: "nodes", title: words.section_nodes, rows, lines: [], ordered: false };
}

function modelSection({ job, modelBytes, lineage }: Provenance, words: Words): Section {
  const size = modelBytes ? bytesInWords(modelBytes, words) : null;
  const terms = lineage.licenceTerms;
  const rows = [
    row(words.row_model, job.model.name),
    code(words.row_file_digest, job.model.sha256),
    row(words.row_size, size ?? (lineage.noModel ? words.row_no_file : words.unknown)),
    row(words.row_lineage_licence, lineage.licence ?? words.unknown),
    row(words.row_asks_for, terms === null ? words.unknown : phrasesInWords(words, terms)),
    row(words.row_lineage_data, disclosureIn(words, lineage.disclosure)),
  ];
  return { id: "model", title: words.section_model, rows, lines: [], ordered: false };
}

/** What a disclosure class means, for somebody who meets it for the first time. */
function disclosureIn(words: Words, disclosure: LineageEntry["disclosure"]): string {
  return disclosure ? words[`class_${disclosure}_means`] : words.unknown;
}

function entrySection(entry: LineageEntry, at: number, words: Words): Section {
  const data = entry.datasets.map((set) =>
    [set.name, set.url, set.note].filter(Boolean).join(", "),
  );
  const basis = {
    "declared in file": words.source_declared,
    "stated by maintainer": words.source_stated,
  };
  const sources = entry.sources.map((source) =>
    [
      basis[source.basis],
      source.source,
      source.date ? filled(words.source_read, { date: source.date }) : null,
    ]
      .filter(Boolean)
      .join(", "),
  );
  const rows = [
    row(words.row_relation, entry.relation ?? words.unknown),
    row(words.row_licence, entry.licence ?? words.unknown),
    row(words.row_training_data, entry.trainingData ?? words.unknown),
    row(words.row_disclosure, disclosureIn(words, entry.disclosure)),
    row(words.row_data_sets, data.length > 0 ? data.join("; ") : words.row_none_named, 2000),
    row(words.row_sources, sources.length > 0 ? sources.join("; ") : words.row_nobody, 2000),
  ];
  if (entry.sha256 && at > 0) rows.splice(1, 0, code(words.row_digest, entry.sha256));
  const name = sanitiseLine(entry.name, 120);
  return {
    id: `lineage-${at}`,
    title:
      at === 0
        ? filled(words.section_file, { name })
        : filled(words.section_ancestor, { n: String(at), name }),
    rows,
    lines: [],
    ordered: false,
  };
}

function samplerSection({ job, receipt }: Provenance, words: Words): Section {
  const { sampler, maxTokens, seedCommitment, finishReason, usage, engine } =
    receipt.statement.predicate;
  const speed = speedInWords(job.answer?.tokensPerSecond ?? null, words);
  const milli = (value: number, off: number) =>
    value === off ? words.row_off : thousandths(value, words);
  const read = numberIn(words, usage.promptTokens);
  const rows = [
    row(words.row_temperature, thousandths(sampler.temperatureMilli, words)),
    row("Top-k", sampler.topK === 0 ? words.row_off : String(sampler.topK)),
    row("Top-p", milli(sampler.topPMilli, 1000)),
    row("Min-p", milli(sampler.minPMilli, 0)),
    row(words.row_length_limit, counted(words, words.tokens, maxTokens)),
    row(
      words.row_read_written,
      counted(words, words.row_read_written_detail, usage.completionTokens, { read }),
    ),
    row(words.row_speed, speed ?? words.row_not_measured),
    row(words.row_ended, words[`ended_${finishReason}`]),
    code(words.row_seed, seedCommitment),
    row(words.row_auditable, engine.auditable ? words.row_auditable_yes : words.row_auditable_no),
  ];
  return { id: "sampler", title: words.section_sampler, rows, lines: [], ordered: false };
}

function signatureSection({ receipt, answerSha256 }: Provenance, words: Words): Section {
  const rows = [
    row(words.row_receipt, receipt.id),
    code(words.row_answer_digest, answerSha256),
    code(words.row_signer, receipt.signerKeyId),
    code(words.row_signature, receipt.signatureBase64),
    code(words.row_pool_key, receipt.poolKeyId),
    { ...row(words.row_kept_since, momentInWords(receipt.receivedAt)), at: receipt.receivedAt },
    code(words.row_leaf, receipt.leaf),
  ];
  return { id: "signature", title: words.section_signature, rows, lines: [], ordered: false };
}

function row(term: string, detail: string, maxChars = 600): Row {
  return { term, detail: sanitiseLine(detail, maxChars), code: false };
}

function code(term: string, detail: string): Row {
  return { term, detail: sanitiseLine(detail, 600), code: true };
}
