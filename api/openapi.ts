import type { FastifyDynamicSwaggerOptions } from "@fastify/swagger";

/** How /openapi.json is made from the routes' schemas. */
export const openapiOptions: FastifyDynamicSwaggerOptions = {
  openapi: {
    openapi: "3.1.0",
    info: {
      title: "The Substrate: pool API",
      version: "1",
      description: "Ask, follow, stop; and where every answer came from.",
    },
    components: { securitySchemes: { serviceToken: { type: "http", scheme: "bearer" } } },
    security: [{ serviceToken: [] }],
  },
  transform: ({ schema, url }) => ({ schema: tuplesAs2020(schema) as typeof schema, url }),
};

/**
 * A copy of a schema with tuples as JSON Schema 2020-12 §10.3.1.1 writes them, which OpenAPI 3.1 is built on;
 * the validator's library writes them as draft 7 does (`items` a list).
 */
export function tuplesAs2020(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(tuplesAs2020);
  if (typeof schema !== "object" || schema === null) return schema;
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, tuplesAs2020(value)]),
  );
  if (!Array.isArray(copy.items)) return copy;
  const { items, additionalItems, ...rest } = copy;
  return { ...rest, prefixItems: items, items: additionalItems ?? true };
}
