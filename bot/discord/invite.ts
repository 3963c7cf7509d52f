import { OAuth2Scopes, PermissionFlagsBits } from "discord.js";

/** What the door needs in a server, each for a reason. */
export const NEEDED = {
  ViewChannel: PermissionFlagsBits.ViewChannel,
  SendMessages: PermissionFlagsBits.SendMessages,
  /** Answering within threads. */
  SendMessagesInThreads: PermissionFlagsBits.SendMessagesInThreads,
  /** "Continue in a thread". */
  CreatePublicThreads: PermissionFlagsBits.CreatePublicThreads,
  /** The whole of a long answer, and receipts. */
  AttachFiles: PermissionFlagsBits.AttachFiles,
  /** Replying to a question and finding the answer a reply goes on with. */
  ReadMessageHistory: PermissionFlagsBits.ReadMessageHistory,
} as const;

/** The address a moderator opens to bring the bot to a server, with exactly the permissions it needs. */
export function inviteUrl(applicationId: string): string {
  const permissions = Object.values(NEEDED).reduce((all, one) => all | one, 0n);
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: `${OAuth2Scopes.Bot} ${OAuth2Scopes.ApplicationsCommands}`,
    permissions: String(permissions),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}
