import { once } from "node:events";
import { createServer, connect as dial, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** How the network behaves at the moment. */
type Weather =
  | { readonly is: "fine" }
  /** Every piece of data arrives so much later. */
  | { readonly is: "slow"; readonly ms: number }
  /** Nothing arrives and nobody is told: connections look open on both sides. */
  | { readonly is: "dark" }
  /** Connections break, and none can be made. */
  | { readonly is: "cut" };

/**
 * A TCP proxy on loopback whose network a test makes slow, dark or cut. It spreads connections over its
 * upstreams in turn and passes over those that refuse, as a load balancer in front of replicas does.
 *
 *   fine --slow()--> slow --fine()--> fine
 *   fine --dark()--> dark --fine()--> fine (what was held back goes on)
 *   fine --cut()--> cut (open connections are broken) --fine()--> fine
 *
 * Connections are closed, not reset: Node 24 loses a socket whose reset comes while its `end()` is under way (EINVAL),
 * and a process with such a socket never ends, but spins in its clean-up after the last `exit` handler.
 */
export class Line {
  readonly port: number;
  readonly #server: Server;
  readonly #upstreams: readonly number[];
  readonly #sockets = new Set<Socket>();
  #turn = 0;
  #weather: Weather = { is: "fine" };
  #changed = Promise.withResolvers<void>();

  private constructor(server: Server, port: number, upstreams: readonly number[]) {
    this.#server = server;
    this.port = port;
    this.#upstreams = upstreams;
  }

  /** Listens on a free port; `upstreams` are ports on loopback. */
  static async start(upstreams: readonly number[]): Promise<Line> {
    const server = createServer({ noDelay: true });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    const proxy = new Line(server, port, upstreams);
    server.on("connection", (socket) => void proxy.#accept(socket));
    return proxy;
  }

  /** Connections open at the moment, both sides counted as one. */
  get open(): number {
    return this.#sockets.size;
  }

  fine(): void {
    this.#become({ is: "fine" });
  }

  slow(ms: number): void {
    this.#become({ is: "slow", ms });
  }

  dark(): void {
    this.#become({ is: "dark" });
  }

  cut(): void {
    this.#become({ is: "cut" });
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #become(weather: Weather): void {
    this.#weather = weather;
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }

  async #accept(client: Socket): Promise<void> {
    client.on("error", () => {});
    this.#sockets.add(client);
    client.once("close", () => this.#sockets.delete(client));
    const upstream = this.#isCut() ? null : await this.#reach();
    if (upstream === null || client.destroyed || this.#isCut()) {
      upstream?.destroy();
      client.destroy();
      return;
    }
    await Promise.all([this.#pass(client, upstream), this.#pass(upstream, client)]);
  }

  #isCut(): boolean {
    return this.#weather.is === "cut";
  }

  /** The next upstream that accepts a connection; null when none does. */
  async #reach(): Promise<Socket | null> {
    const first = this.#turn++;
    for (let i = 0; i < this.#upstreams.length; i++) {
      const port = this.#upstreams[(first + i) % this.#upstreams.length] as number;
      const socket = dial({ port, host: "127.0.0.1", noDelay: true });
      socket.on("error", () => {});
      const reached = await new Promise<boolean>((resolve) => {
        socket.once("connect", () => resolve(true));
        socket.once("close", () => resolve(false));
      });
      if (reached) return socket;
    }
    return null;
  }

  /** Carries one direction until it ends; each piece waits for the weather. */
  async #pass(from: Socket, to: Socket): Promise<void> {
    try {
      for await (const piece of from) {
        await this.#travel();
        if (!to.write(piece)) await Promise.race([once(to, "drain"), once(to, "close")]);
      }
      await this.#travel();
      to.end();
    } catch {
      // One side broke: so does the other.
      to.destroy();
    }
  }

  async #travel(): Promise<void> {
    const weather = this.#weather;
    if (weather.is === "slow") await delay(weather.ms);
    while (this.#weather.is === "dark") await this.#changed.promise;
  }
}
