import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  type REST,
  type RESTPutAPIApplicationCommandsJSONBody,
  Routes,
} from "discord.js";
import type { Command } from "../commands/command.ts";
import { BARE, keyOf, optionIn, optionKeyOf, summaryIn } from "../commands/names.ts";
import { ENGLISH, localised, type TextKey, textAt } from "../words/catalogue.ts";
import { choicesOf } from "./choices.ts";

/** The message command; its name in English is exactly the 32 characters that Discord allows. */
export const WHERE_MESSAGE = ENGLISH.where_message;

/** A person's link to the answer's message. */
export const LINK_OPTION = "answer";

const EVERYWHERE = {
  contexts: [
    InteractionContextType.Guild,
    InteractionContextType.BotDM,
    InteractionContextType.PrivateChannel,
  ],
  integration_types: [
    ApplicationIntegrationType.GuildInstall,
    ApplicationIntegrationType.UserInstall,
  ],
};

/** The command table as Discord registers it, in all languages of the catalogue. */
export function commandBodies(table: readonly Command[]): RESTPutAPIApplicationCommandsJSONBody {
  const slash = [...Map.groupBy(table, firstWord)].map(([name, group]) =>
    group.length === 1 ? commandBody(group[0] as Command) : groupBody(name, group),
  );
  const where = {
    type: ApplicationCommandType.Message as const,
    name: WHERE_MESSAGE,
    name_localizations: localised("where_message"),
    ...EVERYWHERE,
  };
  return [...slash, where];
}

function firstWord({ name }: Command): string {
  return name.split(" ")[0] as string;
}

function commandBody(command: Command) {
  return {
    type: ApplicationCommandType.ChatInput as const,
    name: command.name,
    description: summaryIn(ENGLISH, command).slice(0, 100),
    ...translated(`${keyOf(command)}_name`, `${keyOf(command)}_summary`),
    options: optionBodies(command),
    ...EVERYWHERE,
  };
}

/** `/pool`, `/pool settings` … as one command with subcommands. */
function groupBody(name: string, group: readonly Command[]) {
  return {
    type: ApplicationCommandType.ChatInput as const,
    name,
    description: summaryIn(ENGLISH, group[0] as Command).slice(0, 100),
    ...translated(`${name}_name`, `${name}_summary`),
    options: group.map((command) => ({
      type: ApplicationCommandOptionType.Subcommand as const,
      name: command.name === name ? BARE : command.name.slice(name.length + 1),
      description: summaryIn(ENGLISH, command).slice(0, 100),
      ...(command.name === name
        ? translated("command_bare_name", `${name}_summary`)
        : translated(`${keyOf(command)}_sub`, `${keyOf(command)}_summary`)),
      options: optionBodies(command),
    })),
    ...EVERYWHERE,
  };
}

/** Discord takes required options first. */
function optionBodies(command: Command): APIApplicationCommandBasicOption[] {
  return [...command.options]
    .sort((a, b) => Number(b.required) - Number(a.required))
    .map((option) => optionBody(command, option))
    .concat(command.name === "ask" ? [privateOption()] : []);
}

/**
 * Registers the commands with one bulk request, only when they differ from what this application got last
 * (80 s to 0.4 s at start for others: stegripe/rawon#1547). Returns whether it did.
 */
export async function registerCommands(
  rest: REST,
  applicationId: string,
  table: readonly Command[],
  hashFile: string,
): Promise<boolean> {
  const body = commandBodies(table);
  const hash = createHash("sha256")
    .update(applicationId)
    .update(JSON.stringify(body))
    .digest("hex");
  if (readHash(hashFile) === hash) return false;
  await rest.put(Routes.applicationCommands(applicationId), { body });
  mkdirSync(dirname(hashFile), { recursive: true, mode: 0o700 });
  writeFileSync(hashFile, `${hash}\n`);
  return true;
}

function optionBody(
  command: Command,
  option: Command["options"][number],
): APIApplicationCommandBasicOption {
  const key = optionKeyOf(command, option);
  const told = {
    name: option.name,
    description: optionIn(ENGLISH, command, option).slice(0, 100),
    ...translated(`${key}_name`, key),
    required: option.required,
  };
  // Discord lets people choose a member; the pool gets the id.
  if (option.type === "word" && option.name === "owner") {
    return { type: ApplicationCommandOptionType.User as const, ...told };
  }
  return {
    type: ApplicationCommandOptionType.String as const,
    ...told,
    // Discord's own limit for an option; longer questions come as an attached text file.
    ...(option.type === "text" ? { max_length: 6000 } : {}),
    ...(choicesOf(command.name, option.name) === null ? {} : { autocomplete: true }),
    ...(option.choices ? { choices: option.choices.map(choiceBody) } : {}),
  } as APIApplicationCommandBasicOption;
}

function choiceBody({ value, word }: { readonly value: string; readonly word: TextKey }) {
  return { value, name: ENGLISH[word].slice(0, 100), name_localizations: localised(word) };
}

function privateOption(): APIApplicationCommandBasicOption {
  return {
    type: ApplicationCommandOptionType.Boolean,
    name: "private",
    description: ENGLISH.ask_private,
    ...translated("ask_private_name", "ask_private"),
    required: false,
  };
}

function translated(name: string, description: string) {
  const known = (key: string): key is TextKey => textAt(ENGLISH, key) !== undefined;
  return {
    ...(known(name) ? { name_localizations: localised(name) } : {}),
    ...(known(description) ? { description_localizations: localised(description) } : {}),
  };
}

function readHash(file: string): string | null {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}
