import type { ChatHistoryItem, ChatWrapper, LlamaModel, Token } from "node-llama-cpp";
import type { ChatMessage } from "../../../protocol/wire/primitives.ts";
import { EngineError } from "../engine.ts";

export interface FittedPrompt {
  readonly tokens: Token[];
  readonly turnsDropped: number;
}

/**
 * The conversation as tokens, the template's own control tokens around it. What people wrote is tokenised as
 * plain text: "<|im_start|>" in a message stays those characters and never becomes the control token.
 */
export function promptTokens(
  messages: readonly ChatMessage[],
  model: LlamaModel,
  wrapper: ChatWrapper,
): Token[] {
  const chatHistory: ChatHistoryItem[] = messages.map(historyItem);
  chatHistory.push({ type: "model", response: [""] });
  return wrapper.generateContextState({ chatHistory }).contextText.tokenize(model.tokenizer);
}

/**
 * Fits a conversation into `budget` tokens by leaving out its oldest messages: never a system message, never
 * the last message, and no answer without the question before it. `tokenise` turns messages into tokens.
 * Throws EngineError `prompt_too_long` when what must stay does not fit.
 */
export function fitConversation(
  messages: readonly ChatMessage[],
  budget: number,
  tokenise: (messages: readonly ChatMessage[]) => Token[],
): FittedPrompt {
  const system = messages.filter((message) => message.role === "system");
  let turns = messages.filter((message) => message.role !== "system");
  for (;;) {
    const tokens = tokenise([...system, ...turns]);
    const turnsDropped = messages.length - system.length - turns.length;
    if (tokens.length <= budget) return { tokens, turnsDropped };
    if (turns.length <= 1) {
      throw new EngineError(
        "prompt_too_long",
        `The question has ${tokens.length} tokens; this model's context has room for ${budget} beside the ` +
          "answer. Shorten it, or ask a model with a longer context.",
      );
    }
    turns = turns.slice(1);
    while (turns.length > 1 && turns[0]?.role === "assistant") turns = turns.slice(1);
  }
}

function historyItem(message: ChatMessage): ChatHistoryItem {
  switch (message.role) {
    case "system":
      return { type: "system", text: message.content };
    case "user":
      return { type: "user", text: message.content };
    case "assistant":
      return { type: "model", response: [message.content] };
  }
}
