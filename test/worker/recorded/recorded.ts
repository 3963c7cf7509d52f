import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Reply } from "../small-openai-server.ts";

type Server = "ollama" | "llama-server";
type Recorded = ConstructorParameters<typeof Reply>[0];

/** A request for an answer, as far as both ways of asking are the same. */
export interface Asked {
  readonly model: string;
  readonly messages: { readonly content: string }[];
  readonly [key: string]: unknown;
}

/** Longer questions get the answer that was recorded for one that is too long. */
const LONG_CHARS = 2000;

/** What a real server answered (record.ts), by path, or by path and occasion: `/api/chat, no such model`. */
export function recorded(server: Server): Record<string, Reply> {
  const file = join(import.meta.dirname, `${server}.json`);
  const { answers } = JSON.parse(readFileSync(file, "utf8")) as {
    answers: Record<string, Recorded>;
  };
  return Object.fromEntries(Object.entries(answers).map(([what, one]) => [what, new Reply(one)]));
}

/** Pages that answer as the real server did; `asked` hears every request for an answer. */
export function recordedPages(
  server: Server,
  asked: (request: Asked) => void = () => {},
): Record<string, unknown> {
  const replies = recorded(server);
  const chat = server === "ollama" ? "/api/chat" : "/v1/chat/completions";
  const answer = (request: Asked) => {
    asked(request);
    const chars = request.messages.reduce((sum, { content }) => sum + content.length, 0);
    return replies[chars > LONG_CHARS ? `${chat}, too long` : chat];
  };
  return { ...replies, [chat]: answer };
}
