// A model that no place gives is asked for again, later and later, as long as the owner offers it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import type { ModelFile } from "../../worker/engines/llama/loaded-model.ts";
import { createLog } from "../../worker/log.ts";
import { type Adding, addModels } from "../../worker/models/adding.ts";
import { FetchBoard } from "../../worker/models/fetch-board.ts";
import { ModelStore } from "../../worker/models/store.ts";
import type { WantedModel } from "../../worker/models/wanted.ts";

const content = randomBytes(1000);
const model: WantedModel = {
  ...{ kind: "known", sha256: sha256Hex(content), name: "Tiny Model", bytes: content.length },
  places: [],
};
const quiet = createLog({
  ...{ level: "silent", node: "t", forPeople: false, now: Date.now },
  write: () => {},
});
const cacheDir = mkdtempSync(join(tmpdir(), "adding-"));
let closedFor: number;
const server = createServer((_, response) => {
  if (closedFor-- > 0) response.writeHead(503).end();
  else response.end(content);
});
let wanted: WantedModel;

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tiny.gguf`;
  wanted = { ...model, places: [{ kind: "url", url }] } as WantedModel;
});
after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(cacheDir, { recursive: true });
});

function adding(given: Partial<Adding> = {}) {
  const taken: ModelFile[] = [];
  const waits: number[] = [];
  const board = new FetchBoard(() => {});
  const seen: string[] = [];
  const parts: Adding = {
    llama: { add: async (file) => void taken.push(file) },
    store: new ModelStore({ cacheDir, offline: false, root: cacheDir }),
    board,
    progress: { update() {}, end() {} },
    log: quiet,
    signal: new AbortController().signal,
    stillWanted: () => true,
    async wait(milliseconds) {
      waits.push(milliseconds);
      seen.push(board.list()[0]?.message ?? "");
    },
    ...given,
  };
  return { parts, taken, waits, seen, board };
}

test("is fetched at the tenth try, with longer and longer waits that the pool is told of", async () => {
  closedFor = 9;
  const { parts, taken, waits, seen, board } = adding();
  await addModels([wanted], parts);
  assert.deepEqual(
    taken.map(({ name }) => name),
    ["Tiny Model"],
  );
  assert.deepEqual(
    waits.map((each) => each / 60_000),
    [1, 2, 4, 8, 16, 32, 64, 128, 256],
  );
  assert.match(seen[3] ?? "", /^No place has Tiny Model .*503.* Next try in 8 min\.$/);
  assert.deepEqual(board.list(), []);
});

test("is not asked for again once it is withdrawn, nor where fetching is switched off", async () => {
  rmSync(join(cacheDir, `${model.kind === "known" && model.sha256}.gguf`));
  closedFor = 1;
  let offered = true;
  const withdrawn = adding({ stillWanted: () => offered });
  const { wait } = withdrawn.parts;
  await addModels([wanted], {
    ...withdrawn.parts,
    async wait(...given) {
      await wait(...given);
      offered = false;
    },
  });
  assert.deepEqual([withdrawn.waits, withdrawn.taken], [[60_000], []]);

  const store = new ModelStore({ cacheDir, offline: true, root: cacheDir });
  const offline = adding({ store });
  await addModels([wanted], offline.parts);
  assert.deepEqual([offline.waits, offline.taken], [[], []]);
  assert.match(offline.board.list()[0]?.message ?? "", /switched off \(OFFLINE\)\.$/);
});

test("that the worker's end interrupts leaves nothing running", async () => {
  closedFor = 1;
  const ends = new AbortController();
  const { parts } = adding({
    signal: ends.signal,
    async wait(_, signal) {
      ends.abort();
      signal.throwIfAborted();
    },
  });
  await assert.rejects(addModels([wanted], parts), { name: "AbortError" });
});
