const BAR_CELLS = 24;
const REDRAW_MS = 100;

/** Shows the progress of a fetch to whoever started the worker. */
export interface ProgressLine {
  update(name: string, receivedBytes: number, totalBytes: number): void;
  /** Ends the bar, so that the next line starts clean. */
  end(): void;
}

/** A bar that redraws itself on a terminal; elsewhere one plain line every ten percent. */
export function progressLine(
  out: { readonly isTTY?: boolean; write(text: string): unknown },
  now: () => number = () => performance.now(),
): ProgressLine {
  let drawn = false;
  let drawnAt = Number.NEGATIVE_INFINITY;
  let lastTenth = 0;
  return {
    update(name, receivedBytes, totalBytes) {
      if (totalBytes <= 0) return;
      const share = Math.min(1, receivedBytes / totalBytes);
      if (!out.isTTY) {
        const tenth = Math.floor(share * 10);
        if (tenth <= lastTenth) return;
        lastTenth = tenth;
        out.write(`${name}: ${tenth * 10} % of ${(totalBytes / 1e6).toFixed(1)} MB\n`);
        return;
      }
      if (share < 1 && now() - drawnAt < REDRAW_MS) return;
      drawnAt = now();
      drawn = true;
      const full = Math.round(share * BAR_CELLS);
      const bar = "█".repeat(full) + "░".repeat(BAR_CELLS - full);
      const size = `${(receivedBytes / 1e6).toFixed(1)} of ${(totalBytes / 1e6).toFixed(1)} MB`;
      out.write(`\r\x1b[K${name} ${bar} ${Math.floor(share * 100)} % · ${size}`);
    },
    end() {
      if (drawn) out.write("\n");
      drawn = false;
      lastTenth = 0;
    },
  };
}
