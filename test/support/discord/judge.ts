import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { requestComplaints } from "./strict-walk.ts";

/** One HTTP exchange with Discord; bodies as parsed JSON, null where there is none. */
export interface Exchange {
  readonly method: string;
  /** Without host, `/api/v10` and query. */
  readonly path: string;
  readonly body: unknown;
}

/** Judges requests to Discord and answers from it by Discord's own description of its API. */
export interface Judge {
  /** What is wrong with a request; empty when nothing is. */
  request(exchange: Exchange): string[];
  /** What is wrong with an answer to it. */
  response(exchange: Exchange, status: number, body: unknown): string[];
}

interface Operation {
  readonly pattern: RegExp;
  readonly literals: number;
  readonly pointer: string;
  readonly requestBody?: { readonly content: Record<string, unknown> };
  readonly responses: Record<string, { readonly content?: Record<string, unknown> }>;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/**
 * The description leaves its objects open. Closing every object that lists properties makes an unknown key
 * an error, and makes the branches of a union exclude each other. What an `allOf` gathers stays open, each
 * as a copy of its own, and the whole is closed instead.
 */
function closeObjects(value: Json, resolve: (ref: string) => Json): void {
  if (Array.isArray(value)) {
    for (const one of value) closeObjects(one, resolve);
    return;
  }
  if (value === null || typeof value !== "object") return;
  if (Array.isArray(value.allOf)) {
    if (value.allOf.length > 1) value.unevaluatedProperties = false;
    value.allOf = value.allOf.map((one) => openCopy(one, resolve));
  }
  const lists = value.type === "object" && value.properties;
  if (lists && !("additionalProperties" in value)) value.additionalProperties = false;
  for (const part of Object.values(value)) closeObjects(part, resolve);
}

function openCopy(value: Json, resolve: (ref: string) => Json): Json {
  const part = value as { [key: string]: Json };
  const target = typeof part.$ref === "string" ? resolve(part.$ref) : value;
  const simple = (target as { type?: Json }).type === "object";
  return simple ? { ...(target as object), additionalProperties: true } : value;
}

let shared: Judge | undefined;

/** The judge; reading the description takes a moment, so that all tests of a process share one. */
export function discordJudge(): Judge {
  shared ??= makeJudge();
  return shared;
}

function makeJudge(): Judge {
  const packed = readFileSync(join(import.meta.dirname, "openapi.json.gz"));
  const description = JSON.parse(gunzipSync(packed).toString("utf8"));
  const operations = readOperations(description.paths);
  const named = (ref: string): Json =>
    description.components.schemas[ref.replace("#/components/schemas/", "")] ?? null;
  closeObjects(description, named);
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: false });
  ajv.addSchema(description, "discord");
  const compiled = new Map<string, ValidateFunction>();

  function check(pointer: string, value: unknown): string[] {
    let validate = compiled.get(pointer);
    if (!validate) {
      validate = ajv.compile({ $ref: `discord#${pointer}` });
      compiled.set(pointer, validate);
    }
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) =>
      `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`.trim(),
    );
  }

  function operationOf({ method, path }: Exchange): Operation | undefined {
    return operations.get(method)?.find(({ pattern }) => pattern.test(path));
  }

  return {
    request(exchange) {
      const operation = operationOf(exchange);
      if (!operation) return [`Discord has no ${exchange.method} ${exchange.path}`];
      const hasBody = operation.requestBody?.content["application/json"] !== undefined;
      if (exchange.body === null) return [];
      if (!hasBody) return [`${exchange.method} ${exchange.path} takes no body`];
      const pointer = `${operation.pointer}/requestBody/content/application~1json/schema`;
      return [...check(pointer, exchange.body), ...requestComplaints(exchange)];
    },
    response(exchange, status, body) {
      const operation = operationOf(exchange);
      if (!operation) return [`Discord has no ${exchange.method} ${exchange.path}`];
      if (status === 429) return check("/components/schemas/RatelimitedResponse", body);
      if (status >= 400) return check("/components/schemas/ErrorResponse", body);
      const told = operation.responses[status];
      if (!told) return [`${exchange.method} ${exchange.path} never answers ${status}`];
      if (!told.content?.["application/json"]) {
        return body === null ? [] : [`${status} of ${exchange.path} has no body`];
      }
      return check(
        `${operation.pointer}/responses/${status}/content/application~1json/schema`,
        body,
      );
    },
  };
}

function readOperations(
  paths: Record<string, Record<string, Operation>>,
): Map<string, Operation[]> {
  const operations = new Map<string, Operation[]>();
  for (const [template, methods] of Object.entries(paths)) {
    const source = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{\w+\}/g, "[^/]+");
    const escaped = encodeURIComponent(template.replaceAll("~", "~0").replaceAll("/", "~1"));
    for (const [method, operation] of Object.entries(methods)) {
      if (method === "parameters") continue;
      const list = operations.get(method.toUpperCase()) ?? [];
      list.push({
        pattern: new RegExp(`^${source}$`),
        literals: template.split("/").filter((part) => !part.startsWith("{")).length,
        pointer: `/paths/${escaped}/${method}`,
        ...(operation.requestBody ? { requestBody: operation.requestBody } : {}),
        responses: operation.responses,
      });
      operations.set(method.toUpperCase(), list);
    }
  }
  // `/messages/@original` before `/messages/{message_id}`.
  for (const list of operations.values()) list.sort((a, b) => b.literals - a.literals);
  return operations;
}
