/** Control characters, escape sequences with them: text from the pool must not steer a terminal (ECMA-48). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Text from outside as one line that a terminal shows and does not obey. */
export function printable(text: string): string {
  return text.replace(CONTROLS, " ");
}

/** What a file system's error means; other errors in their own words. */
export function diskInWords({ code, path, message }: NodeJS.ErrnoException): string {
  const where = path === undefined ? "" : ` (${printable(path)})`;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return `the disk is full, so this could not be written${where}: free some space, then try again`;
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return `this user may not write there${where}: ${code}`;
    default:
      return message;
  }
}

/** `512 MB`, `4.2 GB` */
export function size(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

/** `Tue 08:00` in a time zone, with the date when it is more than six days away. */
export function moment(instant: number, zone: string, now: number): string {
  const far = Math.abs(instant - now) > 6 * 86_400_000;
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    weekday: "short",
    ...(far ? { day: "numeric", month: "short" } : {}),
    hour: "2-digit",
    minute: "2-digit",
  })
    .format(instant)
    .replace(",", "");
}

/** `3 s`, `12 min`, `5 h`, `2 d` */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 36 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `2 h ahead of the pool's`: this machine's clock, by so many milliseconds; behind: negative. */
export function clockInWords(aheadMs: number): string {
  return `${span(Math.abs(aheadMs))} ${aheadMs > 0 ? "ahead of" : "behind"} the pool's`;
}

/** `1,234` */
export function number(count: number): string {
  return count.toLocaleString("en-US");
}

/** Text broken at single spaces into lines of at most `columns`, all but the first indented. */
export function wrapped(text: string, columns: number, indent = ""): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S) (?=\S)/)) {
    const next = line === "" ? word : `${line} ${word}`;
    if (next.length > columns && line !== "") {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = next;
  }
  return [...lines, line];
}
