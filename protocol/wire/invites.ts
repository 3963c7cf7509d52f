import Type from "typebox";
import { Envelope } from "../receipts/dsse.ts";
import { Actor } from "./policy.ts";
import { EpochMs, KeyId, PlatformId, Sha256Hex, Uuid } from "./primitives.ts";

/**
 * Invites: how a volunteer's machine comes into a pool. POST, GET and DELETE take the service token;
 * POST /v1/invites/look is for whoever holds the invite itself.
 */
const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Whose questions a node may see beside the open ones: its community's own hardware, or machines it trusts. */
export const TrustClass = Type.Union([
  Type.Literal("own"),
  Type.Literal("trusted"),
  Type.Literal("open"),
]);
export type TrustClass = Type.Static<typeof TrustClass>;

/** Shortest and longest life of an invite, milliseconds; without a wish it is a week. */
export const INVITE_MIN_MS = 60_000;
export const INVITE_MAX_MS = 90 * 86_400_000;
export const INVITE_DEFAULT_MS = 7 * 86_400_000;

/** POST /v1/invites */
export const InviteRequest = Type.Object(
  {
    /** Who asks, as the door vouches for it; absent: the operator, who holds the service token. */
    actor: Type.Optional(Actor),
    /** Community whose moderators stand for the machine; needed for `own` and `trusted`. */
    community: Type.Optional(PlatformId),
    /** Default `open`. */
    trust: Type.Optional(TrustClass),
    /** Account of the volunteer: what the machine earns counts for that person. */
    owner: Type.Optional(PlatformId),
    /** For the list, for example “Ada's gaming PC”. */
    note: Type.Optional(Type.String({ maxLength: 200 })),
    lifetimeMs: Type.Optional(Type.Integer({ minimum: INVITE_MIN_MS, maximum: INVITE_MAX_MS })),
    /** Address under which the volunteer reaches the pool; default: PUBLIC_URL, else where this request came in. */
    url: Type.Optional(Type.String({ pattern: "^https?://[^\\s]+$", maxLength: 500 })),
  },
  closed,
);
export type InviteRequest = Type.Static<typeof InviteRequest>;

export const InviteState = Type.Union([
  Type.Literal("open"),
  Type.Literal("used"),
  Type.Literal("expired"),
  Type.Literal("revoked"),
]);
export type InviteState = Type.Static<typeof InviteState>;

/** An invite as lists show it; its secret is shown once, when it is made. */
export const Invite = Type.Object(
  {
    id: Uuid,
    state: InviteState,
    community: nullable(PlatformId),
    trust: TrustClass,
    owner: nullable(PlatformId),
    /** Account of the moderator who made it; null: the operator. */
    createdBy: nullable(PlatformId),
    note: Type.String(),
    createdAt: EpochMs,
    expiresAt: EpochMs,
    usedAt: nullable(EpochMs),
    usedByNode: nullable(KeyId),
    revokedAt: nullable(EpochMs),
  },
  closed,
);
export type Invite = Type.Static<typeof Invite>;

/** Answer to POST: the one time the text is shown. */
export const InviteCreated = Type.Object(
  {
    invite: Invite,
    /** `substrate1.…` (protocol/invite-text.ts). */
    text: Type.String(),
    /** The one command for the volunteer. */
    command: Type.String(),
    /** Set when the address in it reaches the pool from this machine only. */
    warning: nullable(Type.String()),
  },
  closed,
);
export type InviteCreated = Type.Static<typeof InviteCreated>;

/** GET /v1/invites, newest first; `?community=` keeps those of one community. */
export const InviteList = Type.Object({ invites: Type.Array(Invite) }, closed);
export type InviteList = Type.Static<typeof InviteList>;
export const InviteQuery = Type.Object({ community: Type.Optional(PlatformId) }, closed);

/** DELETE /v1/invites/:id. A moderator says in `actor.community` for which one: it must be the invite's. */
export const InviteRevocation = Type.Object({ actor: Type.Optional(Actor) }, closed);

/** POST /v1/invites/look: what an invite is for, before anybody says yes to it. Uses nothing up. */
export const InviteLookRequest = Type.Object(
  {
    /** SHA-256 of the invite's secret (inviteHash): a false pool learns nothing it could join with. */
    hash: Sha256Hex,
    /** 32 random bytes in hexadecimal, repeated in the answer: an old answer cannot be shown again. */
    nonce: Type.String({ pattern: "^[0-9a-f]{64}$" }),
  },
  closed,
);
/** Answer: signed with the pool's key, so that only the pool the invite names can give it. */
export const InviteLookAnswer = Type.Object(
  {
    /** base64 of the pool key's 32 bytes; its fingerprint must be the invite's. */
    publicKey: Type.String({ pattern: "^[A-Za-z0-9+/]{43}=$" }),
    envelope: Envelope,
  },
  closed,
);
export type InviteLookAnswer = Type.Static<typeof InviteLookAnswer>;
export const INVITE_LOOK_PAYLOAD_TYPE = "application/vnd.substrate.invite+json";
/** What is inside the envelope. */
export const InviteLook = Type.Object(
  {
    nonce: Type.String(),
    pool: Type.String(),
    state: InviteState,
    community: nullable(PlatformId),
    trust: TrustClass,
    expiresAt: EpochMs,
  },
  closed,
);
export type InviteLook = Type.Static<typeof InviteLook>;
