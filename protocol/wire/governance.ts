/**
 * Governance on the wire: proposals, ballots, rules and people, as doors send and show them. Every route takes the
 * service token; errors are ApiError. Times are database time, milliseconds since the Unix epoch.
 */
export * from "./governance/actions.ts";
export * from "./governance/ballots.ts";
export * from "./governance/people.ts";
export * from "./governance/proposals.ts";
export * from "./governance/rules.ts";
