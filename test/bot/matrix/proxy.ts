import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to a request on its way; undefined lets it through, a promise holds back its answer. */
export type Trouble = (
  method: string,
  path: string,
) => "hang" | "drop" | Refusal | Promise<void> | undefined;
export interface Refusal {
  readonly status: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}

/** A reverse proxy before a homeserver, as most have one; it makes trouble when told to. */
export class TroubledProxy {
  readonly url: string;
  trouble: Trouble = () => undefined;
  /** Requests that went through, `PUT /_matrix/…`. */
  readonly passed: string[] = [];
  /** Requests that the homeserver is at work on; a sync only waits there. */
  working = 0;
  readonly #server: Server;

  private constructor(url: string, server: Server) {
    this.url = url;
    this.#server = server;
  }

  static async start(target: string): Promise<TroubledProxy> {
    const server = createServer((incoming, response) => proxy.#forward(target, incoming, response));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const proxy = new TroubledProxy(`http://127.0.0.1:${port}`, server);
    return proxy;
  }

  /** Breaks every connection there is. */
  cut(): void {
    this.#server.closeAllConnections();
  }

  close(): void {
    this.cut();
    this.#server.close();
  }

  #forward(target: string, incoming: IncomingMessage, response: ServerResponse): void {
    const { method = "", url = "" } = incoming;
    const trouble = this.trouble(method, url);
    if (trouble === "hang") return;
    if (trouble === "drop") {
      incoming.socket.destroy();
      return;
    }
    if (trouble && !(trouble instanceof Promise)) {
      incoming.resume();
      response.writeHead(trouble.status, trouble.headers ?? { "content-type": "application/json" });
      response.end(trouble.body);
      return;
    }
    this.passed.push(`${method} ${url}`);
    const outgoing = request(
      target + url,
      { method, headers: incoming.headers },
      async (answer) => {
        await trouble;
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    const isWork = !url.includes("/sync");
    if (isWork) this.working++;
    outgoing.on("error", () => response.destroy());
    response.on("close", () => {
      if (isWork) this.working--;
      outgoing.destroy();
    });
    incoming.pipe(outgoing);
  }
}
