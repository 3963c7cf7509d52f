import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { PoolModels, PoolStatus } from "../../protocol/wire/http.ts";
import type { ApiContext } from "../context.ts";
import type { NodeDirectory } from "../nodes/directory.ts";
import type { ModelBook } from "./model-book.ts";
import { poolModels, poolStatus } from "./status.ts";

/** What the pool is and can do now. */
export const poolRoutes =
  (parts: {
    ctx: ApiContext;
    directory: NodeDirectory;
    book: ModelBook;
  }): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get(
      "/v1/pool",
      {
        schema: {
          tags: ["pool"],
          summary: "Nodes, queue and the last hour",
          response: { 200: PoolStatus },
        },
      },
      () => poolStatus(parts),
    );
    app.get(
      "/v1/models",
      {
        schema: {
          tags: ["pool"],
          summary: "Models, most capable first",
          response: { 200: PoolModels },
        },
      },
      async () => ({ models: await poolModels(parts) }),
    );
  };
