import { readdirSync, readFileSync } from "node:fs";

/** Ticks of /proc/<pid>/stat a second: USER_HZ, 100 on every Linux that Node 24 runs on. */
const TICKS = 100;

/**
 * Processor time a process and all that descend from it have used so far, milliseconds (Linux; 0 elsewhere).
 * Children that have ended count where their parent has waited for them.
 */
export function cpuMs(pid: number): number {
  let sum = 0;
  for (const { ticks } of family(pid)) sum += ticks;
  return (sum * 1000) / TICKS;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function family(pid: number): Stat[] {
  const all = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => stat(Number(name)) ?? []);
  const members = all.filter((each) => each.pid === pid);
  for (const member of members) members.push(...all.filter((each) => each.parent === member.pid));
  return members;
}

function stat(pid: number): Stat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold spaces: state, ppid (4th field), … utime, stime, cutime, cstime (14th to 17th).
    const fields = text
      .slice(text.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    const ticks = fields.slice(11, 15).reduce((a, b) => a + b, 0);
    return { pid, parent: fields[1] as number, ticks };
  } catch {
    return null;
  }
}
