/**
 * Paces the edits of one message: newest frame wins, one edit in flight, growing gaps, and the last frame
 * always arrives. (Streaming bots lose exactly the last frame: openclaw/openclaw#82035, #83831.)
 *
 *   idle      nothing to show           show → waiting · finish → waiting
 *   waiting   a frame waits for its gap show → waiting (frame replaced) · timer → editing · finish → waiting,
 *                                       for the rest of the smallest gap
 *   editing   one edit in flight        show/finish → editing (frame kept) · done → idle, waiting, editing
 *                                       (last frame is next) or closed · failed → waiting (frame kept unless
 *                                       a newer came) or, for the last frame, backing
 *   backing   the last frame failed     timer → editing, the gap doubling up to maxBackoffMs
 *   closed    the last frame arrived, or the door said that the message is gone, or abandon() was called
 *
 * Frames before the last are spent from `maxEdits`; the last one is always allowed. A failed frame is not
 * tried again by itself if it is not the last: the next gap, which has grown, brings the newest text.
 */
export interface Pace {
  /** Shortest time from the end of an edit to the start of the next. */
  readonly minGapMs: number;
  /** Each gap is this many times the one before, ≥ 1. */
  readonly growth: number;
  readonly maxGapMs: number;
  /** Edits before the last one; null: no limit. */
  readonly maxEdits: number | null;
}

export interface Clock {
  now(): number;
  /** Runs `then` after `ms`; the returned function cancels. */
  after(ms: number, then: () => void): () => void;
}

/** What the door throws when the message was deleted or may not be edited any more: trying again is vain. */
export class MessageGone extends Error {
  override name = "MessageGone";
}

export interface PacerOptions<Frame> {
  readonly pace: Pace;
  readonly edit: (frame: Frame) => Promise<void>;
  readonly clock?: Clock;
  /** First and largest gap between tries of the last frame. */
  readonly backoffMs?: number;
  readonly maxBackoffMs?: number;
  /** Told of every failed edit; for logs. */
  readonly onFailure?: (error: unknown, isLast: boolean) => void;
}

export interface Pacer<Frame> {
  /** Shows a frame when its time comes; a newer one replaces it. Ignored after finish. */
  show(frame: Frame): void;
  /** The last frame. Resolves `arrived` when the door took it, `gone` when the message is no more. */
  finish(frame: Frame): Promise<"arrived" | "gone" | "abandoned">;
  /** Gives up at once, for a door that closes. */
  abandon(): void;
}

/** Makes a pacer for one message whose first frame was just posted. */
export function pacer<Frame>(options: PacerOptions<Frame>): Pacer<Frame> {
  const { pace, edit, clock = wallClock, backoffMs = 500, maxBackoffMs = 30_000 } = options;
  let state: "idle" | "waiting" | "editing" | "backing" | "closed" = "idle";
  let pending: { frame: Frame } | null = null;
  let last: { frame: Frame } | null = null;
  let gapMs = pace.minGapMs;
  let retryMs = backoffMs;
  let edits = 0;
  let quietSince = clock.now();
  let cancelTimer = () => {};
  const ended = Promise.withResolvers<"arrived" | "gone" | "abandoned">();

  function close(how: "arrived" | "gone" | "abandoned"): void {
    cancelTimer();
    state = "closed";
    pending = null;
    ended.resolve(how);
  }

  /** Chooses what comes next; called whenever no edit is in flight. */
  function next(): void {
    if (last) {
      waitFor(pace.minGapMs);
      return;
    }
    const spent = pace.maxEdits !== null && edits >= pace.maxEdits;
    if (!pending || spent) {
      state = "idle";
      return;
    }
    waitFor(gapMs);
  }

  function waitFor(gap: number): void {
    cancelTimer();
    state = "waiting";
    cancelTimer = clock.after(Math.max(0, quietSince + gap - clock.now()), start);
  }

  function start(): void {
    cancelTimer();
    const isLast = last !== null;
    const { frame } = (last ?? pending) as { frame: Frame };
    state = "editing";
    pending = null;
    edits++;
    edit(frame).then(
      () => settled(isLast, null),
      (error: unknown) => settled(isLast, { error, frame }),
    );
  }

  function settled(wasLast: boolean, failure: { error: unknown; frame: Frame } | null): void {
    if (state === "closed") return;
    quietSince = clock.now();
    gapMs = Math.max(pace.minGapMs, Math.min(gapMs * pace.growth, pace.maxGapMs));
    if (failure) {
      options.onFailure?.(failure.error, wasLast);
      if (failure.error instanceof MessageGone) {
        close("gone");
        return;
      }
      if (wasLast) {
        state = "backing";
        cancelTimer = clock.after(retryMs, start);
        retryMs = Math.min(retryMs * 2, maxBackoffMs);
        return;
      }
      pending ??= { frame: failure.frame };
    } else if (wasLast) {
      close("arrived");
      return;
    }
    next();
  }

  return {
    show(frame) {
      if (state === "closed" || last) return;
      pending = { frame };
      if (state === "idle") next();
    },
    finish(frame) {
      if (last === null && state !== "closed") {
        last = { frame };
        if (state === "idle" || state === "waiting") next();
      }
      return ended.promise;
    },
    abandon() {
      if (state !== "closed") close("abandoned");
    },
  };
}

/** Real time. */
export const wallClock: Clock = {
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
