import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import Type from "typebox";
import { jsonParser, valueParser } from "../../protocol/parse.ts";
import { eventBudget } from "./budget.ts";
import { record } from "./events.ts";
import { Homeserver, MatrixRefusal } from "./homeserver.ts";

/** How the bot proves who it is: a token, or a name and a password. */
export type Credentials =
  | { readonly token: string }
  | { readonly user: string; readonly password: string };

/** A session at the homeserver. The device is what encryption keys belong to. */
export interface Session {
  readonly userId: string;
  readonly deviceId: string;
  readonly token: string;
}

/** The homeserver does not let us in, or is none; the message says what to mend. */
export class MatrixLoginError extends Error {
  override name = "MatrixLoginError";
}

const Saved = Type.Object({
  url: Type.String(),
  userId: Type.String({ minLength: 1 }),
  deviceId: Type.String({ minLength: 1 }),
  token: Type.String({ minLength: 1 }),
});
const parseSaved = jsonParser(Saved, "saved session");
const parseWhoami = valueParser(
  Type.Object({ user_id: Type.String(), device_id: Type.Optional(Type.String()) }),
  "whoami",
);
const parseLogin = valueParser(
  Type.Object({ user_id: Type.String(), device_id: Type.String(), access_token: Type.String() }),
  "login",
);

/**
 * Opens a session: the token's own, the one saved in `file` while it is good, or a new one by password, which
 * is then saved, readable by its owner only. `fresh`: a new one in any case. Throws MatrixLoginError.
 */
export async function openSession(
  url: string,
  credentials: Credentials,
  file: string,
  { fresh = false }: { readonly fresh?: boolean } = {},
): Promise<Session> {
  if ("token" in credentials) {
    const session = await whoAmI(url, credentials.token);
    if (session === null) {
      throw new MatrixLoginError(
        `The homeserver at ${url} does not accept MATRIX_TOKEN. Log the bot in again and write its new access token into MATRIX_TOKEN.`,
      );
    }
    return session;
  }
  const saved = fresh ? null : readSaved(file);
  if (saved !== null && saved.url === url && isSameUser(saved.userId, credentials.user)) {
    const session = await whoAmI(url, saved.token);
    if (session !== null) return session;
  }
  const session = await logIn(url, credentials.user, credentials.password);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, JSON.stringify({ url, ...session }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return session;
}

async function whoAmI(url: string, token: string): Promise<Session | null> {
  try {
    const answer = parseWhoami(await homeserver(url, token).request("GET", "/account/whoami"));
    return { userId: answer.user_id, deviceId: answer.device_id ?? "", token };
  } catch (error) {
    if (error instanceof MatrixRefusal && error.code === "M_UNKNOWN_TOKEN") return null;
    throw notThere(url, error);
  }
}

async function logIn(url: string, user: string, password: string): Promise<Session> {
  try {
    const answer = parseLogin(
      await homeserver(url, "").request("POST", "/login", {
        type: "m.login.password",
        identifier: { type: "m.id.user", user },
        password,
        initial_device_display_name: "The Substrate",
      }),
    );
    return { userId: answer.user_id, deviceId: answer.device_id, token: answer.access_token };
  } catch (error) {
    if (error instanceof MatrixRefusal && error.status === 403) {
      throw new MatrixLoginError(
        `The homeserver at ${url} does not accept the password of ${user}. Check MATRIX_USER and the file MATRIX_PASSWORD_FILE.`,
      );
    }
    throw notThere(url, error);
  }
}

function homeserver(url: string, token: string): Homeserver {
  return new Homeserver({ url, token, budget: eventBudget({ perSecond: 0, burst: 1 }) });
}

function notThere(url: string, error: unknown): unknown {
  if (!(error instanceof MatrixRefusal)) return error;
  return new MatrixLoginError(
    `No Matrix homeserver could be used at ${url}: ${error.message} Check MATRIX_HOMESERVER_URL; it is the address clients use, for example https://matrix.example.org.`,
    { cause: error },
  );
}

function isSameUser(userId: string, user: string): boolean {
  return userId === user || userId.slice(1).split(":")[0] === user;
}

function readSaved(file: string): Type.Static<typeof Saved> | null {
  try {
    return parseSaved(readFileSync(file, "utf8"));
  } catch {
    // None yet, or spoilt: a new login mends both.
    return null;
  }
}

/** True when the device has published keys for encryption. Throws MatrixRefusal. */
export async function hasKeys(url: string, session: Session): Promise<boolean> {
  const { userId, deviceId, token } = session;
  const answer = record(
    await homeserver(url, token).request("POST", "/keys/query", {
      device_keys: { [userId]: [deviceId] },
    }),
  );
  return record(record(answer?.device_keys)?.[userId])?.[deviceId] !== undefined;
}
