import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { ROOT } from "../../config/settings.ts";
import { readExceptions } from "../../launch/audit/exceptions.ts";
import { lockedPackages } from "../../launch/audit/locked.ts";
import { BARE_ENVIRONMENT } from "../support/bare-environment.ts";
import { freePort, scratch } from "../support/services.ts";

/** As npm's registry answers (POST /-/npm/v1/security/advisories/bulk). */
const NPM_ANSWER = {
  "left-pad": [
    {
      id: 1097,
      url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
      title: "Pads to the right",
      severity: "high",
      vulnerable_versions: "<1.1.0",
    },
  ],
};

suite("the audit of what npm installs", () => {
  const dir = scratch("audit-");
  const lock = join(dir, "package-lock.json");
  const list = join(dir, "exceptions.json");
  let asked: Record<string, unknown>[] = [];
  let npmStatus = 200;
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    asked.push({ path: request.url, body: JSON.parse(body) });
    const isNpm = request.url === "/npm/-/npm/v1/security/advisories/bulk";
    const results = [{ vulns: [{ id: "GHSA-aaaa-bbbb-cccc", modified: "2026" }] }, {}];
    response.writeHead(isNpm ? npmStatus : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(isNpm ? NPM_ANSWER : { results }));
  });
  let places: Record<string, string>;

  before(async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
    places = { npm_config_registry: `${url}/npm/`, OSV_API: url };
    const packages = {
      "": { name: "root" },
      "node_modules/left-pad": { version: "1.0.0" },
      "node_modules/a/node_modules/renamed": { name: "real-name", version: "2.0.0" },
      "node_modules/@substrate/api": { link: true, resolved: "api" },
      api: { version: "0.1.0" },
    };
    writeFileSync(lock, JSON.stringify({ packages }));
  });
  after(() => {
    server.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function audit(exceptions: unknown, args: string[] = [], env = places) {
    writeFileSync(list, JSON.stringify(exceptions));
    asked = [];
    const files = ["--lock", lock, "--exceptions", list];
    const child = spawn(process.execPath, [join(ROOT, "launch/audit/main.ts"), ...files, ...args], {
      env: { ...BARE_ENVIRONMENT, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        said += chunk.toString();
      });
    }
    const [code] = (await once(child, "close")) as [number];
    return { code, said };
  }
  const excuse = {
    ...{ advisory: "GHSA-aaaa-bbbb-cccc", package: "left-pad", until: "2999-12-31" },
    reason: "We pad nothing to the left and nothing to the right.",
  };

  test("a known vulnerability fails the build", async () => {
    const { code, said } = await audit([]);
    assert.equal(code, 1);
    assert.match(
      said,
      /VULNERABLE left-pad 1\.0\.0: Pads to the right \(high, GHSA-aaaa-bbbb-cccc/,
    );
    assert.deepEqual(asked[0]?.body, { "left-pad": ["1.0.0"], "real-name": ["2.0.0"] });
  });

  test("unless it is listed with a reason, for as long as that holds", async () => {
    const listed = await audit([excuse]);
    assert.equal(listed.code, 0, listed.said);
    assert.match(listed.said, /listed {4}left-pad .*\n.*We pad nothing/);
    assert.equal((await audit([{ ...excuse, until: "2020-01-01" }])).code, 1, "it ended");
    assert.equal((await audit([{ ...excuse, package: "other" }])).code, 1, "another package's");
    assert.equal((await audit([{ ...excuse, reason: "" }])).code, 2, "no reason");
    for (const bad of [{ ...excuse, until: undefined }, excuse.advisory, { ...excuse, more: 1 }]) {
      writeFileSync(list, JSON.stringify([bad]));
      assert.throws(() => readExceptions(list), /audit-exceptions\.json/);
    }
  });

  test("where the registry refuses, OSV is asked", async () => {
    npmStatus = 405;
    const { code, said } = await audit([]);
    npmStatus = 200;
    assert.equal(code, 1);
    assert.match(said, /npm's registry .* cannot be asked: it answered 405\./);
    assert.match(
      said,
      /VULNERABLE left-pad 1\.0\.0: .*osv\.dev\/vulnerability\/GHSA-aaaa-bbbb-cccc/,
    );
    assert.equal(asked.length, 2);
  });

  test("where nobody can be asked it says so and does not pass for an all-clear", async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const env = { npm_config_registry: nobody, OSV_API: nobody };
    const { code, said } = await audit([], [], env);
    assert.equal(code, 3);
    assert.match(said, /nothing is known about 2 packages: this is no all-clear/);
    assert.doesNotMatch(said, /no known vulnerability/);
    const said2 = await audit([], ["--or-say-so"], env);
    assert.equal(said2.code, 0);
    assert.match(said2.said, /no all-clear/);
  });
});

test("every exception of the project has its reason, its end, and a package we have", () => {
  const exceptions = readExceptions(join(ROOT, "config/audit-exceptions.json"));
  const names = new Set(lockedPackages(join(ROOT, "package-lock.json")).map(({ name }) => name));
  assert.ok(names.size > 100);
  assert.deepEqual(
    exceptions.filter((each) => !names.has(each.package)),
    [],
  );
});
