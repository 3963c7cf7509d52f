import type { APIUser } from "discord-api-types/v10";
import { ask } from "../../bot/commands/ask.ts";
import { parseLine } from "../../bot/commands/parse.ts";
import { COMMANDS } from "../../bot/commands/table.ts";
import { plainLines } from "../../bot/views/plain.ts";
import type { DiscordEmulator } from "../support/discord/emulator.ts";
import type { Channel } from "../support/discord/world.ts";
import type { Human } from "../support/matrix-human.ts";
import type { DoorDriver, Seen } from "./door-driver.ts";

/** A person who writes commands, by the id that the pool knows them by. */
export interface Citizen {
  readonly account: string;
  write(line: string): Promise<void>;
}

/** A room where things are decided, read as its members read it. */
export interface Assembly {
  readonly name: string;
  readonly people: readonly [Citizen, Citizen];
  /** Everything that can be read now, cards as they stand now; `private`: what one person alone sees. */
  read(): readonly { readonly text: string; readonly private: boolean }[];
  /** Resolves when something that can be read says so. */
  hears(pattern: RegExp, where?: "public" | "private"): Promise<string>;
}

/** The local room, through what its page uses. */
export function localAssembly(door: DoorDriver): Assembly {
  const known = new Map<string, Seen>();
  const note = (message: Seen) => known.set(message.id, message);
  const text = ({ view }: Seen) => (view === null ? "" : plainLines(view).join("\n"));
  const read = () =>
    [...known.values()].map((message) => ({ text: text(message), private: message.private }));
  const [first, second] = door.people;
  return {
    name: door.name,
    people: [first, second].map(({ id, say }) => ({
      account: id,
      async write(line: string) {
        const said = await say(line);
        if ("refusal" in said)
          note({ ...REFUSED, id: `refusal ${known.size}`, view: refusal(said) });
      },
    })) as unknown as readonly [Citizen, Citizen],
    read,
    async hears(pattern, where = "public") {
      const wanted = (message: Seen) => {
        note(message);
        return message.private === (where === "private") && pattern.test(text(message));
      };
      const before = [...known.values()].find(
        (message) => message.id.startsWith("refusal") && where === "private" && wanted(message),
      );
      if (before) return text(before);
      const seen = Promise.any([first.sees(wanted), second.sees(wanted)]);
      return text(await seen.catch(unheard(pattern, read)));
    },
  };
}

/** What the reader of a failed test is told: nobody of the two has read what the story goes on with. */
function unheard(pattern: RegExp, read: Assembly["read"]) {
  return (cause: unknown): never => {
    const there = read().map((each) => `${each.private ? "(private) " : ""}${each.text}`);
    const message = `Nobody heard ${pattern}. There was:\n${there.slice(-8).join("\n---\n")}`;
    throw new Error(message, { cause });
  };
}

const REFUSED = { replyTo: null, private: true } as const;
function refusal({ refusal: text }: { readonly refusal: string }): Seen["view"] {
  return { kind: "notice", tone: "error", code: "", text };
}

interface Part {
  readonly content?: string;
  readonly components?: readonly Part[];
}

/** A channel of the emulated Discord and the threads below it; commands go as slash commands. */
export function discordAssembly(
  discord: DiscordEmulator,
  channel: Channel,
  users: readonly [APIUser, APIUser],
): Assembly {
  const textOf = (part: Part): string =>
    [part.content ?? "", ...(part.components ?? []).map(textOf)].join("\n");
  const read = () =>
    [...discord.world.messages.values()]
      .filter(({ message, loading }) => !loading && message.author.id === discord.world.bot.id)
      .map(({ message, visibleTo }) => ({
        text: textOf(message as unknown as Part)
          .replace(/\u200b|\*\*/g, "")
          .replace(/\\([^0-9A-Za-z\s])/g, "$1"),
        private: visibleTo !== null || discord.world.channels.get(message.channel_id)?.type === 1,
      }));
  return {
    name: "discord",
    people: users.map((user) => ({
      account: `discord:${user.id}`,
      async write(line: string) {
        const parsed = parseLine(line, COMMANDS, ask);
        if (parsed.kind === "refused") throw new Error(parsed.message);
        const given = Object.entries(parsed.values).filter(([, value]) => value);
        discord.slash(user, channel, parsed.command.name, Object.fromEntries(given) as never);
      },
    })) as unknown as readonly [Citizen, Citizen],
    read,
    hears: (pattern, where = "public") =>
      discord.until(
        () =>
          read().find((each) => each.private === (where === "private") && pattern.test(each.text))
            ?.text,
        pattern,
      ),
  };
}

/** A room of a real homeserver; commands go as text with the bot's mark. */
export function matrixAssembly(
  room: string,
  botId: string,
  humans: readonly [Human, Human],
): Assembly {
  const read = () =>
    humans
      .flatMap((human) => human.messages())
      .filter(({ sender }) => sender === botId)
      .filter((each, at, all) => all.findIndex(({ id }) => id === each.id) === at)
      .map((each) => ({
        text: each.body.replaceAll("\u200b", "").replace(/!(?=[a-z])/g, "/"),
        private: each.room !== room,
      }));
  return {
    name: "matrix",
    people: humans.map((human) => ({
      account: `matrix:${human.userId}`,
      async write(line: string) {
        await human.say(room, `!${line.slice(1)}`);
      },
    })) as unknown as readonly [Citizen, Citizen],
    read,
    hears: (pattern, where = "public") =>
      Promise.any(
        humans.map((human) =>
          human.until(
            () =>
              read().find(
                (each) => each.private === (where === "private") && pattern.test(each.text),
              )?.text,
            pattern,
          ),
        ),
      ).catch(unheard(pattern, read)),
  };
}
