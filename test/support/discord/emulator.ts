import { EventEmitter, once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { APIMessage, APIUser } from "discord-api-types/v10";
import { type Awaited, awaited } from "../awaited.ts";
import { Gateway } from "./gateway.ts";
import { type Interaction, type InteractionPlan, makeInteraction } from "./interactions.ts";
import { discordJudge } from "./judge.ts";
import { type LimitSettings, RateLimits } from "./limits.ts";
import { type Incoming, REFUSED, Refusal, readRequest } from "./requests.ts";
import { type Answered, answer } from "./routes.ts";
import { newMessage } from "./stored-message.ts";
import { type Channel, type Guild, type Stored, World } from "./world.ts";

/** One exchange the emulator saw. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
  readonly atMs: number;
}

export interface EmulatorOptions {
  readonly limits?: LimitSettings;
  /** True: the application may read message content (a privileged intent). */
  readonly messageContent?: boolean;
}

/** A plain account's limits, as the pacing bench names them. */
export const USUAL_LIMITS: LimitSettings = {
  perChannel: { limit: 5, windowMs: 5000 },
  global: { limit: 50, windowMs: 1000 },
};

/**
 * Discord on loopback, as far as a bot can see it: HTTP routes, the gateway, clocks, limits and refusals,
 * and people who type, press and read. Every request and every answer is judged (judge.ts); complaints make
 * `close` fail, so that no test can pass with a request Discord would not take.
 */
export class DiscordEmulator {
  readonly token = "emulated-token-0123456789";
  readonly world: World;
  readonly gateway: Gateway;
  readonly interactions = new Map<string, Interaction>();
  readonly commands: { list: Record<string, unknown>[]; puts: number } = { list: [], puts: 0 };
  readonly exchanges: Seen[] = [];
  readonly complaints: string[] = [];
  /** Users who take no direct messages. */
  readonly closed = new Set<string>();
  /** False: cards are refused, as in places that cannot show them. */
  cards = true;
  /** Requests that are refused once each, before anything else looks at them. */
  readonly failures: { method: string; path: RegExp; refusal: Refusal | "cut" }[] = [];
  readonly changes = new EventEmitter().setMaxListeners(0);
  url = "";
  #skippedMs = 0;
  readonly #server: Server;
  readonly #limits: RateLimits;

  private constructor({ limits = USUAL_LIMITS, messageContent = false }: EmulatorOptions) {
    this.world = new World(() => this.now());
    this.gateway = new Gateway(
      this.world,
      this.token,
      () => this.url.replace(/^http/, "ws"),
      messageContent,
    );
    this.gateway.onChange = () => this.changes.emit("change");
    this.#limits = new RateLimits(limits, () => this.now());
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on("upgrade", (request, socket, head) =>
      this.gateway.upgrade(request, socket, head),
    );
  }

  static async start(options: EmulatorOptions = {}): Promise<DiscordEmulator> {
    const emulator = new DiscordEmulator(options);
    emulator.#server.listen(0, "127.0.0.1");
    await once(emulator.#server, "listening");
    emulator.url = `http://127.0.0.1:${(emulator.#server.address() as AddressInfo).port}`;
    return emulator;
  }

  /** What a bot gets as DISCORD_API_URL. */
  get apiUrl(): string {
    return `${this.url}/api`;
  }

  now(): number {
    return Date.now() + this.#skippedMs;
  }

  /** Moves Discord's clocks on: acknowledgements, tokens, rate limits. */
  skip(ms: number): void {
    this.#skippedMs += ms;
  }

  /** Closes everything. Throws when the judge found something. */
  async close(): Promise<void> {
    this.gateway.close();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
    if (this.complaints.length > 0) {
      throw new Error(`the judge refuses:\n${[...new Set(this.complaints)].join("\n")}`);
    }
  }

  /** Resolves with the first value of `look` that is not undefined; looks again after every change. */
  async until<T>(look: () => T | undefined, what: Awaited<T>["what"] = look): Promise<T> {
    const found = await awaited({
      look: () => {
        const value = look();
        return value === undefined ? null : { value };
      },
      what,
      changes: this.changes,
      there: () =>
        this.exchanges.map(
          ({ method, path, status, body }) =>
            `${method} ${path} (${status}) ${JSON.stringify(body) ?? ""}`,
        ),
    });
    return found.value;
  }

  /** Messages of a channel that this user sees, oldest first. */
  visible(channel: Channel, user: APIUser): APIMessage[] {
    return this.world
      .messagesIn(channel.id)
      .filter(({ visibleTo, loading }) => !loading && (visibleTo === null || visibleTo === user.id))
      .map(({ message }) => message);
  }

  /** A person writes. */
  say(
    user: APIUser,
    channel: Channel,
    content: string,
    extra: { replyTo?: string; file?: { name: string; bytes: Uint8Array; type: string } } = {},
  ): APIMessage {
    const { world } = this;
    const mentionsBot = content.includes(`<@${world.bot.id}>`);
    const target = extra.replyTo ? world.messages.get(extra.replyTo)?.message : undefined;
    const reference = extra.replyTo
      ? {
          type: 19,
          message_reference: { type: 0, channel_id: channel.id, message_id: extra.replyTo },
          referenced_message: target ?? null,
        }
      : {};
    const message = newMessage(world, channel.id, user, reference, this.now());
    message.content = content;
    // A reply mentions the one replied to, as clients do unless told otherwise.
    if (mentionsBot || target?.author.id === world.bot.id) {
      message.mentions = [world.bot as APIMessage["mentions"][number]];
    }
    if (extra.file) message.attachments = [world.attach(extra.file, this.url)];
    const stored: Stored = { message, visibleTo: null, loading: false };
    world.messages.set(message.id, stored);
    this.#told("MESSAGE_CREATE", stored);
    return message;
  }

  /** A person deletes a message. */
  erase(message: { readonly id: string }): void {
    const stored = this.world.messages.get(message.id);
    if (!stored) return;
    this.world.messages.delete(message.id);
    this.#told("MESSAGE_DELETE", stored);
  }

  /**
   * A person uses a slash command. Values by option name; a user for an option that takes one. `name` may hold
   * a subcommand: `pool settings`; without one, `show` is used where the command has subcommands.
   */
  slash(
    user: APIUser,
    channel: Channel,
    name: string,
    values: Record<string, string | boolean | APIUser> = {},
    locale?: string,
  ): Interaction {
    const [first = "", under = "show"] = name.split(" ");
    const command = this.#command(first);
    const users: Record<string, APIUser> = {};
    const given = Object.entries(values).map(([key, value]) => {
      if (typeof value !== "object") {
        return { name: key, type: typeof value === "boolean" ? 5 : 3, value };
      }
      users[value.id] = value;
      return { name: key, type: 6, value: value.id };
    });
    const declared = (command.options as { name: string; type: number }[] | undefined) ?? [];
    const grouped = declared.some(({ type }) => type === 1);
    if (grouped && !declared.some((one) => one.name === under)) {
      throw new Error(`no command ${name} is registered`);
    }
    const options = grouped ? [{ name: under, type: 1, options: given }] : given;
    const data = { id: command.id, name: first, type: 1, options, resolved: { users } };
    return this.interact({ type: 2, user, channel, data, ...(locale ? { locale } : {}) });
  }

  /** A person chooses from a list in a message. */
  select(
    user: APIUser,
    channel: Channel,
    message: APIMessage,
    customId: string,
    values: readonly string[],
    locale?: string,
  ): Interaction {
    const stored = this.world.messages.get(message.id);
    if (!stored) throw new Error("the message with this list is gone");
    const data = { custom_id: customId, component_type: 3, values };
    const shared = { type: 3, user, channel, data, message: stored.message };
    return this.interact({ ...shared, ...(locale ? { locale } : {}) });
  }

  /**
   * A person fills in the form that an interaction opened, and sends it. One answer is for the first field; several
   * are by the fields' ids, and a field without one is left empty.
   */
  submit(
    opener: Interaction,
    answer: string | readonly string[] | Readonly<Record<string, string | readonly string[]>>,
  ): Interaction {
    if (opener.answered?.type !== 9) throw new Error("no form was opened");
    const { custom_id, components } = opener.answered.data as {
      custom_id: string;
      components: { component: { type: number; custom_id: string } }[];
    };
    const [first] = components;
    if (!first) throw new Error("the form has no field");
    const one = typeof answer === "string" || Array.isArray(answer);
    const answers = (one ? { [first.component.custom_id]: answer } : answer) as Readonly<
      Record<string, string | readonly string[]>
    >;
    const strange = Object.keys(answers).filter(
      (id) => !components.some(({ component }) => component.custom_id === id),
    );
    if (strange.length > 0) throw new Error(`the form has no field ${strange.join(", ")}`);
    const shown = one ? [first] : components;
    const data = {
      custom_id,
      components: shown.map(({ component: { type, custom_id: field } }, at) => {
        const given = answers[field];
        const value = type === 4 ? { value: String(given ?? "") } : { values: given ?? [] };
        return {
          id: 2 * at + 1,
          type: 18,
          component: { id: 2 * at + 2, type, custom_id: field, ...value },
        };
      }),
      resolved: one
        ? this.#resolved(opener.channel, first.component.type, answer as string | readonly string[])
        : {},
    };
    const { user, channel, pressed } = opener;
    const message = pressed ? this.world.messages.get(pressed)?.message : undefined;
    const shared = { type: 5, user, channel, data, opener };
    return this.interact({ ...shared, ...(message ? { message } : {}) });
  }

  /** What Discord tells of channels and roles that were chosen. */
  #resolved(place: Channel, type: number, answer: string | readonly string[]): object {
    if (typeof answer === "string") return {};
    const guild = this.world.guilds.get(place.guildId ?? "");
    if (type === 8) {
      const chosen = answer.map((id) => [
        id,
        {
          ...this.world.channelData(this.world.channels.get(id) as Channel),
          permissions: this.world.permissionsOf(this.world.bot.id),
        },
      ]);
      return { channels: Object.fromEntries(chosen) };
    }
    if (type === 6) {
      const roles = (this.world.guildData(guild as Guild) as { roles: { id: string }[] }).roles;
      return { roles: Object.fromEntries(roles.map((role) => [role.id, role])) };
    }
    return {};
  }

  /** A person types in an option with autocomplete; `given`: what other options hold already. */
  autocomplete(
    user: APIUser,
    channel: Channel,
    name: string,
    option: string,
    value: string,
    given: Record<string, string> = {},
  ) {
    const [first = "", under] = name.split(" ");
    const command = this.#command(first);
    const others = Object.entries(given).map(([key, value]) => ({ name: key, type: 3, value }));
    const typed = [...others, { name: option, type: 3, value, focused: true }];
    const options = under === undefined ? typed : [{ name: under, type: 1, options: typed }];
    return this.interact({
      type: 4,
      user,
      channel,
      data: { id: command.id, name: first, type: 1, options },
    });
  }

  /** A person presses a button. */
  press(
    user: APIUser,
    channel: Channel,
    message: APIMessage,
    customId: string,
    locale?: string,
  ): Interaction {
    const stored = this.world.messages.get(message.id);
    if (!stored) throw new Error("the message with this button is gone");
    const data = { custom_id: customId, component_type: 2 };
    const shared = { type: 3, user, channel, data, message: stored.message };
    return this.interact({ ...shared, ...(locale ? { locale } : {}) });
  }

  /** A person chooses a message command on a message. */
  messageCommand(user: APIUser, channel: Channel, name: string, message: APIMessage): Interaction {
    const command = this.#command(name);
    const resolved = { messages: { [message.id]: message } };
    const data = { id: command.id, name, type: 3, target_id: message.id, resolved };
    return this.interact({ type: 2, user, channel, data });
  }

  interact(plan: InteractionPlan): Interaction {
    const { interaction, event } = makeInteraction(this.world, plan, this.now());
    this.interactions.set(interaction.token, interaction);
    this.gateway.dispatch("INTERACTION_CREATE", event);
    return interaction;
  }

  /** The bot is invited to a server while it runs. */
  invite(guild: Guild): void {
    guild.botIsMember = true;
    for (const id of guild.channelIds) {
      const channel = this.world.channels.get(id) as Channel;
      channel.botMayView = true;
      channel.botMaySend = true;
    }
    this.gateway.dispatch("GUILD_CREATE", this.world.guildData(guild));
  }

  #command(name: string): Record<string, unknown> {
    const command = this.commands.list.find((one) => one.name === name);
    if (!command) throw new Error(`no command ${name} is registered`);
    return command;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, fileId] = /^\/attachments\/(\d+)\//.exec(request.url ?? "") ?? [];
    const file = fileId ? this.world.files.get(fileId) : undefined;
    if (file) {
      response.writeHead(200, { "content-type": file.type });
      response.end(file.bytes);
      return;
    }
    const incoming = await readRequest(request, this.token);
    const verdict = this.#limits.take(incoming.method, incoming.path);
    const at = this.failures.findIndex(
      ({ method, path }) => method === incoming.method && path.test(incoming.path),
    );
    const [failure] = at === -1 ? [] : this.failures.splice(at, 1);
    if (failure?.refusal === "cut") {
      request.socket.destroy();
      return;
    }
    const { status, body } = verdict.refused
      ? tooMany(verdict.refused)
      : this.#carryOut(incoming, failure?.refusal);
    const complaints = discordJudge().response(exchangeOf(incoming), status, body);
    this.complaints.push(...complaints.map((one) => `emulator, ${incoming.path}: ${one}`));
    const { method, path } = incoming;
    this.exchanges.push({ method, path, body: incoming.body, status, atMs: this.now() });
    // An empty answer must not claim to be JSON: the client's parser would fail on it.
    const type: Record<string, string> =
      body === null ? {} : { "content-type": "application/json" };
    response.writeHead(status, { ...verdict.headers, ...type });
    response.end(body === null ? undefined : JSON.stringify(body));
    this.changes.emit("change");
  }

  #carryOut(incoming: Incoming, refusal: Refusal | undefined): Answered {
    try {
      if (refusal) throw refusal;
      const found = discordJudge().request(exchangeOf(incoming));
      this.complaints.push(...found.map((one) => `${incoming.method} ${incoming.path}: ${one}`));
      if (found[0]) throw REFUSED.invalidBody(found[0]);
      return answer(
        {
          world: this.world,
          interactions: this.interactions,
          commands: this.commands,
          now: () => this.now(),
          base: () => this.url,
          told: (event, stored) => this.#told(event, stored),
          tellThread: (channel) =>
            this.gateway.dispatch("THREAD_CREATE", this.world.channelData(channel)),
          closed: this.closed,
          cards: () => this.cards,
        },
        incoming,
      );
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: { code: error.code, message: error.message } };
    }
  }

  #told(event: string, { message, visibleTo }: Stored): void {
    const channel = this.world.channels.get(message.channel_id);
    const direct = channel?.type === 1;
    const guildId = channel?.guildId;
    if (visibleTo === null && channel?.botMayView) {
      const place = { channel_type: channel.type, ...(guildId ? { guild_id: guildId } : {}) };
      const { user: _, ...member } = this.world.member(message.author);
      const full = { ...message, ...place, ...(guildId ? { member } : {}) };
      if (event === "MESSAGE_DELETE") {
        this.gateway.dispatch(event, {
          id: message.id,
          channel_id: message.channel_id,
          guild_id: guildId,
        });
      } else this.gateway.dispatchMessage(event, full, direct);
    }
    this.changes.emit("change");
    this.changes.emit("message", event, message);
  }
}

function exchangeOf({ method, path, body }: Incoming) {
  return { method, path, body };
}

function tooMany({ retryAfterSeconds, global }: { retryAfterSeconds: number; global: boolean }) {
  const message = "You are being rate limited.";
  return { status: 429, body: { message, retry_after: retryAfterSeconds, global, code: 0 } };
}
