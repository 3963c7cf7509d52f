// GET /openapi.json: a document that OpenAPI 3.1 tools can read.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { TestPool } from "./support/pool.ts";

interface Operation {
  summary?: string;
  parameters?: { name: string; in: string; required?: boolean; schema: object }[];
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { description?: string; content?: Record<string, { schema: object }> }>;
  security?: Record<string, string[]>[];
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { securitySchemes: Record<string, { type: string }> };
}

describe("the OpenAPI document", () => {
  let pool: TestPool;
  let document: Document;
  before(async () => {
    pool = await TestPool.start();
    // It is for everybody: no token.
    document = (await (await fetch(`${pool.api.url}/openapi.json`)).json()) as Document;
  });
  after(() => pool.close());

  const operations = (): [string, Operation][] =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]): [string, Operation] => [
        `${method.toUpperCase()} ${path}`,
        operation,
      ]),
    );

  it("lists every route", () => {
    assert.match(document.openapi, /^3\.1\./);
    assert(document.info.title !== "" && document.info.version !== "");
    assert.deepEqual(
      operations()
        .map(([name]) => name)
        .sort(),
      [
        "DELETE /v1/invites/{id}",
        "DELETE /v1/members/{account}/data",
        "DELETE /v1/nodes/{keyId}/standing",
        "GET /healthz",
        "GET /openapi.json",
        "GET /readyz",
        "GET /v1/agents",
        "GET /v1/communities/{id}/failures",
        "GET /v1/communities/{id}/nodes",
        "GET /v1/communities/{id}/policy",
        "GET /v1/communities/{id}/policy/changes",
        "GET /v1/communities/{id}/reports",
        "GET /v1/communities/{id}/waiting",
        "GET /v1/emergencies",
        "GET /v1/governance/choices",
        "GET /v1/governance/events",
        "GET /v1/governance/kinds",
        "GET /v1/governance/me",
        "GET /v1/governance/reminders",
        "GET /v1/governance/stewards",
        "GET /v1/invites",
        "GET /v1/jobs/{id}",
        "GET /v1/jobs/{id}/events",
        "GET /v1/jobs/{id}/export",
        "GET /v1/jobs/{id}/provenance",
        "GET /v1/members/{account}",
        "GET /v1/members/{account}/data",
        "GET /v1/models",
        "GET /v1/policy",
        "GET /v1/policy/changes",
        "GET /v1/pool",
        "GET /v1/proposals",
        "GET /v1/proposals/{number}",
        "GET /v1/proposals/{number}/export",
        "GET /v1/proposals/{number}/receipts/{receipt}",
        "GET /v1/proposals/{number}/working",
        "GET /v1/receipts/{receiptId}",
        "GET /v1/rules",
        "GET /v1/rules/{version}",
        "POST /v1/agents",
        "POST /v1/emergencies",
        "POST /v1/emergencies/{id}/second",
        "POST /v1/governance/events/seen",
        "POST /v1/invites",
        "POST /v1/invites/look",
        "POST /v1/jobs",
        "POST /v1/jobs/{id}/again",
        "POST /v1/jobs/{id}/cancel",
        "POST /v1/jobs/{id}/reports",
        "POST /v1/links",
        "POST /v1/links/redeem",
        "POST /v1/links/unlink",
        "POST /v1/members/vouches",
        "POST /v1/polls",
        "POST /v1/proposals",
        "POST /v1/proposals/preview",
        "POST /v1/proposals/{number}/ballots",
        "POST /v1/proposals/{number}/ballots/withdraw",
        "POST /v1/proposals/{number}/edit",
        "POST /v1/proposals/{number}/hold",
        "POST /v1/proposals/{number}/objections",
        "POST /v1/proposals/{number}/options",
        "POST /v1/proposals/{number}/places",
        "POST /v1/proposals/{number}/sponsors",
        "POST /v1/proposals/{number}/withdraw",
        "POST /v1/reports/{id}/handled",
        "POST /v1/rules/lint",
        "PUT /v1/communities/{id}/policy",
        "PUT /v1/governance/reminders",
        "PUT /v1/nodes/{keyId}/standing",
        "PUT /v1/nodes/{keyId}/trust",
        "PUT /v1/policy",
      ],
    );
  });

  it("says for each what it does, what it takes, what it answers and whether a token is needed", () => {
    for (const [name, operation] of operations()) {
      assert(operation.summary, `${name} has no summary`);
      for (const [status, response] of Object.entries(operation.responses)) {
        assert(response.description, `${name} ${status} has no description`);
      }
      const inPath = [...name.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
      const declared = (operation.parameters ?? []).filter((each) => each.in === "path");
      assert.deepEqual(
        declared.map((each) => each.name),
        inPath,
      );
      assert(declared.every((each) => each.required === true));
      const open = operation.security !== undefined && operation.security.length === 0;
      // Whoever holds an invite may look at it: it is its own proof.
      const forAll = !name.includes("/v1/") || name === "POST /v1/invites/look";
      assert.equal(open, forAll, `${name}: token`);
    }
    assert.equal(document.components.securitySchemes.serviceToken?.type, "http");
  });

  it("holds only schemas that are valid JSON Schema 2020-12", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    let schemas = 0;
    for (const [name, { parameters = [], requestBody, responses }] of operations()) {
      const contents = [requestBody, ...Object.values(responses)].flatMap((each) =>
        Object.values(each?.content ?? {}),
      );
      for (const { schema } of [...contents, ...parameters]) {
        assert(ajv.validateSchema(schema), `${name}: ${ajv.errorsText()}`);
        ajv.compile(schema);
        schemas++;
      }
    }
    assert(schemas > 20);
  });
});
