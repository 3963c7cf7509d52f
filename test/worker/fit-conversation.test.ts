import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Token } from "node-llama-cpp";
import type { ChatMessage } from "../../protocol/wire/primitives.ts";
import { fitConversation } from "../../worker/engines/llama/chat-prompt.ts";

/** One token a character: enough to count with. */
const tokenise = (messages: readonly ChatMessage[]) =>
  [...messages.map((message) => message.content).join("")].map((_, i) => i as Token);

const message = fc.record({
  role: fc.constantFrom("system" as const, "user" as const, "assistant" as const),
  content: fc.string({ maxLength: 20 }),
});

test("what is kept fits, ends with the last message, holds every system message, and drops only the oldest", () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1 }), fc.nat(200), (before, budget) => {
      const messages = [...before, { role: "user" as const, content: "the question" }];
      const kept: ChatMessage[][] = [];
      const fit = () =>
        fitConversation(messages, budget, (some) => {
          kept.push([...some]);
          return tokenise(some);
        });
      const system = messages.filter((m) => m.role === "system");
      if (tokenise([...system, messages.at(-1) as ChatMessage]).length > budget) {
        return void assert.throws(fit, { code: "prompt_too_long" });
      }
      const { tokens, turnsDropped } = fit();
      assert.ok(tokens.length <= budget);
      const turns = messages.filter((m) => m.role !== "system");
      const last = kept.at(-1) as ChatMessage[];
      assert.deepEqual(last, [...system, ...turns.slice(turnsDropped)]);
      assert.equal(last.at(-1), messages.at(-1));
    }),
  );
});

test("an answer is not kept without its question", () => {
  const messages: ChatMessage[] = [
    { role: "user", content: "aaaaaaaaaa" },
    { role: "assistant", content: "b" },
    { role: "user", content: "c" },
  ];
  assert.equal(fitConversation(messages, 5, tokenise).turnsDropped, 2);
});
