import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { FOLDER } from "./ballot-files.ts";

const MAIN = resolve(import.meta.dirname, "../../../protocol/counting/main.ts");
const folder = mkdtempSync(join(tmpdir(), "count-"));
after(() => rmSync(folder, { recursive: true }));

/** Runs the command as a person would. */
function count(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    encoding: "utf8",
    cwd: FOLDER,
  });
  return { status, stderr, printed: status === 0 ? JSON.parse(stdout) : null };
}

function written(content: unknown): string {
  const path = join(folder, "ballots.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

test("count prints the result and every table as JSON", () => {
  const { printed } = count("02-schulze-45.json", "--method", "schulze");
  const [result] = printed.results;
  assert.deepEqual(result.winners, ["E"]);
  assert.deepEqual(result.ranking, [["E"], ["A"], ["C"], ["B"], ["D"]]);
  assert.equal(result.pairwise.E.D, 31);
  assert.deepEqual(result.strongestPaths.E.A, { winning: 25, opposing: 20 });
  assert.deepEqual(result.smithSet, ["A", "B", "C", "D", "E"]);
});

test("a file of cases is counted case by case; Debian's 3:1 rule changes the winner", () => {
  const { printed } = count("07-debian-gr-2008-supermajority.json", "--method", "schulze");
  assert.deepEqual(
    printed.results.map(({ winners }: { winners: string[] }) => winners),
    [["5"], ["2"], ["4"], ["7"]],
  );
  const [two] = printed.results[0].againstDefault.filter(
    ({ option }: { option: string }) => option === "2",
  );
  assert.deepEqual(two, {
    option: "2",
    for: 224,
    against: 129,
    ratio: [3, 1],
    quorum: 0,
    quorumMet: true,
    ratioMet: false,
    passes: false,
  });
});

test("without a seed a tie stays open and is named; with one it falls by that seed, each time the same", () => {
  const file = written({
    ballots: [
      [1, [["A"], ["B"]]],
      [1, [["B"], ["A"]]],
    ],
  });
  const open = count(file, "--method", "irv").printed.results[0];
  assert.deepEqual([open.winners, open.possibleWinners], [[], ["A", "B"]]);
  // `printf '%s' 2a:A | sha256sum` begins with 8, that of 2a:B with 3: B is the luckier one.
  const drawn = count(file, "--method", "irv", "--seed", "2A").printed.results[0];
  assert.deepEqual([drawn.winners, drawn.ties[0].options], [["B"], ["A", "B"]]);
  assert.match(drawn.ties[0].settledBy, /SHA-256\("2a:" \+ option\)/);
  assert.deepEqual(count(file, "--method", "irv", "--seed", "2a").printed.results[0], drawn);
});

test("a ballot that names an option twice, or an unknown one, is void with its reason; the others count", () => {
  const file = written({
    candidates: ["A", "B"],
    ballots: [
      { n: 3, r: [["A"], ["B"], ["A"]] },
      { n: 2, r: [["C"]] },
      { n: 1, r: [["B"]] },
    ],
  });
  const { printed } = count(file, "--method", "borda");
  const [{ winners, voids, ballots }] = printed.results;
  assert.deepEqual([winners, ballots], [["B"], 1]);
  assert.deepEqual(voids, [
    { ballot: 0, weight: 3, reason: 'names "A" twice' },
    { ballot: 1, weight: 2, reason: 'names "C", which is not an option' },
  ]);
});

test("quadratic votes above the credits, and scores outside the range, are void", () => {
  const ballots = [
    [1, { A: 8, B: -6 }],
    [1, { A: 9, B: 5 }],
    [1, { B: 3 }],
  ];
  const quadratic = count(written({ ballots, credits: 100 }), "--method", "quadratic");
  const [result] = quadratic.printed.results;
  assert.deepEqual(result.totals, { A: 8, B: -3 });
  assert.match(result.voids[0].reason, /cost 106 credits, and there are 100/);
  const scores = count(written({ ballots }), "--method", "score").printed.results[0];
  assert.deepEqual(scores.totals, { A: 0, B: 3 });
  assert.match(scores.voids[0].reason, /gives "A" 8, and only whole numbers from 0 to 5 count/);
});

test("Scottish STV: surplus values have five decimals, and each stage says what was done", () => {
  const file = written({
    ballots: [
      [7, [["A"], ["B"]]],
      [4, [["B"]]],
      [3, [["C"]]],
      [1, [["D"], ["C"]]],
    ],
  });
  const [result] = count(file, "--method", "stv-scottish", "--seats", "2").printed.results;
  assert.equal(result.quota, 6);
  assert.deepEqual(result.winners, ["A", "B"]);
  // A's surplus of 1 goes on as 7 papers worth ⌊100000 / 7⌋ hundred-thousandths each.
  assert.equal(result.stages[1].votes.B, "4.99995");
  assert.equal(result.stages[1].nonTransferable, "0.00005");
  assert.equal(result.stages[1].action, "surplus of A");
});

for (const [what, args, sentence] of [
  ["no file", ["--method", "irv"], /^Usage: npm run count -- FILE --method NAME/],
  ["no method", ["01-tennessee-ranked.json"], /^--method is missing: choose one of majority, /],
  [
    "an unknown method",
    ["01-tennessee-ranked.json", "--method", "luck"],
    /^There is no method "luck"/,
  ],
  ["an unknown option", ["01-tennessee-ranked.json", "--fast"], /Unknown option '--fast'/],
  ["a missing file", ["none.json", "--method", "irv"], /^none.json cannot be read \(ENOENT\)/],
  ["a file that is no JSON", ["README.md", "--method", "irv"], /^ballot file: not JSON/],
  [
    "a bad seed",
    ["01-tennessee-ranked.json", "--method", "irv", "--seed", "xyz"],
    /^--seed: a seed is/,
  ],
  [
    "no seats",
    ["01-tennessee-ranked.json", "--method", "stv", "--seats", "0"],
    /^--seats "0" is not/,
  ],
  ["no case that fits", ["10-score-star-approval.json", "--method", "irv"], /It needs rankings/],
  [
    "scores for a ranking",
    ["01-tennessee-ranked.json", "--method", "star"],
    /cannot be counted by star. It needs scores, not rankings/,
  ],
] as const) {
  test(`${what}: one sentence and exit status 2`, () => {
    const { status, stderr } = count(...args);
    assert.equal(status, 2, stderr);
    assert.match(stderr, sentence);
    assert.doesNotMatch(stderr, /\n\s+at /, "no stack trace");
  });
}

for (const [what, content, sentence] of [
  ["nothing to count", {}, /neither "ballots" nor "approvals" nor "pairwise"/],
  ["no options", { ballots: [] }, /no option is named/],
  ["an option listed twice", { candidates: ["A", "A"], ballots: [] }, /stands twice/],
  ["a negative number of ballots", { ballots: [[-1, [["A"]]]] }, /^ballot file: \/ballots/],
  ["a fraction of a ballot", { ballots: [[0.5, [["A"]]]] }, /^ballot file: \/ballots/],
  [
    "both kinds in one list",
    {
      ballots: [
        [1, [["A"]]],
        [1, { A: 1 }],
      ],
    },
    /ranked and scored/,
  ],
  ["an unknown default", { default: "Z", ballots: [[1, [["A"]]]] }, /"Z" is not an option/],
  [
    "a missing duel",
    { candidates: ["A", "B"], pairwise: { A: { B: 1 } } },
    /no number for B above A/,
  ],
  ["the same key twice", '{"ballots": [], "ballots": []}', /^ballot file: .*ballots/],
  [
    "more options than are counted",
    { candidates: Array.from({ length: 101 }, (_, i) => `o${i}`), ballots: [] },
    /101 options, at most 100/,
  ],
  [
    "more weight than can be added exactly",
    {
      ballots: Array.from({ length: 1100 }, () => [4_294_967_295, { A: 5000 }]),
      highest_score: 10_000,
    },
    /stop being exact/,
  ],
] as const) {
  test(`a file with ${what} is refused in a sentence`, () => {
    const { status, stderr } = count(written(content), "--method", methodFor(content));
    assert.equal(status, 2, stderr);
    assert.match(stderr, sentence);
    assert.equal(stderr.trim().split("\n").length, 1);
  });
}

function methodFor(content: unknown): string {
  return JSON.stringify(content).includes("highest_score") ? "score" : "schulze";
}
