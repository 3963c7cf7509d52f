import { isIPv4, isIPv6 } from "node:net";

/** Whether a host name or address can only mean this machine. */
export function isLoopback(host: string): boolean {
  const plain = host.replace(/^\[|\]$/g, "");
  return (
    plain === "localhost" ||
    (isIPv4(plain) && plain.startsWith("127.")) ||
    (isIPv6(plain) && plain === "::1")
  );
}

/** Rejects with the words given when `work` takes longer than `ms`. */
export async function soon<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
