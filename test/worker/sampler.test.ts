import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { chooseToken } from "../../worker/sampler/choose.ts";
import { seededNoise } from "../../worker/sampler/noise.ts";

interface Vectors {
  noise: { seed: string; position: number; tokenId: number; hmac: string; noise: number }[];
  choices: { seed: string; position: number; candidates: [number, number][]; chosen: number }[];
}
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../worker/sampler/vectors.json"), "utf8"),
) as Vectors;

const seedHex = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString("hex"));
const u32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const candidates = fc.uniqueArray(
  fc.tuple(fc.integer({ min: 0, max: 200_000 }), fc.double({ min: 1e-30, max: 1, noNaN: true })),
  { minLength: 1, maxLength: 40, selector: ([id]) => id },
);

test("noise is -ln(-ln u) of the HMAC's first 53 bits, as node:crypto computes the HMAC", () => {
  fc.assert(
    fc.property(seedHex, u32, u32, (seed, position, tokenId) => {
      const message = Buffer.alloc(8);
      message.writeUInt32LE(position, 0);
      message.writeUInt32LE(tokenId, 4);
      const mac = createHmac("sha256", Buffer.from(seed, "hex")).update(message).digest();
      const n = mac.readBigUInt64LE(0) >> 11n;
      const u = Math.min((Number(n) + 0.5) / 2 ** 53, 1 - 2 ** -53);
      assert.equal(seededNoise(seed)(position, tokenId), -Math.log(-Math.log(u)));
    }),
  );
});

test("noise is always finite, and a pure function of seed, position and token", () => {
  fc.assert(
    fc.property(seedHex, u32, u32, (seed, position, tokenId) => {
      const noise = seededNoise(seed);
      const first = noise(position, tokenId);
      noise(position, (tokenId ^ 1) >>> 0);
      assert.ok(Number.isFinite(first));
      assert.equal(noise(position, tokenId), first);
    }),
  );
});

test("a seed that is not 64 lower-case hexadecimal digits is refused", () => {
  for (const seed of ["", "ab", "AB".repeat(32), "zz".repeat(32)]) {
    assert.throws(() => seededNoise(seed), TypeError);
  }
});

test("the order in which the engine lists candidates does not matter", () => {
  fc.assert(
    fc.property(candidates, seedHex, u32, fc.integer(), (list, seed, position, salt) => {
      const noise = seededNoise(seed);
      const shuffled = [...list].sort(([a], [b]) => Math.sin(a * salt) - Math.sin(b * salt));
      assert.equal(chooseToken(list, position, noise), chooseToken(shuffled, position, noise));
    }),
  );
});

test("scaling all probabilities by the same factor changes nothing", () => {
  fc.assert(
    fc.property(candidates, seedHex, u32, (list, seed, position) => {
      const noise = seededNoise(seed);
      // A power of two, so that the scaled numbers are exact.
      const halved = list.map(([id, p]) => [id, p / 2] as const);
      const scores = list.map(([id, p]) => Math.log(p) + noise(position, id));
      const [best = 0, second = Number.NEGATIVE_INFINITY] = scores.sort((a, b) => b - a);
      fc.pre(best - second > 1e-9);
      assert.equal(chooseToken(list, position, noise), chooseToken(halved, position, noise));
    }),
  );
});

test("equal scores go to the lower token id, whatever the order", () => {
  const flat = () => 0;
  assert.equal(
    chooseToken(
      [
        [9, 0.5],
        [3, 0.5],
      ],
      0,
      flat,
    ),
    3,
  );
  assert.equal(
    chooseToken(
      [
        [3, 0.5],
        [9, 0.5],
      ],
      0,
      flat,
    ),
    3,
  );
});

test("a candidate of probability 0 is never taken; with no other candidate it is an error", () => {
  assert.equal(
    chooseToken(
      [
        [1, 0],
        [2, 0.001],
      ],
      0,
      seededNoise("00".repeat(32)),
    ),
    2,
  );
  assert.throws(() => chooseToken([[1, 0]], 0, seededNoise("00".repeat(32))), RangeError);
  assert.throws(() => chooseToken([], 0, seededNoise("00".repeat(32))), RangeError);
});

test("over many positions the choices follow the distribution (chi-square, fixed seeds)", () => {
  const probabilities: [number, number][] = [
    [11, 0.4],
    [5, 0.25],
    [40_000, 0.15],
    [7, 0.1],
    [123, 0.06],
    [99, 0.04],
  ];
  const draws = 20_000;
  // 0.999 quantile of chi-square with 5 degrees of freedom; the seeds are fixed, so this never flickers.
  const limit = 20.515;
  for (const byte of ["01", "5a", "f0"]) {
    const noise = seededNoise(byte.repeat(32));
    const counts = new Map(probabilities.map(([id]) => [id, 0]));
    for (let position = 0; position < draws; position++) {
      const id = chooseToken(probabilities, position, noise);
      counts.set(id, (counts.get(id) as number) + 1);
    }
    const chiSquare = probabilities.reduce((sum, [id, p]) => {
      const expected = p * draws;
      return sum + ((counts.get(id) as number) - expected) ** 2 / expected;
    }, 0);
    assert.ok(chiSquare < limit, `seed ${byte}…: chi-square ${chiSquare}`);
  }
});

test("neighbouring positions are independent (chi-square of pairs, fixed seed)", () => {
  const even: [number, number][] = [
    [0, 1],
    [1, 1],
    [2, 1],
  ];
  const noise = seededNoise("3c".repeat(32));
  const pairs = new Array<number>(9).fill(0);
  const draws = 18_000;
  for (let i = 0; i < draws; i++) {
    const pair = chooseToken(even, 2 * i, noise) * 3 + chooseToken(even, 2 * i + 1, noise);
    pairs[pair] = (pairs[pair] as number) + 1;
  }
  const expected = draws / 9;
  const chiSquare = pairs.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
  // 0.999 quantile with 8 degrees of freedom.
  assert.ok(chiSquare < 26.124, `chi-square ${chiSquare}`);
});

test("noise and choices are those of the frozen vectors, so another implementation can agree", () => {
  assert.ok(vectors.noise.length >= 10 && vectors.choices.length >= 5);
  for (const { seed, position, tokenId, noise } of vectors.noise) {
    const ours = seededNoise(seed)(position, tokenId);
    // Logarithms may differ in the last digit between mathematics libraries.
    assert.ok(Math.abs(ours - noise) <= 1e-12 * Math.max(1, Math.abs(noise)));
  }
  for (const { seed, position, candidates: list, chosen } of vectors.choices) {
    assert.equal(chooseToken(list, position, seededNoise(seed)), chosen);
  }
});
