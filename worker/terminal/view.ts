import type { WorkerStatus } from "../control/wire.ts";
import { viewLines } from "./draw.ts";
import { coloured, plainText } from "./line.ts";
import { Screen, type TerminalOut } from "./screen.ts";

const REDRAW_MS = 250;
/** More than any terminal shows. */
const LOG_LINES = 200;

/** Keyboard, raw: every key as it is pressed. */
export interface Keyboard {
  setRawMode(on: boolean): unknown;
  setEncoding(encoding: "utf8"): unknown;
  on(event: "data", listener: (keys: string) => void): unknown;
  off(event: "data", listener: (keys: string) => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

/** What the keys do. */
export interface ViewActions {
  status(): WorkerStatus;
  /** Pauses, or takes answers again. */
  togglePause(): void;
  /** q or Ctrl-C: the first leaves after draining, the next at once. */
  leave(): void;
}

/** The view of one worker on a terminal; lines of the log go through `note`. */
export class TerminalView {
  readonly #out: TerminalOut;
  readonly #keys: Keyboard;
  readonly #screen: Screen;
  readonly #colours: boolean;
  readonly #now: () => number;
  readonly #log: string[] = [];
  #actions: ViewActions | null = null;
  #timer: NodeJS.Timeout | null = null;
  #help = false;

  constructor(out: TerminalOut, keys: Keyboard, options: { colours: boolean; now: () => number }) {
    this.#out = out;
    this.#keys = keys;
    this.#colours = options.colours;
    this.#now = options.now;
    this.#screen = new Screen(out, () => this.#draw());
  }

  /** A line of the log, without its end. */
  note(line: string): void {
    this.#log.push(line);
    if (this.#log.length > LOG_LINES) this.#log.shift();
    this.#draw();
  }

  /** Takes the terminal over until `close`. */
  open(actions: ViewActions): void {
    this.#actions = actions;
    this.#keys.setEncoding("utf8");
    this.#grab();
    process.on("SIGCONT", this.#continued);
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  /** Gives the terminal back as it was. */
  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    process.off("SIGCONT", this.#continued);
    this.#release();
    this.#actions = null;
  }

  readonly #continued = () => {
    this.#release();
    this.#grab();
  };

  readonly #pressed = (keys: string) => {
    for (const key of keys) this.#press(key);
    this.#draw();
  };

  #press(key: string): void {
    switch (key) {
      case "p":
      case "P":
      case " ":
        this.#actions?.togglePause();
        break;
      case "q":
      case "Q":
      // Ctrl-C arrives as a character while the keyboard is raw.
      case "\x03":
        this.#actions?.leave();
        break;
      case "?":
      case "h":
        this.#help = !this.#help;
        break;
      // Ctrl-Z: to the shell and back, where shells know that.
      case "\x1a":
        if (process.platform === "win32") break;
        this.#release();
        process.kill(process.pid, "SIGTSTP");
    }
  }

  #grab(): void {
    this.#keys.setRawMode(true);
    this.#keys.on("data", this.#pressed);
    this.#keys.resume();
    this.#screen.open();
    this.#draw();
  }

  #release(): void {
    this.#screen.close();
    this.#keys.off("data", this.#pressed);
    this.#keys.pause();
    try {
      this.#keys.setRawMode(false);
    } catch {
      // The terminal is gone.
    }
  }

  #draw(): void {
    if (this.#actions === null) return;
    const { columns = 80, rows = 24 } = this.#out;
    const extras = { columns, rows, now: this.#now(), log: this.#log, help: this.#help };
    const lines = viewLines(this.#actions.status(), extras);
    this.#screen.draw(lines.map(this.#colours ? coloured : plainText));
  }
}
