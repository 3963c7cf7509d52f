/** Requests allowed in a window of time. */
export interface Allowance {
  readonly limit: number;
  readonly windowMs: number;
}

export interface LimitSettings {
  /** Posts, and separately edits, in one channel; also those through one interaction. */
  readonly perChannel: Allowance;
  /** All requests but those about interactions. */
  readonly global: Allowance;
}

/** What one request is told about its limit. */
export interface Verdict {
  readonly headers: Record<string, string>;
  /** Set when the request is refused. */
  readonly refused: { readonly retryAfterSeconds: number; readonly global: boolean } | null;
}

interface Bucket {
  used: number;
  resetAtMs: number;
}

/** Discord's rate limits: fixed windows per route and channel, one over everything. */
export class RateLimits {
  readonly #settings: LimitSettings;
  readonly #now: () => number;
  readonly #buckets = new Map<string, Bucket>();

  constructor(settings: LimitSettings, now: () => number) {
    this.#settings = settings;
    this.#now = now;
  }

  take(method: string, path: string): Verdict {
    const aboutInteraction = /^\/(interactions|webhooks)\//.test(path);
    if (!aboutInteraction) {
      const { bucket, full } = this.#spend("global", this.#settings.global);
      if (full) return this.#refused(bucket, true, {});
    }
    const name = bucketName(method, path);
    if (name === null) return { headers: {}, refused: null };
    const { perChannel } = this.#settings;
    const { bucket, full } = this.#spend(name, perChannel);
    const resetAfter = (bucket.resetAtMs - this.#now()) / 1000;
    const headers = {
      "x-ratelimit-bucket": name.split(" ").slice(0, 2).join("-"),
      "x-ratelimit-limit": String(perChannel.limit),
      "x-ratelimit-remaining": String(Math.max(0, perChannel.limit - bucket.used)),
      "x-ratelimit-reset": (bucket.resetAtMs / 1000).toFixed(3),
      "x-ratelimit-reset-after": resetAfter.toFixed(3),
    };
    return full ? this.#refused(bucket, false, headers) : { headers, refused: null };
  }

  #spend(name: string, { limit, windowMs }: Allowance): { bucket: Bucket; full: boolean } {
    let bucket = this.#buckets.get(name);
    if (!bucket || bucket.resetAtMs <= this.#now()) {
      bucket = { used: 0, resetAtMs: this.#now() + windowMs };
      this.#buckets.set(name, bucket);
    }
    if (bucket.used >= limit) return { bucket, full: true };
    bucket.used++;
    return { bucket, full: false };
  }

  #refused(bucket: Bucket, global: boolean, headers: Record<string, string>): Verdict {
    const retryAfterSeconds = Math.max(0.001, (bucket.resetAtMs - this.#now()) / 1000);
    const scope: Record<string, string> = global ? { "x-ratelimit-global": "true" } : {};
    return {
      headers: {
        ...headers,
        ...scope,
        "x-ratelimit-scope": global ? "global" : "user",
        "retry-after": String(Math.ceil(retryAfterSeconds)),
      },
      refused: { retryAfterSeconds, global },
    };
  }
}

/** Requests that share a bucket have the same name; null: not limited beyond the global limit. */
function bucketName(method: string, path: string): string | null {
  const channel = /^\/channels\/(\d+)\/messages/.exec(path)?.[1];
  if (channel && method !== "GET") return `messages ${method.toLowerCase()} ${channel}`;
  const webhook = /^\/webhooks\/\d+\/([^/]+)/.exec(path)?.[1];
  return webhook && method !== "GET" ? `webhook ${method.toLowerCase()} ${webhook}` : null;
}
