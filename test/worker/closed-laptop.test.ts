// A volunteer closes the laptop in mid-answer: real workers with a real model, one of them stopped or killed.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { after, before, test } from "node:test";
import { ROOT } from "../../config/settings.ts";
import type { JobEvent } from "../../protocol/wire/http.ts";
import { shownText, TestPool } from "../api/support/pool.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { SMOLLM2, TEST_MODELS, testModel } from "../support/models.ts";
import { scratch } from "../support/services.ts";

let pool: TestPool;
const dataDir = scratch("laptops-");
const laptops = new Map<string, ChildProcess>();

function open(name: string): void {
  const child = spawn(process.execPath, ["worker/main.ts"], {
    cwd: ROOT,
    stdio: "ignore",
    env: {
      ...BARE_ENVIRONMENT,
      DATA_DIR: dataDir,
      API_URL: pool.api.url,
      ENROLMENT_TOKEN: pool.api.enrolmentToken,
      WORKER_NAME: name,
      WORKER_MODELS: SMOLLM2,
      WORKER_CACHE: TEST_MODELS,
      WORKER_THREADS: "1",
      WORKER_SLOTS: "1",
    },
  });
  laptops.set(name, child);
}

before(async () => {
  await testModel(SMOLLM2);
  // Short enough to wait for, long enough for a worker that reads a model on a busy machine.
  pool = await TestPool.start({}, { limits: { pingMs: 500, silentMs: 4000 } });
  open("willow");
  open("alder");
  await pool.until(
    async () =>
      (await pool.status()).nodes.filter((node) => node.online && node.models.length > 0).length ===
      2,
  );
});
after(async () => {
  for (const child of laptops.values()) {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  }
  await pool.close();
  rmSync(dataDir, { recursive: true });
});

for (const [how, signal, code] of [
  ["sleeps without a word", "SIGSTOP", "node_silent"],
  ["is gone at once", "SIGKILL", "node_left"],
] as const) {
  test(`a laptop that ${how} in mid-answer: the answer moves, and the asker is told`, async () => {
    const job = await pool.ask("Tell a story about a forest.", {
      options: { maxTokens: 120, model: SMOLLM2 },
    });
    const events: JobEvent[] = [];
    let first = "";
    for await (const event of pool.events(job.id)) {
      events.push(event);
      if (event.event === "started" && first === "") first = event.data.node.name;
      const writing = event.event === "text" && event.data.attempt === 1;
      if (writing && !events.some(({ event: name }) => name === "moved")) {
        laptops.get(first)?.kill(signal);
      }
    }
    const moved = events.find(({ event }) => event === "moved") as
      | Extract<JobEvent, { event: "moved" }>
      | undefined;
    assert.equal(moved?.data.code, code);
    assert.equal(moved?.data.node?.name, first);
    assert.match(moved?.data.message ?? "", new RegExp(first), "named in words");
    const { answer, state, lostAttempts } = await pool.job(job.id);
    assert.equal(state, "done");
    assert.equal(answer?.text, shownText(events));
    assert.notEqual(answer?.nodes[0]?.name, first);
    assert.equal(lostAttempts.length, 1);
    if (signal === "SIGSTOP") {
      // The lid opens again: the node finds its way back by itself.
      laptops.get(first)?.kill("SIGCONT");
      await pool.until(
        async () =>
          (await pool.status()).nodes.filter((node) => node.online && node.models.length > 0)
            .length === 2,
      );
    }
  });
}
