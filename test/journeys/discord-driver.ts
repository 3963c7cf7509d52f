import type { APIMessage, APIUser } from "discord-api-types/v10";
import { ask } from "../../bot/commands/ask.ts";
import { parseLine } from "../../bot/commands/parse.ts";
import { COMMANDS } from "../../bot/commands/table.ts";
import type { AnswerPhase, AnswerView, View } from "../../bot/views/view.ts";
import { awaited } from "../support/awaited.ts";
import type { DiscordEmulator } from "../support/discord/emulator.ts";
import type { Channel } from "../support/discord/world.ts";
import type { DoorDriver, PersonDriver, Saying, Seen } from "./door-driver.ts";

/** What people read in our messages, by the numbers of a card's parts (bot/discord/render/message.ts). */
const KINDS: Record<number, string> = {
  100: "answer",
  200: "provenance",
  300: "pool",
  400: "models",
  500: "help",
  550: "card",
  600: "notice",
  700: "error",
};
const BODY = 2;
const STATUS = 3;
const NOTICES = 4;
const FOOTER = 5;

/** Members may write this much in one message; their program makes a file of what is longer. */
const LONGEST_MESSAGE = 2000;

/** Drives a channel of the emulated Discord as two of its members do, and reads the messages back into views. */
export function driveDiscord(
  discord: DiscordEmulator,
  channel: Channel,
  users: readonly [APIUser, APIUser],
): DoorDriver {
  const stop = new AbortController();
  return {
    name: "discord",
    people: [
      person(discord, channel, users[0], stop.signal),
      person(discord, channel, users[1], stop.signal),
    ],
    async close() {
      stop.abort();
    },
  };
}

function person(
  discord: DiscordEmulator,
  channel: Channel,
  user: APIUser,
  signal: AbortSignal,
): PersonDriver {
  const mention = `<@${discord.world.bot.id}>`;

  function all(): Seen[] {
    const messages = discord.visible(channel, user);
    return messages.map((message) => seen(message, messages));
  }

  const sees = (wanted: (message: Seen) => boolean): Promise<Seen> =>
    awaited({
      look: () => all().find(wanted),
      what: wanted,
      changes: discord.changes,
      there: () => all().map((message) => JSON.stringify(message)),
      closed: signal,
    });

  /** As a member would: a command where Discord has one, else a message that mentions the bot or replies. */
  function act(text: string, { replyTo, model }: Saying): void {
    const [, name = "", rest = ""] = /^\/(\w+)\s*([\s\S]*)$/.exec(text) ?? [];
    const known = discord.commands.list.some((command) => command.name === name);
    if (known && rest === "" && !replyTo) discord.slash(user, channel, name);
    else if (known && !replyTo) slash(text);
    else if (text.length > LONGEST_MESSAGE) {
      const bytes = new TextEncoder().encode(text);
      const file = { name: "message.txt", bytes, type: "text/plain; charset=utf-8" };
      discord.say(user, channel, mention, { file });
    } else if (replyTo) {
      const line = model ? `/ask --model ${model} ${text}` : text;
      discord.say(user, channel, `${mention} ${line}`, { replyTo });
    } else if (name !== "") discord.say(user, channel, `${mention} ${text}`);
    else if (model) discord.slash(user, channel, "ask", { question: text, model });
    else if (text.trim() === "") discord.slash(user, channel, "ask", { question: text });
    else discord.say(user, channel, `${mention} ${text}`);
  }

  /** A line as the command it is, each part in its option. */
  function slash(line: string): void {
    const parsed = parseLine(line, COMMANDS, ask);
    if (parsed.kind === "refused") throw new Error(parsed.message);
    const given = Object.entries(parsed.values).filter((one): one is [string, string] => !!one[1]);
    discord.slash(user, channel, parsed.command.name, Object.fromEntries(given));
  }

  async function press(message: Seen, action: string): Promise<void> {
    const target = discord.world.messages.get(message.id)?.message;
    if (!target) throw new Error("the message is gone");
    const interaction = discord.press(user, channel, target, action);
    await discord.until(() => interaction.answered ?? undefined);
  }

  return {
    id: user.id,
    sees,
    async say(text, saying = {}) {
      const before = new Set(all().map(({ id }) => id));
      act(text, saying);
      return sees((message) => !before.has(message.id) && message.view !== null);
    },
    press: (message, button) => press(message, `${button}:${jobOf(message)}`),
    async saveAnswer(message) {
      const jobId = jobOf(message);
      await press(message, `where:${jobId}`);
      const where = await sees(({ view }) => view?.kind === "provenance" && view.jobId === jobId);
      const known = new Set(all().map(({ id }) => id));
      await press(where, `export:${jobId}`);
      const url = await discord.until(
        () =>
          discord
            .visible(channel, user)
            .filter(({ id }) => !known.has(id))
            .flatMap(({ attachments }) => attachments)
            .find(({ filename }) => filename.endsWith(".zip"))?.url,
      );
      return new Uint8Array(await (await fetch(url)).arrayBuffer());
    },
  };
}

function jobOf({ view }: Seen): string {
  return view?.kind === "answer" ? view.jobId : "";
}

interface Part {
  readonly type: number;
  readonly id?: number;
  readonly content?: string;
  readonly custom_id?: string;
  readonly label?: string;
  readonly components?: readonly Part[];
}

/** A message as its reader understands it. */
function seen(message: APIMessage, messages: readonly APIMessage[]): Seen {
  const isPrivate = ((message.flags ?? 0) & 64) !== 0;
  const card = message.components?.[0] as unknown as Part | undefined;
  const kind = KINDS[card?.id ?? 0];
  const view = card && kind ? viewOf(kind, card, message, messages) : null;
  return { id: message.id, view, replyTo: questionOf(message, messages), private: isPrivate };
}

/** The message or command that an answer answers; for one asked again, that of the first answer. */
function questionOf(message: APIMessage, messages: readonly APIMessage[]): string | null {
  const about = message.interaction_metadata as { interacted_message_id?: string } | undefined;
  const pressed = about?.interacted_message_id;
  if (pressed) {
    const first = messages.find(({ id }) => id === pressed);
    return first ? questionOf(first, messages) : null;
  }
  return message.interaction_metadata?.id ?? message.message_reference?.message_id ?? null;
}

function viewOf(
  kind: string,
  card: Part,
  message: APIMessage,
  messages: readonly APIMessage[],
): View | null {
  const parts = flat(card);
  const text = (id: number) => shown(parts.find((one) => one.id === id)?.content ?? "");
  const small = (id: number) =>
    text(id)
      .split("\n")
      .map((line) => line.replace(/^-# /, ""))
      .filter((line) => line !== "");
  const body = text(BODY);
  const buttons = parts.filter(({ custom_id }) => custom_id !== undefined);
  const jobId = buttons[0]?.custom_id?.split(":")[1] ?? "";
  const lines = body.split("\n").map((line) => line.replace(/^- (?:🟢 |⚪ )?/u, ""));
  if (kind === "answer") {
    // A message before the last of a long answer has no buttons; readers see it as part of the last.
    if (jobId === "") return null;
    const notices = small(NOTICES);
    const running = buttons.some(({ custom_id }) => custom_id?.startsWith("stop:"));
    return {
      kind: "answer",
      jobId,
      asker: "",
      phase: phaseOf(running, small(FOOTER).length > 0, notices, body),
      final: !running,
      status: small(STATUS)[0] ?? null,
      notices,
      text: body as AnswerView["text"],
      part: 1,
      parts: 1,
      footer: small(FOOTER)[0] ?? null,
      actions: buttons.map(({ custom_id = "", label = "" }) => ({
        id: custom_id,
        label,
        member: null,
      })),
    };
  }
  if (kind === "provenance") {
    if (jobId === "") return null;
    const together = messages.filter(
      (one) => one.interaction_metadata?.id === message.interaction_metadata?.id,
    );
    return provenanceOf(jobId, together);
  }
  if (kind === "pool") {
    const nodesOnline = Number(/(\d+) nodes? online/.exec(body)?.[1] ?? 0);
    return { kind: "pool", line: lines[0] ?? "", nodesOnline } as unknown as View;
  }
  if (kind === "models") {
    const models = lines.map((line) => ({
      name: /^\*\*(.*?)\*\*/.exec(line)?.[1] ?? "",
      isDefault: line.includes("(answers when none is chosen)"),
    }));
    return { kind: "models", models } as unknown as View;
  }
  if (kind === "help") return { kind: "help", title: "", intro: lines, commands: [] };
  if (kind === "card") {
    const [title = "", ...rest] = lines;
    const section = { id: "", title: "", rows: [], lines: rest, ordered: false };
    return { kind: "card", id: "", title, line: null, sections: [section], actions: [] };
  }
  const tone = kind === "error" ? "error" : "info";
  return { kind: "notice", tone, code: "", text: body };
}

function provenanceOf(jobId: string, messages: readonly APIMessage[]): View {
  const text = messages
    .flatMap(({ components }) => (components as unknown as Part[]).flatMap(flat))
    .map(({ content = "" }) => shown(content))
    .join("\n");
  const [, ran = "", notRun = ""] =
    /\*\*Checks that ran\*\*\n([\s\S]*?)\n\n\*\*Checks that did not run\*\*\n([\s\S]*?)(?:\n\n|$)/.exec(
      text,
    ) ?? [];
  const items = (block: string) => block.split("\n").filter((line) => line.startsWith("- "));
  const checks = [
    ...items(ran).map((line) => ({
      title: line,
      state: line.includes("**passed**") ? "passed" : "failed",
      detail: "",
    })),
    ...items(notRun).map((line) => ({ title: line, state: "not run", detail: "" })),
  ];
  return { kind: "provenance", jobId, summary: text, checks } as unknown as View;
}

function phaseOf(
  running: boolean,
  signed: boolean,
  notices: readonly string[],
  body: string,
): AnswerPhase {
  if (running) return body === "" ? "waiting" : "writing";
  if (notices.some((line) => line.startsWith("Stopped"))) return "stopped";
  return signed ? "done" : "failed";
}

function flat(part: Part): Part[] {
  return [part, ...(part.components ?? []).flatMap(flat)];
}

/** What Discord's Markdown shows: no invisible breaks, no escapes. */
function shown(text: string): string {
  return text.replaceAll("\u200b", "").replace(/\\([^0-9A-Za-z\s])/g, "$1");
}
