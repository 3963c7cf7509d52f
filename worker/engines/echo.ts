import { setImmediate as nextTurn } from "node:timers/promises";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import { WORKER_VERSION } from "../version.ts";
import type { Engine } from "./engine.ts";

/**
 * The engine without a model, for tests and benches: it answers "Echo: " and the last user message, word by
 * word. Its "tokens" are the words, numbered from 0.
 * `betweenWords` is awaited before each word but the first; a test can hold an answer open with it.
 */
export function echoEngine(
  betweenWords: (signal: AbortSignal) => Promise<unknown> = () => nextTurn(),
): Engine {
  return {
    describe: () => ({
      name: "echo",
      library: "the-substrate",
      release: WORKER_VERSION,
      backend: "none",
      auditable: false,
      threads: 0,
      system: "no model: repeats the question",
    }),
    models: () => [
      {
        sha256: ECHO_MODEL.sha256,
        name: ECHO_MODEL.name,
        bytes: 0,
        loaded: true,
        contextTokens: 0,
        tokensPerSecond: null,
        declared: {},
        chatTemplate: null,
      },
    ],
    async generate(request, onText, signal) {
      const started = performance.now();
      const question = request.messages.findLast((m) => m.role === "user")?.content ?? "";
      // Split after each run of white space: joined again, the words are the text.
      const words = `Echo: ${question}`.match(/\s*\S+\s*/g) ?? [];
      let written = 0;
      for (const word of words) {
        if (written === request.maxTokens) break;
        if (written > 0) await betweenWords(signal);
        if (signal.aborted) break;
        onText(word);
        written += 1;
      }
      return {
        tokenIds: Uint32Array.from({ length: written }, (_, i) => i),
        finishReason: written === words.length ? "stop" : signal.aborted ? "stopped" : "length",
        chatTemplate: sha256Hex(),
        usage: { promptTokens: 0, completionTokens: written, turnsDropped: 0 },
        durationMs: { load: 0, prefill: 0, generate: Math.round(performance.now() - started) },
      };
    },
    dispose: async () => {},
  };
}
