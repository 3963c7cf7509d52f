import type { Message } from "discord.js";

/** Longest attached text that is read, bytes; the pool refuses long before. */
const MOST_BYTES = 400_000;

/**
 * The question in a message: its text without the mention of us, and an attached text file behind it, because
 * Discord's own programs turn a long pasted text into `message.txt`.
 */
export async function questionIn(
  message: Pick<Message, "content" | "attachments">,
  botId: string,
  isDiscordFile: (url: URL) => boolean,
): Promise<string> {
  const said = message.content.replaceAll(new RegExp(`<@!?${botId}>`, "g"), "").trim();
  const texts = [said];
  for (const file of message.attachments.values()) {
    const isText = file.contentType?.startsWith("text/plain") ?? file.name.endsWith(".txt");
    if (!isText || file.size > MOST_BYTES || !isDiscordFile(new URL(file.url))) continue;
    const response = await fetch(file.url, {
      signal: AbortSignal.timeout(10_000),
      redirect: "error",
    });
    if (response.ok) texts.push((await response.text()).slice(0, 200_000));
  }
  return texts
    .filter((text) => text !== "")
    .join("\n\n")
    .slice(0, 200_000);
}

/** Attachments are fetched from Discord only: from its file hosts, or from where the API is said to be. */
export function discordFiles(apiUrl: string): (url: URL) => boolean {
  const api = new URL(apiUrl);
  const own = api.hostname === "discord.com" ? null : api.origin;
  return (url) =>
    url.origin === own ||
    (url.protocol === "https:" &&
      ["cdn.discordapp.com", "media.discordapp.net"].includes(url.hostname));
}
