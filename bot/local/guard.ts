import type { FastifyInstance, FastifyRequest } from "fastify";

/**
 * What keeps strangers out of a page on loopback: any web site may make a browser call 127.0.0.1, and a
 * name an attacker owns may be pointed there (DNS rebinding). So the Host must be ours, a request that
 * changes something must come from our own page, and nothing of ours may be framed or read elsewhere.
 */
export function guardLoopback(app: FastifyInstance, host: string): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!ownHosts(host, request.socket.localPort ?? 0).has(request.headers.host ?? "")) {
      return reply.code(421).send({
        code: "wrong_host",
        text: "This room answers only under its own address. Open the address the program printed.",
      });
    }
    if (request.method !== "GET" && request.method !== "HEAD" && !fromOwnPage(request)) {
      return reply.code(403).send({
        code: "wrong_origin",
        text: "This request did not come from the room's own page. Reload the page and try again.",
      });
    }
  });
  app.addHook("onSend", async (_request, reply) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) reply.header(name, value);
  });
}

/** `data:` images are not needed; styles, scripts and connections come from here alone. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

function ownHosts(host: string, port: number): Set<string> {
  const names = ["127.0.0.1", "localhost", "[::1]", host.includes(":") ? `[${host}]` : host];
  return new Set(
    names.flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`])),
  );
}

function fromOwnPage(request: FastifyRequest): boolean {
  return request.headers.origin === `http://${request.headers.host}`;
}
