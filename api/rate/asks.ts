import type { FastifyRequest } from "fastify";
import { failures } from "../errors.ts";
import type { RateLimits } from "./limits.ts";

/** Routes that put a question into the queue. */
const ASKING = new Set(["/v1/jobs", "/v1/jobs/:id/again"]);

/**
 * A hook before the handler: refuses a question of a member, or a community, that asks too often. Bodies have
 * been validated. Throws failures.tooManyAsks.
 */
export function limitAsks(limits: Pick<RateLimits, "member" | "community">) {
  return async (request: FastifyRequest): Promise<void> => {
    if (request.method !== "POST" || !ASKING.has(request.routeOptions.url ?? "")) return;
    const { member, community } = request.body as { member?: string; community?: string };
    // Both at once: with Redis that is one round trip.
    const [ofMember, ofCommunity] = await Promise.all([
      member === undefined ? null : limits.member.take(member),
      community === undefined ? null : limits.community.take(community),
    ]);
    if (ofMember !== null) throw failures.tooManyAsks("You have", ofMember);
    if (ofCommunity !== null) throw failures.tooManyAsks("This community has", ofCommunity);
  };
}
