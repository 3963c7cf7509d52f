import type { AnswerPhase, AnswerView, View } from "../../bot/views/view.ts";
import type { Human, ReadMessage } from "../support/matrix-human.ts";
import type { DoorDriver, PersonDriver, Saying, Seen } from "./door-driver.ts";

const SIGNS = { where: "🔎", stop: "⏹️", again: "🔁" } as const;
const SIGN_OF = new Map([
  ["🔎", "where"],
  ["⏹", "stop"],
  ["🔁", "again"],
  ["🚩", "report"],
]);

/** Drives a room of a real homeserver as two of its members do, and reads the messages back into views. */
export function driveMatrix(
  room: string,
  botId: string,
  humans: readonly [Human, Human],
): DoorDriver {
  return {
    name: "matrix",
    people: [person(room, botId, humans[0]), person(room, botId, humans[1])],
    async close() {
      await Promise.all(humans.map((human) => human.close()));
    },
  };
}

function person(room: string, botId: string, human: Human): PersonDriver {
  function all(): Seen[] {
    const messages = human.messages().filter((message) => message.sender === botId);
    return messages.map((message) => seen(message, messages, room));
  }

  const sees = (wanted: (message: Seen) => boolean) =>
    human.until(() => all().find(wanted), wanted);

  /** As a member would: a command with its mark, a reply to an answer, a mention where nothing is said. */
  function act(text: string, { replyTo, model }: Saying): Promise<string> {
    const chosen = model ? `!ask --model ${model} ${text}` : null;
    if (replyTo) return human.reply(room, replyTo, chosen ?? text);
    if (text.trim() === "") return human.say(room, `${botId}: ${text}`);
    if (text.startsWith("/")) return human.say(room, `!${text.slice(1)}`);
    return human.say(room, chosen ?? `!ask ${text}`);
  }

  return {
    id: human.userId,
    sees,
    async say(text, saying = {}) {
      const before = new Set(all().map(({ id }) => id));
      const said = await act(text, saying);
      // What is told in private stands in another room and answers nothing there.
      return sees(
        ({ id, view, replyTo, private: alone }) =>
          !before.has(id) && view !== null && (alone || replyTo === said),
      );
    },
    async press(message, button) {
      try {
        await human.react(room, message.id, SIGNS[button]);
      } catch (error) {
        // The same sign twice is one sign: whoever insists writes the word.
        if (!String(error).includes("M_DUPLICATE_ANNOTATION")) throw error;
        await human.reply(room, message.id, `!${button}`);
      }
    },
    async saveAnswer(message) {
      await human.react(room, message.id, "💾");
      const file = await human.until(() =>
        human
          .messages(room)
          .find(
            ({ content, thread }) =>
              content.msgtype === "m.file" && thread === threadOf(human, message.id),
          ),
      );
      return human.download(file.content.url);
    },
  };
}

function threadOf(human: Human, id: string): string | null {
  return human.messages().find((message) => message.id === id)?.thread ?? null;
}

function seen(message: ReadMessage, messages: readonly ReadMessage[], room: string): Seen {
  const { id, replyTo, thread } = message;
  return {
    id,
    view: viewOf(message, messages),
    replyTo: replyTo ?? thread,
    private: message.room !== room,
  };
}

function viewOf(message: ReadMessage, messages: readonly ReadMessage[]): View | null {
  const shown = message.content["org.substrate.shown"];
  const body = message.body.replaceAll("\u200b", "");
  const lines = body.split("\n");
  switch (shown?.kind) {
    case "answer":
      // A part before the last of a long answer has no signs; readers see it as part of the last.
      return Object.keys(shown.signs).length === 0 ? null : answerOf(body, shown);
    case "provenance":
      return provenanceOf(
        shown.job,
        messages.filter(
          ({ room, content }) =>
            room === message.room && content["org.substrate.shown"]?.job === shown.job,
        ),
      );
    case "pool": {
      const nodesOnline = Number(/(\d+) nodes? online/.exec(body)?.[1] ?? 0);
      return { kind: "pool", line: lines[0] ?? "", nodesOnline } as unknown as View;
    }
    case "models": {
      const models = lines.map((line) => ({
        name: line.split(" · ")[0] ?? "",
        isDefault: line.includes("answers when none is chosen"),
      }));
      return { kind: "models", models } as unknown as View;
    }
    case "help":
      return { kind: "help", title: "", intro: lines.map(slashed), commands: [] };
    case "card": {
      const [title = "", ...rest] = lines.map(slashed);
      const section = { id: "", title: "", rows: [], lines: rest, ordered: false };
      return { kind: "card", id: "", title, line: null, sections: [section], actions: [] };
    }
    case "error":
    case "notice": {
      const tone = shown.kind === "error" ? "error" : "info";
      return { kind: "notice", tone, code: "", text: slashed(body) };
    }
    default:
      return null;
  }
}

/** Commands as the journeys write them. */
function slashed(text: string): string {
  return text.replace(/!(?=[a-z])/g, "/");
}

function answerOf(
  body: string,
  shown: { job: string; final: boolean; signs: Record<string, string> },
): AnswerView {
  const lines = body.split("\n");
  const below: string[] = [];
  while (lines.length > 0 && /^(?:⏳|ℹ️|—|🔎|⏹|🔁|💾|🚩)/u.test(lines.at(-1) ?? "")) {
    below.unshift(lines.pop() as string);
  }
  const starting = (mark: string) =>
    below.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length).trim());
  const text = lines.join("\n").trimEnd();
  const notices = starting("ℹ️");
  const [footer = null] = starting("—");
  const actions = Object.entries(shown.signs).flatMap(([sign, id]) =>
    SIGN_OF.has(sign) ? [{ id, label: sign, member: null }] : [],
  );
  return {
    kind: "answer",
    jobId: shown.job,
    asker: "",
    phase: phaseOf(shown.final, footer !== null, notices, text),
    final: shown.final,
    status: starting("⏳")[0] ?? null,
    notices,
    text: text as AnswerView["text"],
    part: 1,
    parts: 1,
    footer,
    actions,
  };
}

function phaseOf(
  final: boolean,
  signed: boolean,
  notices: readonly string[],
  text: string,
): AnswerPhase {
  if (!final) return text === "" ? "waiting" : "writing";
  if (notices.some((line) => line.startsWith("Stopped"))) return "stopped";
  return signed ? "done" : "failed";
}

function provenanceOf(jobId: string, messages: readonly ReadMessage[]): View {
  const text = messages.map(({ body }) => body).join("\n\n");
  const block = (title: string) =>
    new RegExp(`\\*\\*${title}\\*\\*\\n((?:- .*\\n?)*)`).exec(text)?.[1] ?? "";
  const items = (lines: string) => lines.split("\n").filter((line) => line.startsWith("- "));
  const checks = [
    ...items(block("Checks that ran")).map((line) => ({
      title: line,
      state: line.startsWith("- passed") ? "passed" : "failed",
      detail: "",
    })),
    ...items(block("Checks that did not run")).map((line) => ({
      title: line,
      state: "not run",
      detail: "",
    })),
  ];
  return { kind: "provenance", jobId, summary: text, checks } as unknown as View;
}
