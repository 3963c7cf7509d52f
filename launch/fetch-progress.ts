import { setTimeout as delay } from "node:timers/promises";
import type { PoolClient } from "../bot/pool/client.ts";
import type { ModelFetch } from "../protocol/wire/gateway.ts";
import type { PoolNode } from "../protocol/wire/http.ts";

/** What a node does with its model file, as the pool tells it, shown in a terminal. */
export function fetchProgress(pool: PoolClient, output: NodeJS.WriteStream = process.stderr) {
  let lastLine = "";

  /** Looks at the node every quarter second until `done` gives a value. */
  async function watch<T>(nodeName: string, done: (node: PoolNode) => T | null): Promise<T> {
    for (;;) {
      const status = await pool.pool().catch(() => null);
      const node = status?.nodes.find((n) => n.name === nodeName && n.online);
      const result = node ? done(node) : null;
      if (result !== null) return result;
      await delay(250, undefined, { ref: false });
    }
  }

  function write(line: string, last: boolean): void {
    if (output.isTTY) output.write(`\r\x1b[K${line}${last ? "\n" : ""}`);
    else if (line !== lastLine) output.write(`${line}\n`);
    lastLine = line;
  }

  return {
    /**
     * Draws a progress bar (a line every ten per cent where there is no terminal) until each of the node's
     * `wanted` models is ready or has failed. Resolves to those it has; a failed fetch is told in the
     * worker's own words.
     */
    async untilSettled(nodeName: string, wanted = 1): Promise<readonly string[]> {
      return watch(nodeName, (node) => {
        const models = node.models.map((model) => model.name);
        const fetch = node.fetches.find((f) => f.state === "fetching");
        if (fetch) {
          write(progressLine(fetch, output.isTTY ? 30 : 0), false);
          return null;
        }
        const failed = node.fetches.filter((f) => f.state === "failed");
        if (models.length + failed.length < wanted) return null;
        for (const { message } of failed) write(message, true);
        return models;
      });
    },
  };
}

/** One line: bar (where `width` > 0), per cent, megabytes, place. Without a bar, per cent goes in tens. */
export function progressLine(fetch: ModelFetch, width: number): string {
  const share = fetch.totalBytes > 0 ? Math.min(1, fetch.receivedBytes / fetch.totalBytes) : 0;
  if (width === 0) {
    return `Fetching ${fetch.name}: ${Math.floor(share * 10) * 10} % (${fetch.place})`;
  }
  const filled = Math.round(share * width);
  const bar = `${"█".repeat(filled)}${"░".repeat(width - filled)}`;
  const megabytes = `${(fetch.receivedBytes / 1e6).toFixed(1)} of ${(fetch.totalBytes / 1e6).toFixed(1)} MB`;
  return `Fetching ${fetch.name} ${bar} ${Math.floor(share * 100)} % · ${megabytes} · ${fetch.place}`;
}
