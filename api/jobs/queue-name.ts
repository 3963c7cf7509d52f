/** Trust tier of today's only kind of node; audits will tell others apart. */
const TIER = "t1";

/** Queue of a model class and trust tier. BullMQ refuses names with a colon. */
export function queueName(modelSha256: string): string {
  return `${modelSha256.slice(0, 16)}.${TIER}`;
}
