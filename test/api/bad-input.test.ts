// What the HTTP API answers to requests that will not do.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import type { ApiError } from "../../protocol/wire/http.ts";
import { FakeNode } from "./support/fake-node.ts";
import { question, TestPool } from "./support/pool.ts";

describe("bad input", () => {
  let pool: TestPool;
  let node: FakeNode;
  before(async () => {
    pool = await TestPool.start(
      { waitLimitMs: 1000 },
      { limits: { reconcileMs: 50, placeMs: 50 } },
    );
    node = await pool.node("willow", new FakeNode("willow").echo());
  });
  after(() => pool.close());

  async function refused(
    body: unknown,
  ): Promise<{ status: number; code: string; message: string }> {
    const answer = await pool.post("/v1/jobs", body);
    const { error } = answer.body as ApiError;
    return { status: answer.status, ...error };
  }

  async function refusedBytes(body: Uint8Array<ArrayBuffer>) {
    const response = await pool.request("/v1/jobs", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    return { status: response.status, ...((await response.json()) as ApiError).error };
  }

  for (const [what, prompt] of [
    ["an empty prompt", ""],
    ["a prompt of white space", " \n\t "],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { status, code } = await refused(question(prompt));
      assert.deepEqual([status, code], [400, "prompt_empty"]);
    });
  }

  it("refuses a prompt of 50,000 characters and says both numbers", async () => {
    const { status, code, message } = await refused(question("x".repeat(50_000)));
    assert.deepEqual([status, code], [413, "prompt_too_long"]);
    assert.match(message, /50000 characters.*at most 8000/);
  });

  it("takes a prompt of exactly the longest length, counting an emoji once", async () => {
    const job = await pool.ask("🙂".repeat(8000));
    assert.equal((await pool.ended(job.id)).state, "done");
    const { code } = await refused(question("🙂".repeat(8001)));
    assert.equal(code, "prompt_too_long");
  });

  it("refuses half a character, NUL and bytes that are not UTF-8", async () => {
    const text = JSON.stringify(question("MARK"));
    for (const body of [
      Buffer.from(text.replace("MARK", "\\ud83d")),
      Buffer.from(text.replace("MARK", "a\\u0000b")),
      Buffer.concat([Buffer.from('{"prompt":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    ]) {
      const { status, code } = await refusedBytes(new Uint8Array(body));
      assert.deepEqual([status, code], [400, "prompt_not_text"]);
    }
    const { code } = await refused(question("fine", { member: "a\0b" }));
    assert.equal(code, "prompt_not_text");
  });

  it("refuses what is not JSON, what lacks a field and what has one too many, naming the place", async () => {
    assert.equal((await refusedBytes(new Uint8Array(Buffer.from("{")))).code, "not_json");
    const { room: _, ...roomless } = question("hello");
    const missing = await refused(roomless);
    assert.deepEqual([missing.status, missing.code], [400, "request_invalid"]);
    assert.match(missing.message, /room/);
    const extra = await refused({ ...question("hello"), colour: "blue" });
    assert.equal(extra.code, "request_invalid");
  });

  it("carries @everyone, markdown and HTML through as they are", async () => {
    const hostile = "@everyone <img src=x onerror=alert(1)> **bold** ```\n[x](javascript:1) \u202e";
    const job = await pool.ask(hostile);
    assert.equal((await pool.ended(job.id)).answer?.text, `Echo: ${hostile}`);
  });

  it("refuses a model nobody knows and lists those there are", async () => {
    const { status, code, message } = await refused(
      question("hello", { options: { model: "gpt-99" } }),
    );
    assert.deepEqual([status, code], [404, "model_unknown"]);
    assert.match(message, /“gpt-99”.*echo \(no model\)/);
  });

  it("finds a model by its name in any case, and by its digest", async () => {
    for (const model of ["Echo (No Model)", ECHO_MODEL.sha256]) {
      const job = await pool.ask("hello", { options: { model } });
      assert.equal((await pool.ended(job.id)).state, "done");
    }
  });

  it("refuses to continue what is not there, has no text or is another community's", async () => {
    const nowhere = "00000000-0000-4000-8000-000000000000";
    const elsewhere = await pool.ask("hello", { community: "other" });
    await pool.ended(elsewhere.id);
    for (const continues of [nowhere, elsewhere.id]) {
      const { status, code } = await refused(question("and?", { continues }));
      assert.deepEqual([status, code], [404, "continues_unknown"]);
    }
  });

  it("says at once when no node has the model, and expires a kept job with a message", async () => {
    node.ready([]);
    await pool.until(async () => (await pool.models())[0]?.nodesOnline === 0);
    const options = { model: ECHO_MODEL.name };
    const failed = await pool.ask("anyone?", { options });
    assert.equal(failed.state, "failed");
    assert.equal(failed.notice?.code, "no_node");
    assert.match(failed.notice?.message ?? "", /No volunteer machine with echo .* is online/);

    const kept = await pool.ask("anyone?", { options: { ...options, wait: true } });
    assert.equal(kept.state, "queued");
    assert.equal(kept.notice?.code, "waiting_for_node");
    const ended = await pool.ended(kept.id);
    assert.equal(ended.state, "expired");
    assert.match(ended.notice?.message ?? "", /Nobody could answer within one second/);
    node.ready();
    await pool.untilOnline(node);
  });

  it("answers an unknown job, route and method with a code and a sentence", async () => {
    const nowhere = "/v1/jobs/00000000-0000-4000-8000-000000000000";
    for (const [path, code] of [
      [nowhere, "job_unknown"],
      [`${nowhere}/events`, "job_unknown"],
      [`${nowhere}/provenance`, "job_unknown"],
      ["/v1/receipts/aaaaaaaaaa", "receipt_unknown"],
      ["/v1/nothing", "no_such_route"],
    ] as const) {
      const response = await pool.request(path);
      assert.equal(response.status, 404);
      assert.equal(((await response.json()) as ApiError).error.code, code);
    }
  });

  it("has no provenance for a job without an answer", async () => {
    const job = await pool.ask("hello", { options: { model: "substrate-demo" } });
    assert.equal(job.notice?.code, "no_node");
    for (const what of ["provenance", "export"]) {
      const response = await pool.request(`/v1/jobs/${job.id}/${what}`);
      assert.equal(response.status, 409);
      assert.equal(((await response.json()) as ApiError).error.code, "no_answer");
    }
  });

  it("lets nobody in without the service token", async () => {
    for (const token of ["", "wrong", `${pool.api.serviceToken}x`]) {
      for (const path of ["/v1/pool", "/v1/models", "/v1/jobs"]) {
        const response = await pool.request(path, { token });
        assert.equal(response.status, path === "/v1/jobs" ? 404 : 401);
      }
      const asked = await pool.request("/v1/jobs", { token, method: "POST", body: "{}" });
      assert.equal(asked.status, 401);
    }
  });

  it("writes no prompt, answer or token into the log, whatever happens", async () => {
    const marker = "xyzzy-marker";
    const job = await pool.ask(`say ${marker}`);
    await pool.ended(job.id);
    // Fails in the middle of the request: the error must not carry the statement's parameters along.
    await refused(question(`${marker}\0`));
    await refusedBytes(new Uint8Array(Buffer.from(`{"prompt": ${marker}`)));
    node.send({ type: "text", lease: "no-such-lease-here", seq: 0, text: marker });
    node.socket.send(`{"type": "text", "text": ${marker}`);
    await node.whenClosed();
    await pool.until(async () => pool.log.some((line) => line.includes("node refused")));
    const log = pool.log.join("");
    assert(log.includes(job.id) || log.includes("/v1/jobs"));
    for (const secret of [marker, pool.api.serviceToken, pool.api.enrolmentToken]) {
      assert(!log.includes(secret), `the log holds ${secret}`);
    }
  });
});
