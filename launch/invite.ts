// `npm run invite -- [--for ACCOUNT] [--community ID --trust own|trusted] [--days N] [--note TEXT] [--url ADDRESS]`,
// `npm run invite -- list`, `npm run invite -- revoke ID`: invites for volunteers' machines, by the operator.
import { parseArgs } from "node:util";
import { readPoolSecrets } from "../config/secrets.ts";
import { botSettings } from "../config/settings.ts";
import { jsonParser } from "../protocol/parse.ts";
import { ApiError } from "../protocol/wire/http.ts";
import { Invite, InviteCreated, InviteList } from "../protocol/wire/invites.ts";

const USAGE = `npm run invite                     make an invite; prints the one command for the volunteer
  --for ACCOUNT                    what the machine earns counts for this account
  --community ID --trust own       the community's own machine (or: trusted)
  --days N                         how long it is good for (default 7, at most 90)
  --note TEXT                      for your list
  --url ADDRESS                    where the volunteer reaches this pool (default: PUBLIC_URL)
npm run invite -- list             every invite, newest first
npm run invite -- revoke ID        take back an invite that nobody used`;

class Failure extends Error {}

const DAY_MS = 86_400_000;
const parseError = jsonParser(ApiError, "error");
const parseCreated = jsonParser(InviteCreated, "invite");
const parseList = jsonParser(InviteList, "invites");
const parseInvite = jsonParser(Invite, "invite");

try {
  await main();
} catch (error) {
  const badFlag = String((error as { code?: string }).code).startsWith("ERR_PARSE_ARGS");
  const known = error instanceof Failure || (error as Error).name === "SettingsError";
  if (badFlag) console.error(`${(error as Error).message}\n${USAGE}`);
  else console.error(known ? (error as Error).message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      for: { type: "string" },
      community: { type: "string" },
      trust: { type: "string" },
      days: { type: "string" },
      note: { type: "string" },
      url: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const [command, id] = positionals;
  if (values.help) return console.log(USAGE);
  if (command === "list") return list();
  if (command === "revoke" && id !== undefined) return revoke(id);
  if (command !== undefined) throw new Failure(`What is “${command}”?\n${USAGE}`);
  const days = values.days === undefined ? undefined : Number(values.days);
  if (days !== undefined && !(days > 0 && days <= 90)) throw new Failure("--days: 1 to 90.");
  const { invite, text, warning } = parseCreated(
    await call("POST", "/v1/invites", {
      ...(values.for === undefined ? {} : { owner: values.for }),
      ...(values.community === undefined ? {} : { community: values.community }),
      ...(values.trust === undefined ? {} : { trust: values.trust }),
      ...(values.note === undefined ? {} : { note: values.note }),
      ...(values.url === undefined ? {} : { url: values.url }),
      ...(days === undefined ? {} : { lifetimeMs: Math.round(days * DAY_MS) }),
    }),
  );
  console.log(
    `Send this to the volunteer, in private: whoever has it may join once, until ${day(invite.expiresAt)}.\n` +
      "On their machine, in a copy of this program:\n\n" +
      `  npm run worker -- join ${text}\n\n` +
      `To take it back before it is used: npm run invite -- revoke ${invite.id}`,
  );
  if (warning !== null) console.error(`\n${warning}`);
}

async function list(): Promise<void> {
  const { invites } = parseList(await call("GET", "/v1/invites"));
  if (invites.length === 0) console.log("No invites yet. Make one: npm run invite");
  for (const invite of invites) {
    const { id, state, trust, community, owner, note, expiresAt, usedByNode } = invite;
    const parts = [
      state === "open" ? `open until ${day(expiresAt)}` : state,
      usedByNode === null ? "" : `by ${usedByNode}`,
      community === null ? trust : `${trust} for ${community}`,
      owner === null ? "" : `of ${owner}`,
      note,
    ];
    console.log(`${id}  ${parts.filter((part) => part !== "").join(" · ")}`);
  }
}

async function revoke(id: string): Promise<void> {
  const invite = parseInvite(await call("DELETE", `/v1/invites/${encodeURIComponent(id)}`));
  console.log(`Invite ${invite.id} is ${invite.state}.`);
}

async function call(method: string, path: string, body?: object): Promise<string> {
  const settings = botSettings(process.env);
  const token = settings.serviceToken ?? readPoolSecrets(settings.dataDir)?.serviceToken;
  if (token === undefined) {
    throw new Failure(
      "This needs the pool's service token: run it on the pool's machine, or set SERVICE_TOKEN and API_URL.",
    );
  }
  let response: Response;
  try {
    response = await fetch(new URL(path, settings.apiUrl), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
  } catch {
    throw new Failure(
      `No pool answers at ${settings.apiUrl}. Is it running? (API_URL names another.)`,
    );
  }
  const text = await response.text();
  if (response.ok) return text;
  let said = `HTTP ${response.status}`;
  try {
    said = parseError(text).error.message;
  } catch {}
  throw new Failure(said);
}

function day(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace("T", " ").concat(" UTC");
}
