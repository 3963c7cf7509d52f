import { writeSync } from "node:fs";

/** A terminal's output, as far as the view needs it. */
export interface TerminalOut {
  readonly fd: number;
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: "resize", listener: () => void): unknown;
  off(event: "resize", listener: () => void): unknown;
}

/** Alternate screen, no cursor, no wrapping at the edge (xterm control sequences). */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[2J";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";
/** The terminal shows everything in between at once (synchronised output); others ignore it. */
const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/**
 * Draws lines in place: only those that changed are written, in one write.
 *
 *   closed ──open──► open ──close, or the process ends──► closed (terminal as it was)
 */
export class Screen {
  readonly #out: TerminalOut;
  readonly #onResize: () => void;
  readonly #atExit = () => this.#restore();
  #shown: string[] = [];
  #open = false;

  constructor(out: TerminalOut, onResize: () => void) {
    this.#out = out;
    this.#onResize = () => {
      this.#shown = [];
      onResize();
    };
  }

  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#shown = [];
    this.#out.write(ENTER);
    this.#out.on("resize", this.#onResize);
    process.on("exit", this.#atExit);
  }

  /** Line 0 is the top; lines may hold colours. */
  draw(lines: readonly string[]): void {
    if (!this.#open) return;
    const fresh = this.#shown.length === 0;
    let changes = "";
    for (let row = 0; row < Math.max(lines.length, this.#shown.length); row++) {
      const line = lines[row] ?? "";
      if (!fresh && line === this.#shown[row]) continue;
      // Cleared first: after a line of full width the cursor still stands on its last cell.
      changes += `\x1b[${row + 1};1H\x1b[2K${line}`;
    }
    this.#shown = [...lines];
    if (changes !== "") this.#out.write(`${BEGIN}${fresh ? "\x1b[2J" : ""}${changes}${END}`);
  }

  close(): void {
    this.#out.off("resize", this.#onResize);
    process.off("exit", this.#atExit);
    this.#restore();
  }

  /** Written past Node's buffers: at a process's end nothing buffered leaves it any more. */
  #restore(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      writeSync(this.#out.fd, LEAVE);
    } catch {
      // The terminal is gone.
    }
  }
}
