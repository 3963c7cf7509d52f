import type { Client, Guild } from "discord.js";
import type { NamedKind, Names } from "../commands/command.ts";

/** Ids of this door begin so in the pool. */
const PREFIX = "discord:";

/**
 * What Discord calls its ids, as far as it has told us: names of channels and roles of this server, and of the
 * members we have met. Nothing is asked for; who is unknown stays a number.
 */
export function discordNames(client: Client, guild: Guild | null): Names {
  const known: Record<NamedKind, (id: string) => string | undefined> = {
    room: (id) => named("#", guild?.channels.cache.get(id)?.name),
    role: (id) => named("@", guild?.roles.cache.get(id)?.name),
    account: (id) =>
      guild?.members.cache.get(id)?.displayName ?? client.users.cache.get(id)?.displayName,
  };
  const idNamed: Record<NamedKind, (name: string) => string | undefined> = {
    room: (name) => guild?.channels.cache.find((one) => one.name.toLowerCase() === name)?.id,
    role: (name) => guild?.roles.cache.find((one) => one.name.toLowerCase() === name)?.id,
    account: (name) =>
      guild?.members.cache.find(
        ({ displayName, user }) => displayName.toLowerCase() === name || user.username === name,
      )?.id,
  };
  return {
    nameOf(kind, id) {
      if (!id.startsWith(PREFIX)) return id;
      const own = id.slice(PREFIX.length);
      return known[kind](own) ?? own;
    },
    idOf(kind, typed) {
      const mentioned = /^<(?:#|@[!&]?)(\d{15,21})>$|^(\d{15,21})$|^discord:(\d{15,21})$/.exec(
        typed,
      );
      const id = mentioned?.[1] ?? mentioned?.[2] ?? mentioned?.[3];
      const found = id ?? idNamed[kind](typed.replace(/^[#@]/, "").toLowerCase());
      return found === undefined ? null : PREFIX + found;
    },
  };
}

function named(sign: string, name: string | undefined): string | undefined {
  return name === undefined ? undefined : sign + name.replace(/^@/, "");
}
