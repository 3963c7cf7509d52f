import "./quiet.ts";

import { createClient, Filter, type ICreateClientOpts, type MatrixClient } from "matrix-js-sdk";
import { wallClock } from "../stream/pacer.ts";
import { noAnswer } from "./homeserver.ts";
import { POLL_TYPES } from "./poll-events.ts";
import type { Session } from "./session.ts";
import { SETTINGS_TYPE } from "./settings-state.ts";

/** State the door reads; the filter must let it through or the SDK's picture of a room grows old. */
const STATE_TYPES = [
  "m.room.create",
  "m.room.member",
  "m.room.power_levels",
  "m.room.encryption",
  "m.room.join_rules",
  "m.room.history_visibility",
  "m.room.tombstone",
  "m.space.child",
  "m.space.parent",
  SETTINGS_TYPE,
];
/** What people do, and what changes a room. */
export const SYNCED_TYPES = [
  "m.room.message",
  "m.room.encrypted",
  "m.room.redaction",
  "m.reaction",
  ...POLL_TYPES,
  ...STATE_TYPES,
];

/** Called before each request of the SDK with the part of its path behind the version. */
export type BeforeRequest = (path: string) => Promise<void>;

/** A client of the SDK that reads rooms and keeps keys; it writes nothing (homeserver.ts does). */
export function newClient(
  url: string,
  session: Session,
  options: {
    readonly beforeRequest?: BeforeRequest;
    readonly cryptoCallbacks?: ICreateClientOpts["cryptoCallbacks"];
  } = {},
): MatrixClient {
  const client = createClient({
    baseUrl: url,
    userId: session.userId,
    deviceId: session.deviceId,
    accessToken: session.token,
    disableVoip: true,
    ...(options.cryptoCallbacks ? { cryptoCallbacks: options.cryptoCallbacks } : {}),
  });
  const { http } = client;
  const request = http.authedRequest.bind(http);
  // The SDK never clears its timers for requests without an answer: they would keep a stopped program alive
  // for 85 seconds. These end with their request.
  http.authedRequest = async (method, path, query, body, opts = {}) => {
    await options.beforeRequest?.(path);
    const { localTimeoutMs, abortSignal, ...rest } = opts;
    const late = new AbortController();
    const cancel = localTimeoutMs
      ? wallClock.after(localTimeoutMs, () => late.abort(noAnswer(localTimeoutMs)))
      : () => {};
    const signals = [late.signal, ...(abortSignal ? [abortSignal] : [])];
    try {
      return await request(method, path, query, body, {
        ...rest,
        abortSignal: AbortSignal.any(signals),
      });
    } finally {
      cancel();
    }
  };
  return client;
}

/** Follows the rooms from now on: lean, without presence, receipts or typing. */
export async function startSync(client: MatrixClient): Promise<void> {
  const filter = new Filter(client.getUserId());
  filter.setDefinition({
    presence: { types: [] },
    account_data: {
      types: ["m.direct", "m.secret_storage.*", "m.cross_signing.*", "m.megolm_backup.*"],
    },
    room: {
      ephemeral: { types: [] },
      account_data: { types: [] },
      state: { types: STATE_TYPES, lazy_load_members: true },
      timeline: { types: SYNCED_TYPES, limit: 50, lazy_load_members: true },
    },
  });
  // It would ask every six hours for what nobody here reads, and goes on doing so after the client was stopped.
  const { serverCapabilitiesService: service } = client as unknown as {
    serverCapabilitiesService?: { start(): void };
  };
  if (service) service.start = () => {};
  await client.startClient({
    filter,
    initialSyncLimit: 1,
    lazyLoadMembers: true,
    disablePresence: true,
    threadSupport: false,
  });
}
