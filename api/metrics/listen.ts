import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { collectDefaultMetrics } from "prom-client";
import type { ApiContext } from "../context.ts";

/** Where Prometheus may ask, and how to stop. */
export interface MetricsServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `GET /metrics` at an address of its own, so that a proxy in front of the API cannot make it public by
 * accident; event-loop lag, memory and processor time of the process come with it.
 */
export async function listenForScrapes(
  { metrics, log }: Pick<ApiContext, "metrics" | "log">,
  host: string,
  port: number,
): Promise<MetricsServer> {
  const { registry } = metrics;
  collectDefaultMetrics({ register: registry });
  // Gauges under a counter's name; Prometheus' own linter refuses them.
  for (const kind of ["handles", "requests", "resources"]) {
    registry.removeSingleMetric(`nodejs_active_${kind}_total`);
  }
  const server = createServer((request, response) => {
    if (request.method !== "GET" || request.url?.split("?")[0] !== "/metrics") {
      response.writeHead(404, { "content-type": "text/plain" });
      response.end("Only GET /metrics is here.\n");
      return;
    }
    registry.metrics().then(
      (text) => {
        response.writeHead(200, { "content-type": registry.contentType });
        response.end(text);
      },
      (error: unknown) => {
        log.error({ err: error }, "could not collect metrics");
        response.writeHead(503, { "content-type": "text/plain" });
        response.end("The pool's numbers cannot be had now; see its log.\n");
      },
    );
  });
  server.listen(port, host);
  await once(server, "listening");
  const { address, family, port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${family === "IPv6" ? `[${address}]` : address}:${bound}/metrics`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
