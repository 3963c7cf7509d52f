import { BlockList, isIP, isIPv4 } from "node:net";
import { normalizeIP } from "@fastify/rate-limit";

/** Says whether a proxy's word about its client's address is taken. */
export type TrustProxy = (address: string) => boolean;

/**
 * From TRUSTED_PROXY: addresses and networks (`10.0.0.5`, `10.0.0.0/8`, `::1`) of the operator's own reverse
 * proxies. Everybody else can write any X-Forwarded-For, so theirs is not read.
 */
export function trustedProxies(written: readonly string[]): TrustProxy {
  const trusted = new BlockList();
  for (const entry of written) {
    const [address = "", bits] = entry.split("/");
    const kind = isIPv4(address) ? "ipv4" : "ipv6";
    if (bits === undefined) trusted.addAddress(address, kind);
    else trusted.addSubnet(address, Number(bits), kind);
  }
  return (address) => {
    const plain = withoutMapping(address);
    return isIP(plain) !== 0 && trusted.check(plain, isIPv4(plain) ? "ipv4" : "ipv6");
  };
}

/**
 * The client's address: the peer's own, or, from the right, the first in X-Forwarded-For that no trusted proxy
 * vouches for (Fastify does the same for `request.ip`).
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | string[] | undefined,
  trusts: TrustProxy,
): string {
  const said = [forwardedFor ?? []].flat().join(",").split(",");
  const way = said.map((each) => each.trim()).filter((each) => each !== "");
  let address = peer ?? "unknown";
  while (trusts(address) && way.length > 0) address = way.pop() as string;
  return withoutMapping(address);
}

/** What a limit counts by: an IPv4 address, or an IPv6 network of 64 bits, which one household commonly has. */
export const addressKey = (address: string): string => normalizeIP(address);

/** `::ffff:192.0.2.1` is 192.0.2.1 seen through a socket that takes both. */
function withoutMapping(address: string): string {
  const mapped = address.startsWith("::ffff:") ? address.slice(7) : address;
  return isIPv4(mapped) ? mapped : address;
}
