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

/** Share of all processors that was busy during `ms`, per cent (Linux; NaN elsewhere): other work, before a bench begins. */
export async function machineBusy(ms: number): Promise<number> {
  const from = jiffies();
  await new Promise((done) => setTimeout(done, ms));
  const to = jiffies();
  return ((to.busy - from.busy) / (to.busy - from.busy + to.idle - from.idle)) * 100;
}

/** First line of /proc/stat: user, nice, system, idle, iowait, irq, softirq, steal (proc(5)). */
function jiffies(): { busy: number; idle: number } {
  let line = "";
  try {
    line = readFileSync("/proc/stat", "utf8").split("\n", 1)[0] as string;
  } catch {
    return { busy: Number.NaN, idle: Number.NaN };
  }
  const [user = 0, nice = 0, system = 0, free = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] =
    line.split(/ +/).slice(1).map(Number);
  return { busy: user + nice + system + irq + softirq + steal, idle: free + iowait };
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
