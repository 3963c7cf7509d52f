import type { APIMessage } from "discord-api-types/v10";
import { ACKNOWLEDGE_MS, type Interaction, owners, TOKEN_MS } from "./interactions.ts";
import { type Incoming, REFUSED } from "./requests.ts";
import { applyBody, FLAG, newMessage } from "./stored-message.ts";
import type { Channel, Stored, World } from "./world.ts";

/** An answer to a request: status, and its body where there is one. */
export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** What the routes need of the emulator around them. */
export interface Surroundings {
  readonly world: World;
  readonly interactions: Map<string, Interaction>;
  readonly commands: { list: Record<string, unknown>[]; puts: number };
  readonly now: () => number;
  readonly base: () => string;
  /** Tells clients and tests that a message is new, changed or gone. */
  readonly told: (
    event: "MESSAGE_CREATE" | "MESSAGE_UPDATE" | "MESSAGE_DELETE",
    stored: Stored,
  ) => void;
  readonly tellThread: (channel: Channel) => void;
  /** Users who take no direct messages. */
  readonly closed: Set<string>;
  /** False: cards are refused, as in places that cannot show them. */
  readonly cards: () => boolean;
}

type Loose = Record<string, unknown>;
type Handler = (around: Surroundings, request: Incoming, ...ids: string[]) => Answered;

const ROUTES: [string, RegExp, Handler][] = [
  ["GET", /^\/gateway\/bot$/, gatewayBot],
  ["PUT", /^\/applications\/(\d+)\/commands$/, putCommands],
  ["POST", /^\/interactions\/(\d+)\/([^/]+)\/callback$/, callback],
  ["POST", /^\/webhooks\/(\d+)\/([^/]+)$/, followUp],
  ["GET", /^\/webhooks\/(\d+)\/([^/]+)\/messages\/(@original|\d+)$/, readThrough],
  ["PATCH", /^\/webhooks\/(\d+)\/([^/]+)\/messages\/(@original|\d+)$/, editThrough],
  ["DELETE", /^\/webhooks\/(\d+)\/([^/]+)\/messages\/(@original|\d+)$/, deleteThrough],
  ["GET", /^\/channels\/(\d+)$/, readChannel],
  ["GET", /^\/channels\/(\d+)\/messages$/, listMessages],
  ["POST", /^\/channels\/(\d+)\/messages$/, postMessage],
  ["GET", /^\/channels\/(\d+)\/messages\/(\d+)$/, readMessage],
  ["PATCH", /^\/channels\/(\d+)\/messages\/(\d+)$/, editMessage],
  ["DELETE", /^\/channels\/(\d+)\/messages\/(\d+)$/, deleteMessage],
  ["POST", /^\/channels\/(\d+)\/messages\/(\d+)\/threads$/, startThread],
  ["POST", /^\/users\/@me\/channels$/, openDirect],
];

/** Carries a request out. Throws Refusal. */
export function answer(around: Surroundings, request: Incoming): Answered {
  for (const [method, pattern, handler] of ROUTES) {
    const found = method === request.method ? pattern.exec(request.path) : null;
    if (!found) continue;
    const open = /^\/(webhooks|interactions)\//.test(request.path);
    if (!open && !request.authorised) throw REFUSED.unauthorised();
    return handler(around, request, ...found.slice(1));
  }
  throw REFUSED.notFound();
}

function gatewayBot({ base }: Surroundings): Answered {
  const limit = { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 };
  const url = base().replace(/^http/, "ws");
  return { status: 200, body: { url, shards: 1, session_start_limit: limit } };
}

function putCommands({ world, commands }: Surroundings, { body }: Incoming): Answered {
  commands.puts++;
  commands.list = (body as Loose[]).map((command) => ({
    description: "",
    type: 1,
    default_member_permissions: null,
    ...command,
    id: world.id(),
    version: world.id(),
    application_id: world.applicationId,
  }));
  return { status: 200, body: commands.list };
}

function callback(around: Surroundings, request: Incoming, id?: string, token?: string): Answered {
  const interaction = around.interactions.get(token ?? "");
  if (!interaction || interaction.id !== id) throw REFUSED.unknownInteraction();
  if (around.now() - interaction.atMs > ACKNOWLEDGE_MS) throw REFUSED.unknownInteraction();
  if (interaction.answered) throw REFUSED.acknowledged();
  const { type, data = {} } = request.body as { type: number; data?: Loose };
  const asked = interaction.type;
  if ((type === 6 || type === 7) && asked !== 3) throw REFUSED.invalidBody("type");
  if ((type === 8) !== (asked === 4)) throw REFUSED.invalidBody("type");
  // A form opens from commands and components, not from another form.
  if (type === 9 && asked !== 2 && asked !== 3) throw REFUSED.invalidBody("type");
  interaction.answered = { type, data: data ?? {} };
  interaction.ephemeral = (Number(data?.flags ?? 0) & FLAG.ephemeral) !== 0;
  if (type === 4 || type === 5) {
    interaction.loading = type === 5;
    const loading = type === 5 ? FLAG.loading : 0;
    const fresh = replyMessage(around, interaction, { flags: loading | Number(data?.flags ?? 0) });
    interaction.original = fresh.message.id;
    if (type === 4) fresh.message = applyBody(fresh.message, data, []);
    around.told("MESSAGE_CREATE", fresh);
  }
  if (type === 6 || type === 7) interaction.original = interaction.pressed;
  if (type === 7 && interaction.pressed) {
    const stored = around.world.messages.get(interaction.pressed);
    if (stored) change(around, stored, data, request);
  }
  if (request.query.get("with_response") !== "true") return { status: 204, body: null };
  const told = { id: interaction.id, type: interaction.type };
  return { status: 200, body: { interaction: told } };
}

function alive(around: Surroundings, token: string | undefined): Interaction {
  const interaction = around.interactions.get(token ?? "");
  if (!interaction) throw REFUSED.unknownWebhook();
  if (interaction.tokenDead) throw REFUSED.unknownWebhook();
  if (around.now() - interaction.atMs > TOKEN_MS) throw REFUSED.invalidToken();
  if (!interaction.answered) throw REFUSED.unknownWebhook();
  return interaction;
}

/** Which interaction a message came of, as Discord keeps it with the message. */
function metadataOf(interaction: Interaction): object {
  const { id, type, user, pressed, opener } = interaction;
  return {
    id,
    type,
    user,
    authorizing_integration_owners: owners(interaction),
    ...(type === 3 && pressed ? { interacted_message_id: pressed } : {}),
    ...(opener ? { triggering_interaction_metadata: metadataOf(opener) } : {}),
  };
}

function replyMessage(around: Surroundings, interaction: Interaction, extra: object): Stored {
  const { world } = around;
  const { type, user, pressed } = interaction;
  const about = metadataOf(interaction);
  const first = interaction.original ? { original_response_message_id: interaction.original } : {};
  const reference = pressed
    ? {
        message_reference: { type: 0, channel_id: interaction.channel.id, message_id: pressed },
        type: 19,
      }
    : { type: type === 2 ? 20 : 0 };
  const message = newMessage(
    world,
    interaction.channel.id,
    world.bot,
    {
      application_id: world.applicationId,
      webhook_id: world.applicationId,
      interaction_metadata: {
        ...about,
        ...first,
      },
      ...reference,
      ...extra,
    },
    around.now(),
  );
  const hidden = ((message.flags ?? 0) & FLAG.ephemeral) !== 0;
  const stored: Stored = {
    message,
    visibleTo: hidden ? user.id : null,
    loading: interaction.loading,
  };
  world.messages.set(message.id, stored);
  return stored;
}

function followUp(
  around: Surroundings,
  request: Incoming,
  _app?: string,
  token?: string,
): Answered {
  const interaction = alive(around, token);
  if (interaction.loading && interaction.original) {
    return editThrough(around, request, _app, token, "@original");
  }
  if (interaction.userInstalled && interaction.followUps >= 5) throw REFUSED.tooManyFollowUps();
  interaction.followUps++;
  const body = request.body as Loose;
  refuseCards(around, body);
  const stored = replyMessage(around, interaction, { flags: Number(body.flags ?? 0) });
  stored.message = applyBody(stored.message, body, filesOf(around, request));
  around.told("MESSAGE_CREATE", stored);
  return { status: 200, body: stored.message };
}

function through(around: Surroundings, token: string | undefined, which: string | undefined) {
  const interaction = alive(around, token);
  const id = which === "@original" ? interaction.original : which;
  const stored = around.world.messages.get(id ?? "");
  const owner = stored?.message.interaction_metadata?.id;
  if (!stored || (owner !== interaction.id && id !== interaction.original)) {
    throw REFUSED.unknownMessage();
  }
  return { interaction, stored };
}

function readThrough(around: Surroundings, _request: Incoming, ...ids: string[]): Answered {
  return { status: 200, body: through(around, ids[1], ids[2]).stored.message };
}

function editThrough(
  around: Surroundings,
  request: Incoming,
  ...ids: (string | undefined)[]
): Answered {
  const { interaction, stored } = through(around, ids[1], ids[2]);
  if (stored.loading) {
    interaction.loading = false;
    stored.loading = false;
    stored.message.flags = (stored.message.flags ?? 0) & ~FLAG.loading;
  }
  return { status: 200, body: change(around, stored, request.body as Loose, request) };
}

function deleteThrough(around: Surroundings, _request: Incoming, ...ids: string[]): Answered {
  const { interaction, stored } = through(around, ids[1], ids[2]);
  interaction.loading = false;
  return erase(around, stored);
}

function channelFor(around: Surroundings, id: string | undefined, sending: boolean): Channel {
  const channel = around.world.channels.get(id ?? "");
  if (!channel) throw REFUSED.unknownChannel();
  if (!channel.botMayView) throw REFUSED.missingAccess();
  if (sending && !channel.botMaySend) throw REFUSED.missingPermissions();
  return channel;
}

function readChannel(around: Surroundings, _request: Incoming, id?: string): Answered {
  return { status: 200, body: around.world.channelData(channelFor(around, id, false)) };
}

function listMessages(around: Surroundings, { query }: Incoming, id?: string): Answered {
  const channel = channelFor(around, id, false);
  const limit = Number(query.get("limit") ?? 50);
  const after = query.get("after");
  const before = query.get("before");
  const visible = around.world.messagesIn(channel.id).filter(({ visibleTo }) => visibleTo === null);
  const wanted = visible
    .map(({ message }) => message)
    .filter((one) => after === null || BigInt(one.id) > BigInt(after))
    .filter((one) => before === null || BigInt(one.id) < BigInt(before));
  const some = after === null ? wanted.slice(-limit) : wanted.slice(0, limit);
  return { status: 200, body: some.reverse() };
}

function postMessage(around: Surroundings, request: Incoming, id?: string): Answered {
  const channel = channelFor(around, id, true);
  const recipient = channel.recipients[0];
  if (recipient && around.closed.has(recipient.id)) throw REFUSED.noDirect();
  const { world } = around;
  const body = request.body as Loose;
  refuseCards(around, body);
  const reference = body.message_reference as { message_id: string; fail_if_not_exists?: boolean };
  const target = reference ? world.messages.get(reference.message_id) : undefined;
  if (reference && !target && reference.fail_if_not_exists !== false) {
    throw REFUSED.invalidBody("message_reference: Unknown message");
  }
  const answers = target
    ? {
        type: 19,
        message_reference: { type: 0, channel_id: channel.id, message_id: reference.message_id },
      }
    : {};
  const fresh = newMessage(world, channel.id, world.bot, answers, around.now());
  const stored: Stored = {
    message: applyBody(fresh, body, filesOf(around, request)),
    visibleTo: null,
    loading: false,
  };
  world.messages.set(fresh.id, stored);
  around.told("MESSAGE_CREATE", stored);
  return { status: 200, body: stored.message };
}

function stored(
  around: Surroundings,
  channelId: string | undefined,
  id: string | undefined,
): Stored {
  channelFor(around, channelId, false);
  const found = around.world.messages.get(id ?? "");
  if (!found || found.message.channel_id !== channelId || found.visibleTo !== null) {
    throw REFUSED.unknownMessage();
  }
  return found;
}

function readMessage(around: Surroundings, _request: Incoming, ...ids: string[]): Answered {
  return { status: 200, body: stored(around, ids[0], ids[1]).message };
}

function editMessage(around: Surroundings, request: Incoming, ...ids: string[]): Answered {
  const found = stored(around, ids[0], ids[1]);
  if (found.message.author.id !== around.world.bot.id) throw REFUSED.notYours();
  return { status: 200, body: change(around, found, request.body as Loose, request) };
}

function deleteMessage(around: Surroundings, _request: Incoming, ...ids: string[]): Answered {
  return erase(around, stored(around, ids[0], ids[1]));
}

function startThread(around: Surroundings, request: Incoming, ...ids: string[]): Answered {
  const channel = channelFor(around, ids[0], true);
  if (channel.type !== 0) throw REFUSED.invalidBody("threads start in text channels");
  const found = stored(around, ids[0], ids[1]);
  const { name } = request.body as { name: string };
  const thread = around.world.thread(found.message, name, around.world.bot);
  around.tellThread(thread);
  return { status: 201, body: around.world.channelData(thread) };
}

function openDirect(around: Surroundings, request: Incoming): Answered {
  const { recipient_id: id } = request.body as { recipient_id: string };
  const user = around.world.users.get(id);
  if (!user) throw REFUSED.invalidBody("recipient_id");
  return { status: 200, body: around.world.channelData(around.world.direct(user)) };
}

function refuseCards({ cards }: Surroundings, body: Loose): void {
  if (Number(body.flags ?? 0) & FLAG.card && !cards())
    throw REFUSED.invalidBody("flags: IS_COMPONENTS_V2");
}

function change(around: Surroundings, found: Stored, body: Loose, request: Incoming): APIMessage {
  refuseCards(around, body);
  const wasCard = (found.message.flags ?? 0) & FLAG.card;
  if (wasCard && body.flags !== undefined && !(Number(body.flags) & FLAG.card)) {
    throw REFUSED.invalidBody("flags: a card stays a card");
  }
  found.message = {
    ...applyBody(found.message, body, filesOf(around, request)),
    edited_timestamp: new Date(around.now()).toISOString(),
  };
  around.told("MESSAGE_UPDATE", found);
  return found.message;
}

function erase(around: Surroundings, found: Stored): Answered {
  around.world.messages.delete(found.message.id);
  around.told("MESSAGE_DELETE", found);
  return { status: 204, body: null };
}

function filesOf({ world, base }: Surroundings, { files }: Incoming) {
  return files.map((file) => world.attach(file, base()));
}
