import assert from "node:assert/strict";
import type { DoorDriver, Seen } from "./door-driver.ts";

/** What people read in the course of one script; the engine repeats the question, so that texts can agree. */
export async function transcript(door: DoorDriver): Promise<string[]> {
  const [first, second] = door.people;
  const lines: string[] = [];
  const end = async (message: Seen | { readonly refusal: string }) => {
    assert("id" in message, JSON.stringify(message));
    const last = await first.sees(
      (one) => one.id === message.id && one.view?.kind === "answer" && one.view.final,
    );
    assert(last.view?.kind === "answer");
    const { phase, text, notices, footer, actions } = last.view;
    // Speed and receipt differ from one answer to the next.
    const about = footer?.replace(/ · \S+ tokens\/s/, "").replace(/receipt \w+/, "receipt");
    // Matrix shows them in the order of their line, and carries them in none.
    const buttons = actions
      .map(({ id }) => id.split(":")[0])
      .filter((id) => id !== "thread")
      .sort();
    // Doors break mentions with characters that nobody sees.
    const read = text.replaceAll("\u200b", "");
    lines.push(JSON.stringify({ phase, text: read, notices, about, buttons }));
    return last;
  };
  const answer = await end(await first.say("What is **bold** and @everyone and [a](http://b.c)?"));
  await end(await second.say("And what then?", { replyTo: answer.id }));
  await end(await first.say("Code:\n```js\nconst a = 1;\n```\nand `code`"));
  await second.press(answer, "where");
  const where = await second.sees((one) => one.view?.kind === "provenance");
  assert(where.view?.kind === "provenance");
  lines.push(where.view.checks.map(({ state }) => state).join(", "));
  for (const command of ["/pool", "/models", "/help", "/aks"]) {
    const reply = await first.say(command);
    lines.push("refusal" in reply ? "refused" : refusedOr(reply));
  }
  // What moderators may, the second person may not, in every door; all see whose machines read their questions.
  for (const command of ["/me", "/pool settings quota_per_day 5", "/pool nodes", "/pool invite"]) {
    const reply = await second.say(command);
    lines.push("refusal" in reply ? "refused" : refusedOr(reply));
  }
  return lines;
}

function refusedOr({ view }: Seen): string {
  return view?.kind === "notice" && view.tone === "error" ? "refused" : (view?.kind ?? "nothing");
}
