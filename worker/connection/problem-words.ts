/** What a network error means for the machine's owner, by Node's, the resolver's and TLS's codes. */
const MEANINGS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nobody answers at its address: it is down or starting",
  ECONNRESET: "it ended the connection",
  ENOTFOUND: "its name leads nowhere: is this machine online?",
  EAI_AGAIN: "its name cannot be looked up: is this machine online?",
  ENETUNREACH: "no way leads there: is this machine online?",
  EHOSTUNREACH: "no way leads there: is this machine online?",
  ENETDOWN: "no way leads there: is this machine online?",
  ETIMEDOUT: "it does not answer",
  CERT_NOT_YET_VALID:
    "its certificate is not valid yet by this machine's clock: is the clock right?",
  CERT_HAS_EXPIRED: "its certificate has expired by this machine's clock: is the clock right?",
};

/** Why there is no connection, in words, with the code for whoever looks it up. */
export function problemInWords(error: Error & { code?: string }): string {
  const { code, message } = error;
  if (code !== undefined && code in MEANINGS) return `${MEANINGS[code]} (${code})`;
  // Words of the library `ws`.
  if (message === "Opening handshake has timed out") return "it does not answer";
  const status = /^Unexpected server response: (\d{3})$/.exec(message)?.[1];
  if (status === "429") return "it was asked too often; waiting (HTTP 429)";
  if (status !== undefined) return `it takes no machines in just now (HTTP ${status})`;
  return message || code || "unknown error";
}

/** Why a connection ended: what the pool said, or what its close code means (RFC 6455 §7.4.1). */
export function closeInWords(code: number, reason: string): string {
  if (reason !== "") return reason;
  return code === 1006 ? "it broke off" : `it was closed (code ${code})`;
}
