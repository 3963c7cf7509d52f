import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** The server's address will not do; the message says what to write. */
export class ServerRefused extends Error {
  override name = "ServerRefused";
}

/** Loopback, private and link-local networks (RFC 1122, 1918, 3927, 4193, 4291). */
const NEAR = new BlockList();
for (const [net, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
] as const) {
  NEAR.addSubnet(net, bits, "ipv4");
}
for (const [net, bits] of [
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
] as const) {
  NEAR.addSubnet(net, bits, "ipv6");
}

/**
 * Throws ServerRefused unless every address behind `url` is on this machine or its local network: a server
 * elsewhere belongs to somebody who would read the members' questions without anyone having said so.
 */
export async function requireNear(url: string): Promise<void> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(host) === 0 ? await resolved(host, url) : [host];
  const far = addresses.find((address) => !isNear(address));
  if (far === undefined) return;
  throw new ServerRefused(
    `WORKER_OPENAI_URL: ${host} (${far}) is not on this machine or its local network. Whoever runs that server would ` +
      "read the members' questions. If that is you, or they have agreed to it, set WORKER_OPENAI_REMOTE=true.",
  );
}

export function isNear(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  const plain = mapped ?? address;
  return NEAR.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}

async function resolved(host: string, url: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch {
    throw new ServerRefused(
      `WORKER_OPENAI_URL: there is no machine “${host}” (${url}). Write the address of your server, for example ` +
        "http://127.0.0.1:11434/v1.",
    );
  }
}
