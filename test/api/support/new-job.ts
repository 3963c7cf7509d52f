import { randomUUID } from "node:crypto";
import type { NewJob } from "../../../api/jobs/insert.ts";

/** A question as the records get it, with values that mean nothing. */
export function newJob(): NewJob {
  return {
    id: randomUUID(),
    ...{ community: "c", member: "m", room: "r", request_key: randomUUID(), prompt: "hello" },
    ...{ continues: null, repeats: null, model_sha256: "s", model_name: "n", model_chosen: true },
    ...{ queue: "q", priority: 1, state: "queued", options: {}, wait: true, reply_to: [] },
    ...{ seed: "s", seed_commitment: "s", prompt_salt: "s", notice: null, private: false },
    ...{ created_at: 1, expires_at: 2, finished_at: null, privacy: "open", system_prompt: null },
  };
}
