import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server was asked to write. */
export interface ChatRequest {
  readonly model: string;
  readonly messages: { role: "system" | "user" | "assistant"; content: string }[];
  readonly seed: number;
  readonly max_tokens: number;
  readonly [key: string]: unknown;
}

/** Writes an answer piece by piece; may break the rules to see what happens. */
export type ChatWriter = (
  request: ChatRequest,
  stream: { piece(text: string): void; raw(line: string): void; response: ServerResponse },
) => Promise<{ finish: string; prompt: number; completion: number } | null>;

/** A page that is no plain JSON with status 200. */
export class Reply {
  readonly status: number;
  readonly type: string | null;
  /** Text, or what becomes JSON. */
  readonly body: unknown;

  constructor({ status, type, body }: { status: number; type: string | null; body: unknown }) {
    this.status = status;
    this.type = type;
    this.body = body;
  }
}

/** A server that speaks OpenAI's chat API, with whatever other pages a test gives it. */
export class SmallOpenAiServer {
  /** Requests for answers, latest last. */
  readonly asked: ChatRequest[] = [];
  readonly authorizations = new Set<string | undefined>();
  write: ChatWriter;
  readonly url: string;
  readonly close: () => Promise<void>;

  private constructor(write: ChatWriter, url: string, close: () => Promise<void>) {
    this.write = write;
    this.url = url;
    this.close = close;
  }

  /** `pages`: JSON, or a Reply, by path; a function gets the request's body. */
  static async start(
    pages: Record<string, unknown | ((body: never) => unknown)>,
    write: ChatWriter,
  ): Promise<SmallOpenAiServer> {
    const http = createServer((request, response) => {
      void answer(request, response).catch(() => response.destroy());
    });
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    const { port } = http.address() as AddressInfo;
    const server = new SmallOpenAiServer(write, `http://127.0.0.1:${port}/v1`, async () => {
      http.closeAllConnections();
      http.close();
      await once(http, "close");
    });
    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      server.authorizations.add(request.headers.authorization);
      let text = "";
      for await (const chunk of request.setEncoding("utf8")) text += chunk;
      const path = request.url as string;
      const page = pages[path];
      if (path === "/v1/chat/completions" && page === undefined) {
        return server.#chat(JSON.parse(text), response);
      }
      if (page === undefined) return void response.writeHead(404).end('{"error":"not found"}');
      const given = typeof page === "function" ? page(JSON.parse(text)) : page;
      const ok = { status: 200, type: "application/json", body: given };
      const { status, type, body } = given instanceof Reply ? given : ok;
      const sent = typeof body === "string" ? body : JSON.stringify(body);
      response.writeHead(status, { "content-type": type ?? "text/plain" }).end(sent);
    }
    return server;
  }

  async #chat(request: ChatRequest, response: ServerResponse): Promise<void> {
    this.asked.push(request);
    const head = {
      id: "chatcmpl-1",
      object: "chat.completion.chunk",
      created: 1,
      model: request.model,
    };
    const raw = (line: string) => {
      if (!response.headersSent) response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`${line}\n\n`);
    };
    const send = (rest: object) => raw(`data: ${JSON.stringify({ ...head, ...rest })}`);
    const choice = (delta: object, finish_reason: string | null = null) =>
      send({ choices: [{ index: 0, delta, finish_reason }] });
    let begun = false;
    const piece = (content: string) => {
      // As llama-server does: the first event has a role and null for text.
      if (!begun) choice({ role: "assistant", content: null });
      begun = true;
      choice({ content });
    };
    const end = await this.write(request, { piece, raw, response });
    if (end === null) return;
    choice({}, end.finish);
    const { prompt: prompt_tokens, completion: completion_tokens } = end;
    send({ choices: [], usage: { prompt_tokens, completion_tokens } });
    raw("data: [DONE]");
    response.end();
  }
}
