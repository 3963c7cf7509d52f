/**
 * Scores the demo model through llama.cpp, as a node would run it (numbers for README.md).
 *
 *   node models/substrate-demo/evaluate.ts [--model FILE] [--set test|look] [--draws N] [--wrong] [--ask TEXT]
 *
 * An answer counts when it is, word for word, an answer of one of the expected topics.
 * Greedy = temperature 0. Sampled = temperature 0.8, top-k 40, top-p 0.95, N seeds a question.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  getLlama,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  type Token,
} from "node-llama-cpp";

type Question = { q: string; topics: string[] };
type Heldout = {
  answers: Record<string, string>;
  questions: { q: string; topic: string }[];
};
type Sampler = { temperature: number; topK?: number; topP?: number; seed?: number };

const room = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    model: { type: "string", default: join(room, "substrate-demo-q8_0.gguf") },
    set: { type: "string", default: "test" },
    draws: { type: "string", default: "5" },
    wrong: { type: "boolean", default: false },
    ask: { type: "string", multiple: true, default: [] },
  },
});
const readJson = <T>(name: string): T => JSON.parse(readFileSync(join(room, name), "utf8")) as T;

/** The file's ChatML template with one user message; user text never becomes a control token. */
function promptTokens(model: LlamaModel, question: string) {
  return [
    ...model.tokenize("<|bos|><|im_start|>user\n", true),
    ...model.tokenize(question),
    ...model.tokenize("<|im_end|>\n<|im_start|>assistant\n", true),
  ];
}

async function answer(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  question: string,
  sampler: Sampler,
): Promise<string> {
  await sequence.clearHistory();
  const tokens: Token[] = [];
  for await (const token of sequence.evaluate(promptTokens(model, question), sampler)) {
    tokens.push(token);
    if (tokens.length >= 160) break;
  }
  return model.detokenize(tokens).trim();
}

const heldout = readJson<Heldout>("heldout.json");
const paraphrases = readJson<Record<string, Question[]>>("paraphrases.json")[options.set] ?? [];
const topicOf = new Map(Object.entries(heldout.answers).map(([topic, text]) => [text, topic]));

const llama = await getLlama({
  gpu: false,
  build: "never",
  maxThreads: 1,
  logLevel: LlamaLogLevel.error,
});
const model = await llama.loadModel({ modelPath: options.model });
const context = await model.createContext({ contextSize: 512, threads: 1 });
const sequence = context.getSequence();

/** Prints one line: right of all, and how many of the wrong ones are no handbook sentence at all. */
async function score(name: string, questions: Question[], sampler: Sampler, draws: number) {
  let right = 0;
  let invented = 0;
  const wrong: string[] = [];
  for (const { q, topics } of questions) {
    for (let draw = 0; draw < draws; draw++) {
      const text = await answer(model, sequence, q, { ...sampler, seed: draw + 1 });
      const topic = topicOf.get(text);
      if (topic !== undefined && topics.includes(topic)) right++;
      else wrong.push(`  [${topics}] ${q}\n    -> [${topic ?? "no handbook answer"}] ${text}`);
      if (topic === undefined) invented++;
    }
  }
  const all = questions.length * draws;
  console.log(
    `${name}: ${right} of ${all} right (${((100 * right) / all).toFixed(1)} %), ${invented} mixed from several answers`,
  );
  if (options.wrong) console.log(wrong.join("\n"));
}

if (options.ask.length > 0) {
  for (const q of options.ask) {
    console.log(`${q}\n  -> ${await answer(model, sequence, q, { temperature: 0 })}`);
  }
} else {
  const near = heldout.questions.map(({ q, topic }) => ({ q, topics: [topic] }));
  const offTopic = (question: Question) =>
    question.topics.some((t) => t === "off" || t === "language");
  const sets: [string, Question[]][] = [
    ["held-out phrasings", near],
    [
      `${options.set} paraphrases, voting`,
      paraphrases.filter((p) => p.topics.some((t) => t.startsWith("vote."))),
    ],
    [`${options.set} paraphrases, all`, paraphrases.filter((p) => !offTopic(p))],
    [`${options.set} off-topic`, paraphrases.filter(offTopic)],
  ];
  const chance = { temperature: 0.8, topK: 40, topP: 0.95 };
  for (const [name, questions] of sets) {
    await score(`${name}, greedy`, questions, { temperature: 0 }, 1);
    if (!options.wrong) await score(`${name}, sampled`, questions, chance, Number(options.draws));
  }
}
await llama.dispose();
