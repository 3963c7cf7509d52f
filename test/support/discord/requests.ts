import type { IncomingMessage } from "node:http";

/** A request as the emulator reads it. */
export interface Incoming {
  readonly method: string;
  /** Without `/api/v10` and query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Record<string, unknown> | unknown[] | null;
  readonly files: readonly {
    readonly name: string;
    readonly bytes: Uint8Array;
    readonly type: string;
  }[];
  readonly authorised: boolean;
}

/** Reads JSON and multipart bodies. */
export async function readRequest(request: IncomingMessage, token: string): Promise<Incoming> {
  const url = new URL(request.url ?? "/", "http://emulator");
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  const type = request.headers["content-type"] ?? "";
  const base = {
    method: request.method ?? "GET",
    path: decodeURIComponent(url.pathname.replace(/^\/api\/v10/, "")),
    query: url.searchParams,
    authorised: request.headers.authorization === `Bot ${token}`,
  };
  if (!type.startsWith("multipart/form-data")) {
    const body = bytes.length > 0 ? JSON.parse(bytes.toString("utf8")) : null;
    return { ...base, body, files: [] };
  }
  const form = await new Response(bytes, { headers: { "content-type": type } }).formData();
  const files = [];
  for (const [, value] of form) {
    if (typeof value === "string") continue;
    files.push({
      name: value.name,
      bytes: new Uint8Array(await value.arrayBuffer()),
      type: value.type || "application/octet-stream",
    });
  }
  const json = form.get("payload_json");
  return { ...base, body: typeof json === "string" ? JSON.parse(json) : {}, files };
}

/** A refusal in Discord's words and numbers. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Discord's refusals that a bot meets (documented under "JSON Error Codes"). */
export const REFUSED = {
  unauthorised: () => new Refusal(401, 0, "401: Unauthorized"),
  unknownChannel: () => new Refusal(404, 10003, "Unknown Channel"),
  unknownMessage: () => new Refusal(404, 10008, "Unknown Message"),
  unknownWebhook: () => new Refusal(404, 10015, "Unknown Webhook"),
  unknownInteraction: () => new Refusal(404, 10062, "Unknown interaction"),
  acknowledged: () => new Refusal(400, 40060, "Interaction has already been acknowledged."),
  tooManyFollowUps: () => new Refusal(400, 40094, "Maximum number of follow-up messages reached"),
  missingAccess: () => new Refusal(403, 50001, "Missing Access"),
  notYours: () => new Refusal(403, 50005, "Cannot edit a message authored by another user"),
  noDirect: () => new Refusal(403, 50007, "Cannot send messages to this user"),
  missingPermissions: () => new Refusal(403, 50013, "Missing Permissions"),
  invalidToken: () => new Refusal(401, 50027, "Invalid Webhook Token"),
  invalidBody: (what: string) => new Refusal(400, 50035, `Invalid Form Body: ${what}`),
  notFound: () => new Refusal(404, 0, "404: Not Found"),
};
