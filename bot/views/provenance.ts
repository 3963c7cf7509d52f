import type { Provenance } from "../../protocol/wire/http.ts";
import type { LineageEntry } from "../../protocol/wire/lineage.ts";
import type { DisclosureClass } from "../../protocol/wire/primitives.ts";
import {
  bytesInWords,
  counted,
  durationInWords,
  momentInWords,
  speedInWords,
  thousandths,
} from "./measures.ts";
import { provenancePicture } from "./provenance-picture.ts";
import { sanitiseLine } from "./text/sanitise.ts";
import type { ProvenanceView, Row, Section } from "./view.ts";

/** All that is known of where an answer came from, in sections; an unknown is called unknown. */
export function provenanceView(source: Provenance): ProvenanceView {
  const picture = provenancePicture(source);
  return {
    kind: "provenance",
    jobId: source.job.id,
    receiptId: sanitiseLine(source.receipt.id, 40),
    summary: summary(source),
    picture,
    checks: source.checks.map((check) => ({
      title: sanitiseLine(check.title),
      state: check.state,
      detail: sanitiseLine(check.detail, 600),
    })),
    sections: [
      nodesSection(source),
      modelSection(source),
      ...source.lineage.entries.map(entrySection),
      samplerSection(source),
      signatureSection(source),
      {
        id: "verify",
        title: "How to verify it yourself",
        rows: [],
        lines: source.howToVerify.map((line) => sanitiseLine(line, 600)),
        ordered: true,
      },
    ],
  };
}

/** What a disclosure class means, for somebody who meets it for the first time. */
export const DISCLOSURE_IN_WORDS: Record<DisclosureClass, string> = {
  open: "open: the training data can be downloaded",
  named: "named: the data sets are listed, not all can be downloaded",
  described: "described: only kinds of data are told",
  undisclosed: "undisclosed: the makers do not say",
};

function summary({ job, nodes, lineage, checks }: Provenance): string {
  const answer = job.answer;
  const names = nodes.map((node) => `"${sanitiseLine(node.name, 60)}"`).join(", ");
  const ran = checks.filter((check) => check.state !== "not run").length;
  const model = lineage.noModel
    ? "no model: its engine repeats fixed text"
    : `the model ${sanitiseLine(job.model.name, 120)}`;
  const data = lineage.disclosure
    ? `Training data of the whole lineage: ${lineage.disclosure}.`
    : "How open the training data of the whole lineage is: unknown.";
  return [
    `A member asked; the node ${names} wrote the answer with ${model}`,
    answer ? ` (${counted(answer.completionTokens, "token")}).` : ".",
    lineage.noModel ? "" : ` ${data}`,
    ` ${counted(ran, "check")} ran, ${checks.length - ran} did not.`,
  ].join("");
}

function nodesSection({ nodes, receipt }: Provenance): Section {
  const { durationMs } = receipt.statement.predicate;
  const rows = nodes.flatMap((node) => [
    row("Node", `${node.name} (role: ${node.role})`),
    code("Its key", node.keyId),
    row(
      "Engine",
      node.engine
        ? `${node.engine.name}, ${node.engine.library}, ${node.engine.release}, ${node.engine.backend}`
        : "unknown",
    ),
    row("In this pool since", momentInWords(node.enrolledAt)),
  ]);
  rows.push(
    row(
      "Time taken",
      `${durationInWords(durationMs.prefill)} reading, ${durationInWords(durationMs.generate)} writing`,
    ),
  );
  return { id: "nodes", title: "Who answered", rows, lines: [], ordered: false };
}

function modelSection({ job, modelBytes, lineage }: Provenance): Section {
  const rows = [
    row("Model", job.model.name),
    code("SHA-256 of its file", job.model.sha256),
    row("Size", modelBytes ? bytesInWords(modelBytes) : lineage.noModel ? "no file" : "unknown"),
    row("Licence of the whole lineage", lineage.licence ?? "unknown"),
    row("What it asks for", lineage.licenceTerms ?? "unknown"),
    row(
      "Training data of the whole lineage",
      lineage.disclosure ? DISCLOSURE_IN_WORDS[lineage.disclosure] : "unknown",
    ),
  ];
  return { id: "model", title: "Which model", rows, lines: [], ordered: false };
}

function entrySection(entry: LineageEntry, at: number): Section {
  const data = entry.datasets.map((set) =>
    [set.name, set.url, set.note].filter(Boolean).join(", "),
  );
  const sources = entry.sources.map((source) =>
    [source.basis, source.source, source.date ? `read ${source.date}` : null]
      .filter(Boolean)
      .join(", "),
  );
  const rows = [
    row("How it came to be", entry.relation ?? "unknown"),
    row("Licence", entry.licence ?? "unknown"),
    row("Training data", entry.trainingData ?? "unknown"),
    row("Disclosure", entry.disclosure ? DISCLOSURE_IN_WORDS[entry.disclosure] : "unknown"),
    row("Data sets", data.length > 0 ? data.join("; ") : "none named", 2000),
    row("Who says so", sources.length > 0 ? sources.join("; ") : "nobody: no facts known", 2000),
  ];
  if (entry.sha256 && at > 0) rows.splice(1, 0, code("SHA-256", entry.sha256));
  const title = at === 0 ? "Lineage: this file" : `Lineage: ancestor ${at}`;
  return {
    id: `lineage-${at}`,
    title: `${title}, ${sanitiseLine(entry.name, 120)}`,
    rows,
    lines: [],
    ordered: false,
  };
}

function samplerSection({ job, receipt }: Provenance): Section {
  const { sampler, maxTokens, seedCommitment, finishReason, usage, engine } =
    receipt.statement.predicate;
  const rows = [
    row("Temperature", thousandths(sampler.temperatureMilli)),
    row("Top-k", sampler.topK === 0 ? "off" : String(sampler.topK)),
    row("Top-p", sampler.topPMilli === 1000 ? "off" : thousandths(sampler.topPMilli)),
    row("Min-p", sampler.minPMilli === 0 ? "off" : thousandths(sampler.minPMilli)),
    row("Length limit", counted(maxTokens, "token")),
    row(
      "Read and written",
      `${usage.promptTokens} and ${counted(usage.completionTokens, "token")}`,
    ),
    row("Speed", speedInWords(job.answer?.tokensPerSecond ?? null) ?? "not measured"),
    row("Ended because", FINISH[finishReason]),
    code("Seed, committed before the node was chosen", seedCommitment),
    row(
      "Auditable",
      engine.auditable
        ? "yes: another node can re-score the tokens"
        : "not auditable: this engine's choices cannot be re-scored",
    ),
  ];
  return { id: "sampler", title: "How it was written", rows, lines: [], ordered: false };
}

const FINISH = {
  stop: "the model ended its answer",
  length: "the length limit was reached",
  stopped: "somebody pressed Stop",
} as const;

function signatureSection({ receipt, answerSha256 }: Provenance): Section {
  const rows = [
    row("Receipt", receipt.id),
    code("SHA-256 of the answer", answerSha256),
    code("Signed by the node's key", receipt.signerKeyId),
    code("Ed25519 signature", receipt.signatureBase64),
    code("Ordered by the pool's key", receipt.poolKeyId),
    row("Kept since", momentInWords(receipt.receivedAt)),
    code("Log leaf", receipt.leaf),
  ];
  return { id: "signature", title: "Signature", rows, lines: [], ordered: false };
}

function row(term: string, detail: string, maxChars = 600): Row {
  return { term, detail: sanitiseLine(detail, maxChars), code: false };
}

function code(term: string, detail: string): Row {
  return { term, detail: sanitiseLine(detail, 600), code: true };
}
