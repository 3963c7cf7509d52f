// Records what a real server says, for the tests: node test/worker/recorded/record.ts URL MODEL "NAME AND VERSION" > FILE
// What a test does not read and takes room (Ollama's list of tensors) is left out; nothing else is changed.

const [root, model, server] = process.argv.slice(2) as [string, string, string];

interface Recorded {
  readonly status: number;
  readonly type: string | null;
  /** JSON where it is JSON, else text as it came. */
  readonly body: unknown;
}

async function ask(path: string, body?: object): Promise<Recorded> {
  const response = await fetch(root + path, {
    method: body === undefined ? "GET" : "POST",
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  const type = response.headers.get("content-type");
  if (!type?.startsWith("application/json")) return { status: response.status, type, body: text };
  const { tensors: _, ...json } = JSON.parse(text) as Record<string, unknown>;
  return { status: response.status, type, body: json };
}

const question = [{ role: "user", content: "What is a node?" }];
const tooLong = [{ role: "user", content: "word ".repeat(9000) }];
const openAi = (messages: object[]) => ({
  model,
  messages,
  stream: true,
  stream_options: { include_usage: true },
  max_tokens: 12,
  temperature: 0,
});
const ollama = (messages: object[]) => ({
  model,
  messages,
  truncate: false,
  shift: false,
  think: false,
  options: { num_predict: 12, temperature: 0, repeat_penalty: 1 },
});

const answers: Record<string, Recorded> = {};
for (const path of ["/v1/models", "/api/version", "/api/v0/models", "/api/tags", "/props"]) {
  answers[path] = await ask(path);
}
if (answers["/api/version"]?.status === 200) {
  answers["/api/show"] = await ask("/api/show", { model });
  answers["/api/chat"] = await ask("/api/chat", ollama(question));
  answers["/api/ps"] = await ask("/api/ps");
  answers["/api/chat, too long"] = await ask("/api/chat", ollama(tooLong));
  answers["/api/chat, no such model"] = await ask("/api/chat", { ...ollama([]), model: "gone" });
} else {
  answers["/v1/chat/completions"] = await ask("/v1/chat/completions", openAi(question));
  answers["/v1/chat/completions, too long"] = await ask("/v1/chat/completions", openAi(tooLong));
}
const recorded = new Date().toISOString().slice(0, 10);
process.stdout.write(`${JSON.stringify({ server, recorded, answers }, null, 1)}\n`);
