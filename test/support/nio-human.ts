import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ROOT } from "../../config/settings.ts";
import { awaited } from "./awaited.ts";
import type { Homeserver } from "./synapse.ts";
import { synapsePython } from "./synapse-install.ts";

/** An event that matrix-nio could read. */
export interface NioEvent {
  readonly room: string;
  readonly decrypted: boolean;
  readonly event: {
    readonly event_id: string;
    readonly sender: string;
    readonly type: string;
    // biome-ignore lint/suspicious/noExplicitAny: a test reads what it knows to be there.
    readonly content: any;
  };
}

/** A person with matrix-nio, which speaks encryption with code that is not ours (test/support/nio-human.py). */
export class NioHuman {
  readonly userId: string;
  readonly events: NioEvent[] = [];
  /** Ids of events it had no keys for. */
  readonly locked: string[] = [];
  readonly #child: ChildProcess;
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #commands = 0;
  readonly #answers = new Map<number, PromiseWithResolvers<string>>();

  private constructor(child: ChildProcess, userId: string) {
    this.#child = child;
    this.userId = userId;
  }

  static async enter(homeserver: Homeserver, name: string): Promise<NioHuman> {
    const [python, account] = await Promise.all([synapsePython(), homeserver.user(name)]);
    const script = join(ROOT, "test/support/nio-human.py");
    const { userId, deviceId, token } = account;
    const child = spawn(python, [script, homeserver.url, userId, deviceId, token], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const human = new NioHuman(child, userId);
    const ready = Promise.withResolvers<void>();
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
      const told = JSON.parse(line);
      if (told.ready) ready.resolve();
      if (told.locked) human.locked.push(told.locked);
      if (told.event) human.events.push(told);
      const waiting = human.#answers.get(told.answer);
      if (waiting) told.error ? waiting.reject(new Error(told.error)) : waiting.resolve(told.value);
      human.#changes.emit("change");
    });
    child.once("exit", (code) => ready.reject(new Error(`matrix-nio ended with code ${code}`)));
    await ready.promise;
    return human;
  }

  /** Makes an encrypted room. */
  encryptedRoom(invite: readonly string[]): Promise<string> {
    return this.#do({ do: "room", invite });
  }

  say(room: string, body: string, more: object = {}): Promise<string> {
    return this.send(room, "m.room.message", { msgtype: "m.text", body, ...more });
  }

  send(room: string, type: string, content: object): Promise<string> {
    return this.#do({ do: "send", room, type, content });
  }

  join(room: string): Promise<string> {
    return this.#do({ do: "join", room });
  }

  /** Resolves to the first event there is or will be that `wanted` accepts. */
  async sees(wanted: (event: NioEvent) => boolean): Promise<NioEvent> {
    return awaited({
      look: () => this.events.find(wanted),
      what: wanted,
      changes: this.#changes,
      there: () => [
        ...this.events.map(({ event }) => `${event.sender}: ${JSON.stringify(event.content)}`),
        ...this.locked.map((id) => `could not read ${id}`),
      ],
    });
  }

  close(): void {
    this.#child.kill("SIGKILL");
  }

  #do(command: object): Promise<string> {
    const id = ++this.#commands;
    const answer = Promise.withResolvers<string>();
    this.#answers.set(id, answer);
    this.#child.stdin?.write(`${JSON.stringify({ ...command, id })}\n`);
    return answer.promise;
  }
}
