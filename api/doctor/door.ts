import { once } from "node:events";
import { connect } from "node:tls";
import type { ApiSettings } from "../../config/settings.ts";
import { isLoopback, soon } from "./address.ts";
import { type Finding, ok, problem, warning } from "./finding.ts";

const ANSWER_MS = 5_000;
const DAY_MS = 86_400_000;
/** Let's Encrypt renews thirty days before the end: at two weeks nobody has. */
const RENEW_DAYS = 14;

/** How people's doors and volunteers reach the api: encrypted, with a certificate that holds, known addresses. */
export async function examineDoor(settings: ApiSettings, now: number): Promise<Finding[]> {
  const url = new URL(settings.apiUrl);
  const findings = [
    url.protocol === "https:" ? await certificate(url, now) : plain(url),
    ...listening(settings),
  ];
  const behindProxy = url.protocol === "https:" && isLoopback(settings.apiHost);
  if (behindProxy && settings.trustedProxy.length === 0) {
    findings.push(
      warning(
        "door.trusted-proxy",
        "API_URL is https, the api listens on loopback, and TRUSTED_PROXY is empty",
        "To the api everybody comes from the proxy's address: one person's wrong tokens shut out all others.",
        "Set TRUSTED_PROXY to the proxy's address, for example 127.0.0.1.",
      ),
    );
  }
  return findings;
}

function plain(url: URL): Finding {
  if (isLoopback(url.hostname)) return ok("door.tls", "plain http, on this machine only");
  return warning(
    "door.tls",
    `${url.origin} is not encrypted`,
    "Whoever can listen on the way reads questions, answers and the service token.",
    "Put nginx or Caddy in front (config/proxy) and set API_URL to https://…",
  );
}

async function certificate(url: URL, now: number): Promise<Finding> {
  const check = "door.tls";
  const socket = connect({
    host: url.hostname,
    port: Number(url.port || 443),
    servername: url.hostname,
    // An expired certificate is to be told apart from one nobody vouches for.
    rejectUnauthorized: false,
  });
  try {
    await soon(ANSWER_MS, once(socket, "secureConnect"));
    const { valid_to } = socket.getPeerCertificate();
    const days = Math.floor((Date.parse(valid_to) - now) / DAY_MS);
    const renew = "Renew it: with Caddy by itself, with nginx for example certbot renew.";
    const refused = "Doors and workers refuse to connect.";
    if (days < 0) return problem(check, `the certificate ended ${-days} days ago`, refused, renew);
    if (!socket.authorized) {
      return problem(
        check,
        `nobody this machine trusts vouches for the certificate (${socket.authorizationError})`,
        refused,
        "Get one for this name from a public authority, or give programs yours: NODE_EXTRA_CA_CERTS=ca.pem.",
      );
    }
    if (days < RENEW_DAYS) {
      return warning(check, `the certificate ends in ${days} days`, `Then: ${refused}`, renew);
    }
    return ok(check, `${url.host}: certificate for ${days} more days`);
  } catch (error) {
    return problem(
      check,
      `${url.host} cannot be reached: ${(error as Error).message}`,
      "Doors and workers on other machines cannot either.",
      "See that the proxy runs, that the name leads to it and that port 443 is open.",
    );
  } finally {
    socket.destroy();
  }
}

/** Addresses to listen on that are wider than they need be. */
function listening({ metricsHost, metricsPort }: ApiSettings): Finding[] {
  if (metricsPort === null || isLoopback(metricsHost)) return [];
  if (metricsHost !== "0.0.0.0" && metricsHost !== "::") return [];
  return [
    warning(
      "door.metrics",
      `metrics listen on every address (${metricsHost}:${metricsPort})`,
      "Anybody who reaches this machine can watch how busy the pool is.",
      "Set METRICS_HOST to 127.0.0.1 or to the address of your private network.",
    ),
  ];
}
