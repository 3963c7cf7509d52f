import type { Exchange } from "./judge.ts";

/**
 * What Discord refuses, or what would harm people, although its description lets it pass: buttons without
 * `custom_id`, commands without description, plain messages over 2,000 characters, cards over 4,000
 * characters or 40 parts, content beside a card, and text that could ping.
 */
export function requestComplaints({ method, path, body }: Exchange): string[] {
  if (/^\/applications\/\d+\/commands$/.test(path)) return commandComplaints(body);
  const message = messageOf(method, path, body);
  return message ? messageComplaints(message) : [];
}

type Loose = Record<string, unknown>;

const COMPONENTS_V2 = 1 << 15;
const EPHEMERAL = 1 << 6;
const SUPPRESS_EMBEDS = 1 << 2;

/** The message within a request, or null where there is none. */
function messageOf(method: string, path: string, body: unknown): Loose | null {
  const value = body as Loose;
  if (path.startsWith("/interactions/")) {
    if (value.type !== 4 && value.type !== 7) return null;
    return (value.data as Loose | undefined) ?? null;
  }
  if (method !== "POST" && method !== "PATCH") return null;
  const isMessage =
    /^\/channels\/\d+\/messages(\/\d+)?$/.test(path) || /^\/webhooks\/\d+\/[^/]+/.test(path);
  return isMessage ? value : null;
}

function messageComplaints(message: Loose): string[] {
  const complaints: string[] = [];
  const content = typeof message.content === "string" ? message.content : "";
  const flags = typeof message.flags === "number" ? message.flags : 0;
  const parts = allParts(message.components);
  const shown = parts.map(({ content: text }) => (typeof text === "string" ? text : ""));
  if (content.length > 2000) complaints.push(`content has ${content.length} characters, not 2000`);
  if (parts.length > 40) complaints.push(`${parts.length} parts, not 40`);
  const total = shown.reduce((sum, text) => sum + text.length, 0);
  if (total > 4000) complaints.push(`the card has ${total} characters, not 4000`);
  if (flags & COMPONENTS_V2 && (content !== "" || (message.embeds as unknown[])?.length)) {
    complaints.push("a card has no content and no embeds");
  }
  const newParts = parts.some(({ type }) => typeof type === "number" && type >= 9 && type <= 17);
  if (newParts && !(flags & COMPONENTS_V2)) complaints.push("a card without its flag (1 << 15)");
  if (content !== "" && !(flags & (SUPPRESS_EMBEDS | EPHEMERAL | COMPONENTS_V2))) {
    complaints.push("embeds are not suppressed");
  }
  for (const part of parts) complaints.push(...partComplaints(part));
  const ids = parts.map(({ custom_id }) => custom_id).filter((id) => id !== undefined);
  if (new Set(ids).size !== ids.length) complaints.push("two parts have the same custom_id");
  if (content !== "" || shown.length > 0) complaints.push(...mentionComplaints(message));
  return complaints;
}

function mentionComplaints(message: Loose): string[] {
  const allowed = message.allowed_mentions as Loose | undefined;
  const silent =
    Array.isArray(allowed?.parse) &&
    allowed.parse.length === 0 &&
    !(allowed.users as unknown[])?.length &&
    !(allowed.roles as unknown[])?.length &&
    !allowed.replied_user;
  return silent ? [] : ["allowed_mentions lets somebody be pinged"];
}

function partComplaints(part: Loose): string[] {
  if (part.type === 2 && part.style !== 5 && part.style !== 6 && !part.custom_id) {
    return ["a button without custom_id"];
  }
  if (part.type === 2 && part.style === 5 && !part.url) return ["a link button without url"];
  if (part.type === 2 && !part.label && !part.emoji) return ["a button without label"];
  if (part.type === 1 && !(part.components as unknown[])?.length) return ["an empty row"];
  if (part.type === 10 && part.content === "") return ["an empty text"];
  if (part.type === 3) {
    const options = (part.options as Loose[] | undefined) ?? [];
    const values = options.map(({ value }) => value);
    if (options.length === 0 || options.length > 25) return [`a list of ${options.length} choices`];
    if (new Set(values).size !== values.length) return ["two choices have the same value"];
  }
  return [];
}

/** All parts of a message, however deep. */
function allParts(components: unknown): Loose[] {
  if (!Array.isArray(components)) return [];
  return components.flatMap((one: Loose) => [
    one,
    ...allParts(one.components),
    ...(one.accessory ? [one.accessory as Loose] : []),
  ]);
}

function commandComplaints(body: unknown): string[] {
  if (!Array.isArray(body)) return [];
  return body.flatMap((command: Loose) => {
    const isSlash = command.type === undefined || command.type === null || command.type === 1;
    const found: string[] = [];
    if (isSlash && !command.description) found.push(`/${command.name} has no description`);
    if (!isSlash && command.description) found.push(`${command.name} may have no description`);
    if (isSlash && !/^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u.test(String(command.name))) {
      found.push(`${command.name} is no name of a slash command`);
    }
    if (isSlash && String(command.name) !== String(command.name).toLowerCase()) {
      found.push(`/${command.name} is not lower case`);
    }
    return [...found, ...optionComplaints(command)];
  });
}

function optionComplaints(command: Loose): string[] {
  const options = (command.options as Loose[] | undefined) ?? [];
  const within = options.flatMap((option) => (option.type === 1 ? optionComplaints(option) : []));
  const subcommands = options.filter(({ type }) => type === 1).length;
  if (subcommands > 0 && subcommands < options.length) {
    within.push(`/${command.name}: subcommands stand alone`);
  }
  const found = options
    .filter((option) => !option.description)
    .map((option) => `${command.name} ${option.name} has no description`);
  const firstOptional = options.findIndex((option) => !option.required);
  if (
    subcommands === 0 &&
    firstOptional >= 0 &&
    options.slice(firstOptional).some((option) => option.required)
  ) {
    found.push(`/${command.name}: required options come first`);
  }
  return [...found, ...within];
}
