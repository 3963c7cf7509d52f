// What can be done below a message: every action has a sign or a command, and both are told in the last line.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { signAct } from "../../../bot/matrix/actions.ts";
import { choiceOf } from "../../../bot/matrix/ballots/lit.ts";
import { eventBudget } from "../../../bot/matrix/budget.ts";
import { chipsOf, signsOf } from "../../../bot/matrix/render/signs.ts";
import { messagesOf } from "../../../bot/matrix/render/views.ts";
import type { Action, BallotPaper, CardView } from "../../../bot/views/view.ts";
import { ENGLISH } from "../../../bot/words/catalogue.ts";
import { fakeClock } from "../fake-clock.ts";

const ID = "4b0a1f3e-0000-4000-8000-000000000000";

function card(actions: readonly string[], ballot: BallotPaper | null = null): CardView {
  return {
    ...{ kind: "card", id: "proposal:12", title: "A card", line: null, sections: [], ballot },
    actions: actions.map((id): Action => ({ id, label: `do ${id.split(":")[0]}`, member: null })),
  };
}

function paper(kind: BallotPaper["kind"], sealed: boolean): BallotPaper {
  const options = ["A", "B", "C"].map((id) => ({ id, title: `option ${id}` }));
  return { number: 12, revision: 2, kind, sealed, options: kind === "yes-no" ? [] : options };
}

describe("signs below a message", () => {
  test("every action of every view has a sign or tells its command", () => {
    const all = [
      ...["where", "stop", "again", "save", "report"].map((what) => `${what}:${ID}`),
      ...["back", "hold", "mine", "unvote", "count", "change.2"].map((what) => `gov:12:${what}`),
      ...[`second:${ID}`, `handled:${ID}`, "node:bar:SHA256:abc", "node:resume:SHA256:abc"],
    ];
    for (const id of all) {
      const { signs, line } = signsOf(card([id]), ENGLISH, false);
      const [act] = Object.values(signs);
      assert.ok(
        act === undefined ? /`!/.test(line ?? "") : signAct(act) !== null,
        `${id}: ${line}`,
      );
    }
    assert.match(
      signsOf(card(["node:bar:SHA256:abc"]), ENGLISH, false).line ?? "",
      /`!pool nodes bar SHA256:abc …`/,
    );
    assert.equal(
      signsOf(card(["gov:12:hold"]), ENGLISH, false).line,
      "✋ do gov `!proposal 12 hold`",
    );
    assert.match(
      signsOf(card(["gov:12:count"]), ENGLISH, false).line ?? "",
      /^💾 do gov `!save 12`$/,
    );
  });

  test("several acts of one kind keep apart: the first has its sign, the others are numbered", () => {
    const second = `second:${ID.replace("4b", "5c")}`;
    const { signs } = signsOf(card([`second:${ID}`, second]), ENGLISH, false);
    assert.deepEqual(signs, { "🤝": `second:${ID}`, "1⃣": second });
  });

  test("a yes or no is numbered where everybody may see it, and asked in private where it is sealed", () => {
    const actions = ["gov:12:yes.2", "gov:12:no.2", "gov:12:abstain.2", "gov:12:mine"];
    const open = signsOf(card(actions, paper("yes-no", false)), ENGLISH, false);
    assert.deepEqual(open.signs, {
      "1⃣": "ballot:12.2:yes-no:yes",
      "2⃣": "ballot:12.2:yes-no:no",
      "3⃣": "ballot:12.2:yes-no:abstain",
      "🧾": "gov:12:mine",
    });
    assert.deepEqual(chipsOf(open.signs), ["1⃣", "2⃣", "3⃣"]);
    const sealed = signsOf(card(actions, paper("yes-no", true)), ENGLISH, false);
    assert.deepEqual(sealed.signs, { "🗳": "gov:12:vote.2", "🧾": "gov:12:mine" });
    assert.match(sealed.line ?? "", /^🗳️ Vote, for you alone `!vote 12` · 🧾 /);
    const alone = signsOf(card(actions, paper("yes-no", true)), ENGLISH, true);
    assert.deepEqual(alone.signs, open.signs);
  });

  test("options are numbered, with what several of them mean; points are typed", () => {
    const line = (kind: BallotPaper["kind"]) =>
      signsOf(card(["gov:12:vote.2"], paper(kind, false)), ENGLISH, true).line;
    assert.equal(line("approval"), "1️⃣ A (as many as you like) · 2️⃣ B · 3️⃣ C · Vote `!vote 12 A,B`");
    assert.equal(
      line("ranking"),
      "1️⃣ A (in the order you prefer) · 2️⃣ B · 3️⃣ C · Vote `!vote 12 B>A`",
    );
    assert.equal(line("scores"), "Vote `!vote 12 A=3 B=1`");
  });

  test("what is lit is the ballot: the last of yes and no, all that are approved, an order of preference", () => {
    assert.deepEqual(choiceOf("yes-no", ["yes", "no"]), { answer: "no" });
    assert.deepEqual(choiceOf("approval", ["C", "A", "C"]), { approve: ["C", "A"] });
    assert.deepEqual(choiceOf("ranking", ["C", "A"]), { rank: [["C"], ["A"]] });
    assert.equal(choiceOf("approval", []), null);
    assert.equal(choiceOf("yes-no", ["maybe"]), null);
  });

  test("ids of signs come from messages of anybody's making: what is no act does nothing", () => {
    for (const id of [
      ...["", "ballot:", "ballot:1.2:yes-no:", "ballot:1.2:yes-no:<b>", "gov:x:count"],
      ...["handled:..", "gov:99999999999:count", "constructor", `where:${ID}0`],
    ]) {
      assert.equal(signAct(id), null, id);
    }
  });
});

describe("a card as messages", () => {
  test("goes on in the next message where it is too long, loses nothing, and has its signs once", () => {
    const lines = Array.from({ length: 300 }, (_, at) => `Rule ${at}: ${"words ".repeat(12)}`);
    const view = {
      ...card([`second:${ID}`]),
      sections: [{ id: "rules", title: "Rules", rows: [], lines, ordered: false }],
    };
    const messages = messagesOf(view, ENGLISH);
    assert.ok(messages.length > 1);
    const whole = messages.map(({ body }) => body).join("\n");
    for (const at of lines.keys()) assert.match(whole, new RegExp(`Rule ${at}: `));
    assert.deepEqual(
      messages.map(({ signs }) => Object.keys(signs).length),
      [...messages.slice(1).map(() => 0), 1],
    );
  });

  test("shows people's words as words, in both forms", () => {
    const view = {
      ...card([]),
      title: "Proposal 12: <b>/etc</b>",
      sections: [
        {
          ...{ id: "changes", title: "What would change", lines: [], ordered: false },
          rows: [{ term: "<img src=x>", detail: "a & b", code: true }],
        },
        { id: "none", title: "Nothing below", rows: [], lines: [], ordered: false },
      ],
    };
    const [message] = messagesOf(view, ENGLISH);
    assert.match(message?.html ?? "", /&lt;b&gt;.*&lt;img src=x&gt;: <code>a &amp; b<\/code>/s);
    assert.doesNotMatch(message?.body ?? "", /Nothing below/);
  });
});

test("pictures and signs wait for room, go before nothing that must be said, and give up in time", async () => {
  const clock = fakeClock();
  const budget = eventBudget({ perSecond: 0.2, burst: 10, clock });
  const { signal } = new AbortController();
  while (budget.tryTake()) {}
  const gone: string[] = [];
  const spare = budget.takeSpare(60_000, signal).then((taken) => gone.push(`spare ${taken}`));
  const never = budget.takeSpare(2000, signal).then((taken) => gone.push(`hurried ${taken}`));
  for (let at = 0; at < 7; at++) void budget.take().then(() => gone.push("word"));
  await clock.advance(2500);
  await never;
  assert.deepEqual(gone, [...Array(5).fill("word"), "hurried false"]);
  for (let at = 0; at < 56; at++) await clock.advance(1000);
  await spare;
  assert.deepEqual(gone.slice(6), ["word", "word", "spare true"], "words first");
  while (budget.tryTake()) {}
  const stop = new AbortController();
  const stopped = budget.takeSpare(60_000, stop.signal);
  stop.abort();
  await assert.rejects(stopped);
});
