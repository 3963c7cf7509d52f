import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { type InviteText, readInvite } from "../../protocol/invite-text.ts";
import type { InviteLook } from "../../protocol/wire/invites.ts";
import { lookAtInvite } from "../connection/look-at-invite.ts";
import { PendingInvite } from "../connection/pending-invite.ts";
import { PoolPin } from "../connection/pool-pin.ts";
import { nodeIdentity } from "../identity.ts";
import { remember } from "../remembered.ts";
import { printable, size, wrapped } from "../words.ts";
import { checkModels } from "./check-models.ts";
import { readLimitFlags } from "./limit-flags.ts";
import { Mistake } from "./mistake.ts";
import { type WorkerPlace, workerPlace } from "./place.ts";

/** Where a command speaks to its caller. */
export interface Terminal {
  say(text: string): void;
  readonly columns: number;
  /** Null where nobody can be asked. */
  ask: ((question: string) => Promise<string>) | null;
}

/**
 * `join <invite> [limits] [--yes]`: shows what this machine would run, for whom and who could read what; asks;
 * makes the key and notes the pool and the limits down. Resolves to false when the answer was no.
 * Throws Mistake, BadInvite, CannotLook, PoolKeyChanged, SettingsError.
 */
export async function join(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  terminal: Terminal,
): Promise<boolean> {
  const before = workerPlace(env);
  const { changes, yes, positionals } = readLimitFlags(args, before.remembered);
  if (positionals.length === 0) {
    throw new Mistake("Which invite? Write: npm run worker -- join substrate1.…");
  }
  const invite = readInvite(positionals.join(""));
  const known = new PoolPin(before.folder).keyId;
  if (known !== null && known !== invite.poolKeyId) {
    throw new Mistake(
      `This worker belongs to another pool already (${known}). A second one on this machine needs a name of its ` +
        "own: WORKER_NAME=second npm run worker -- join …",
    );
  }
  const look = await lookAtInvite(invite);
  if (look.state !== "open") {
    throw new Mistake(`This invite is ${look.state}. Ask whoever sent it for a new one.`);
  }
  const wished = { ...changes, API_URL: invite.url };
  const planned = withChanges(before, env, wished);
  await checkModels(planned.settings.workerModels, planned.settings.workerEngine);
  terminal.say(disclosure(invite, look, planned, terminal.columns));
  if (!yes && !(await agreed(terminal))) {
    terminal.say("Nothing was changed and nothing was sent. The invite is still good.");
    return false;
  }
  const key = nodeIdentity(before.folder);
  new PendingInvite(before.folder).keep(invite);
  remember(before.folder, wished);
  terminal.say(
    `\nThis machine's key is ${key.keyId}; its private half stays in ${before.folder}.\n` +
      "From now on `npm run worker` is enough. Leave any time: key q, Ctrl-C, or npm run worker -- leave.\n",
  );
  return true;
}

/** A question on a real terminal; null where there is none. */
export function terminalOf(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Terminal {
  return {
    say: (text) => void output.write(`${text}\n`),
    columns: Math.min(output.columns ?? 100, 100),
    ask:
      input.isTTY === true
        ? async (question) => {
            const lines = createInterface({ input, output });
            // Ctrl-D and Ctrl-C are a no.
            const closed = once(lines, "close").then(() => "");
            const answer = await Promise.race([lines.question(question), closed]);
            lines.close();
            return answer;
          }
        : null,
  };
}

async function agreed(terminal: Terminal): Promise<boolean> {
  if (terminal.ask === null) {
    throw new Mistake(
      "Nobody can be asked here (this is no terminal). Read the above, and if you agree run it again with --yes.",
    );
  }
  const answer = await terminal.ask('Join this pool with this machine? Write "yes" to join: ');
  return /^y(es)?$/i.test(answer.trim());
}

/** Settings as they would be. */
function withChanges(
  { folder }: WorkerPlace,
  env: NodeJS.ProcessEnv,
  changes: Record<string, unknown>,
): WorkerPlace {
  const place = workerPlace(env);
  const kept = Object.entries({ ...place.remembered, ...changes }).filter(([, v]) => v !== null);
  const remembered = Object.fromEntries(kept) as WorkerPlace["remembered"];
  return { folder, remembered, settings: { ...place.settings, ...camel(remembered) } };
}

function camel(remembered: WorkerPlace["remembered"]): object {
  const name = (key: string) =>
    key.toLowerCase().replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(remembered).map(([key, value]) => [name(key), value]));
}

/** Beside the open questions, which every machine answers. */
const ALSO_FOR = {
  own: "Also members of %, as that community's own machine, with what they keep from other machines.",
  trusted:
    "Also members of %, as a machine they trust, with what they keep from strangers' machines.",
  open: null,
} as const;

/** Everything to know before saying yes, within so many columns. */
export function disclosure(
  invite: InviteText,
  look: InviteLook,
  { folder, settings }: WorkerPlace,
  columns: number,
): string {
  const { workerEngine, workerModels, workerOpenaiUrl, workerName } = settings;
  const own = workerEngine === "openai" ? printable(workerOpenaiUrl) : null;
  const alsoFor = ALSO_FOR[look.trust]?.replace("%", look.community ?? "this pool");
  const encrypted = invite.url.startsWith("https:");
  const parts: readonly (readonly [title: string, ...lines: string[]])[] = [
    [
      "You are about to lend this machine to a pool.",
      `Pool      ${look.pool}`,
      `Address   ${invite.url}`,
      `Its key   ${invite.poolKeyId} (matches the invite)`,
    ],
    [
      "What it will run",
      `Answers to questions, with ${own === null ? workerModels.join(", ") : `what your server at ${own} offers`}.`,
      "Orders are signed by the pool: which model, which text, how many tokens. No order runs a program, opens a " +
        `file or visits an address.${own === null ? " Models are fetched by their SHA-256 from public places." : ""}`,
    ],
    [
      "For whom",
      "Anybody who asks in this pool's rooms and lets open machines answer.",
      ...(alsoFor === undefined ? [] : [alsoFor]),
    ],
    [
      "Who can read what",
      "You: the members' questions that this machine answers, and the conversation before them, pass through its " +
        "memory in the clear. The worker writes none of it to disk or log, but nothing stops a machine's owner from " +
        "looking: please do not. You are not told who asked.",
      ...(own === null
        ? []
        : [
            "Your server: it gets them too. Some servers write what they are asked into a log: please see that yours " +
              "does not.",
          ]),
      `The pool: this node's name (${workerName}), its key, processor, models, speeds, limits and hours; its operator ` +
        "also sees your address on the internet. Members see the name on each answer.",
      encrypted
        ? "Others on the way: nothing, the connection is encrypted."
        : "Others on the way: EVERYTHING. This address is not encrypted (http): fine within one house, nowhere else.",
    ],
    [
      "What it never does",
      "It opens no port and takes no connection: it only dials out. It reads no files but its models and its own " +
        `folder (${folder}). It gets no password and no key of the pool's. The key it signs answers with is made here ` +
        "and never leaves this disk.",
    ],
    ["Limits (change them with: npm run worker -- limits)", ...limitsInWords(settings)],
  ];
  return parts
    .map(([title, ...lines]) => {
      const body = lines.flatMap((line) => wrapped(printable(line), columns - 2));
      return `\n${title}\n${body.map((line) => `  ${line}`).join("\n")}`;
    })
    .join("\n")
    .concat("\n");
}

function limitsInWords(settings: WorkerPlace["settings"]): string[] {
  const { workerHours, workerTimeZone, workerThreads, workerMaxThreads } = settings;
  const { workerMemoryMb, workerGpu, workerVramMb, workerAnswersPerDay, workerEngine } = settings;
  const zone = workerTimeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  const threads = workerThreads ?? workerMaxThreads;
  const graphics =
    workerGpu === "off" || workerVramMb === 0
      ? "not used"
      : workerVramMb === null
        ? "used where its engine is installed (npm run worker -- gpu)"
        : `at most ${size(workerVramMb * 1e6)}`;
  return [
    `Hours     ${workerHours === null ? "always" : `${workerHours} (${zone})`}`,
    ...(workerEngine === "openai"
      ? ["Threads, memory, graphics: as your server is set"]
      : [
          `Threads   ${threads === null ? "what is fastest, measured at start" : `at most ${threads}`}`,
          `Memory    ${workerMemoryMb === null ? "what is free" : `${size(workerMemoryMb * 1e6)} for models`}`,
          `Graphics  ${graphics}`,
        ]),
    `Answers   ${workerAnswersPerDay === null ? "as many as come" : `at most ${workerAnswersPerDay} a day`}`,
  ];
}
