import manifest from "./package.json" with { type: "json" };

/** Version of this worker, as it signs receipts. */
export const WORKER_VERSION: string = manifest.version;
export const WORKER_NAME = "the-substrate-worker";
