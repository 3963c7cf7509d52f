import { appendFileSync, mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import Type from "typebox";
import { jsonParser } from "../../protocol/parse.ts";
import { jsonLine, readJsonLines } from "../json-lines.ts";

/**
 * What of each room is dealt with, so that a restart answers nothing twice and loses nothing. Events are told
 * apart by id; the homeserver's clock is never asked.
 *
 * Per room: `mark`, an event before which everything is done, and the events after it that are done already.
 * An event under way when the program ends is taken up again: the pool knows its request key, the homeserver
 * its transaction ids, so doing it again does nothing twice.
 */
export interface Ledger {
  /** True the first time only: the event is now ours to deal with. */
  take(room: string, event: string): boolean;
  /** The event needs nothing more. `acted`: something was said or done about it, which is written at once. */
  done(room: string, event: string, acted: boolean): void;
  /** From this event on the room is ours to serve. */
  begin(room: string, event: string): void;
  /** The newest event before which everything is done; null in a room that is new to us. */
  mark(room: string): string | null;
  /** True the first time only: for sentences that are said once in a place. */
  once(what: string): boolean;
  /** Forgets a room that was left. */
  forget(room: string): void;
  /** Writes what is still to be written. */
  flush(): void;
}

const Line = Type.Union([
  Type.Object({ mark: Type.String(), room: Type.String() }),
  Type.Object({ done: Type.String() }),
  Type.Object({ once: Type.String() }),
  Type.Object({ forgot: Type.String() }),
]);
type Line = Type.Static<typeof Line>;
const parseLine = jsonParser(Line, "ledger line");

/** Ids kept, in memory and over a restart; far more than ever stand between a mark and the present. */
const KEPT = 10_000;
/** Marks are written after so many events: an older one only means that more events are looked at again. */
const EVENTS_PER_MARK = 50;

interface RoomState {
  mark: string | null;
  unwritten: number;
  /** Events taken, in order; the mark follows their finished beginning. */
  readonly open: Map<string, boolean>;
}

/** Opens the ledger in a file of JSON lines, shortened to what counts; readable by its owner only. */
export function openLedger(file: string): Ledger {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const rooms = new Map<string, RoomState>();
  const known = new Set<string>();
  const said = new Set<string>();
  for (const line of readJsonLines(file, parseLine)) {
    if ("mark" in line) stateOf(line.room).mark = line.mark;
    else if ("done" in line) known.add(line.done);
    else if ("once" in line) said.add(line.once);
    else rooms.delete(line.forgot);
  }
  shorten(known);
  let lines = rewrite();

  function stateOf(room: string): RoomState {
    const state = rooms.get(room) ?? { mark: null, unwritten: 0, open: new Map() };
    rooms.set(room, state);
    return state;
  }

  function rewrite(): number {
    const all: Line[] = [
      ...[...rooms].flatMap(([room, { mark }]) => (mark === null ? [] : [{ mark, room }])),
      ...[...known].map((done) => ({ done })),
      ...[...said].map((once) => ({ once })),
    ];
    writeFileSync(`${file}.new`, all.map(jsonLine).join(""), { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return all.length;
  }

  function write(line: Line): void {
    appendFileSync(file, jsonLine(line), { mode: 0o600 });
    if (++lines > KEPT * 3) lines = rewrite();
  }

  function advance(room: string, state: RoomState): void {
    for (const [event, isDone] of state.open) {
      if (!isDone) break;
      state.open.delete(event);
      state.mark = event;
      state.unwritten++;
    }
    if (state.unwritten >= EVENTS_PER_MARK) writeMark(room, state);
  }

  function writeMark(room: string, state: RoomState): void {
    if (state.mark !== null && state.unwritten > 0) write({ mark: state.mark, room });
    state.unwritten = 0;
  }

  return {
    take(room, event) {
      const state = stateOf(room);
      if (known.has(event) || state.open.has(event)) return false;
      state.open.set(event, false);
      return true;
    },
    done(room, event, acted) {
      const state = stateOf(room);
      if (!state.open.has(event)) return;
      state.open.set(event, true);
      known.add(event);
      shorten(known);
      if (acted) write({ done: event });
      advance(room, state);
    },
    begin(room, event) {
      const state = stateOf(room);
      state.mark = event;
      state.unwritten = 1;
      writeMark(room, state);
    },
    mark: (room) => rooms.get(room)?.mark ?? null,
    once(what) {
      if (said.has(what)) return false;
      said.add(what);
      write({ once: what });
      return true;
    },
    forget(room) {
      if (rooms.delete(room)) write({ forgot: room });
    },
    flush() {
      for (const [room, state] of rooms) writeMark(room, state);
    },
  };
}

function shorten(ids: Set<string>): void {
  for (const id of ids) {
    if (ids.size <= KEPT) return;
    ids.delete(id);
  }
}
