import type { Door, DoorLimits, Outgoing } from "../../bot/door.ts";
import { MessageGone } from "../../bot/stream/pacer.ts";
import type { AnswerView } from "../../bot/views/view.ts";

/** A door whose room is a list; tests wait for what they expect to see in it. */
export class RecordingDoor implements Door {
  readonly name = "recording";
  readonly messages: { id: string; view: AnswerView; replyTo: string | null }[] = [];
  /** Called before each edit; throws to make it fail. */
  onEdit: (view: AnswerView) => void = () => {};
  readonly #limits: DoorLimits;
  #waiting: (() => void)[] = [];
  #count = 0;

  constructor(limits: DoorLimits) {
    this.#limits = limits;
  }

  limits(): DoorLimits {
    return this.#limits;
  }

  async post(_room: string, { view, replyTo }: Outgoing): Promise<string> {
    const id = `m${++this.#count}`;
    this.messages.push({ id, view: view as AnswerView, replyTo });
    this.#changed();
    return id;
  }

  async edit(_room: string, id: string, { view }: Outgoing): Promise<void> {
    this.onEdit(view as AnswerView);
    const message = this.messages.find((one) => one.id === id);
    if (!message) throw new MessageGone(id);
    message.view = view as AnswerView;
    this.#changed();
  }

  async remove(_room: string, id: string): Promise<void> {
    const at = this.messages.findIndex((one) => one.id === id);
    if (at >= 0) this.messages.splice(at, 1);
    this.#changed();
  }

  async whisper(): Promise<void> {}

  /** Resolves when the room looks as `wanted`. */
  async until(wanted: (messages: RecordingDoor["messages"]) => boolean): Promise<void> {
    while (!wanted(this.messages)) await new Promise<void>((done) => this.#waiting.push(done));
  }

  #changed(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
