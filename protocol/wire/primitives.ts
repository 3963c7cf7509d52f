import Type from "typebox";

/** A SHA-256 digest as 64 lower-case hexadecimal digits. */
export const Sha256Hex = Type.String({ pattern: "^[0-9a-f]{64}$" });
/** Key id: `SHA256:` and the unpadded base64 of the key's OpenSSH fingerprint (see protocol/keys.ts). */
export const KeyId = Type.String({ pattern: "^SHA256:[A-Za-z0-9+/]{43}$" });
/** RFC 9562 UUID, lower case. */
export const Uuid = Type.String({
  pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
});
/** Milliseconds since the Unix epoch, an integer. */
export const EpochMs = Type.Integer({ minimum: 0 });
/** An opaque id that a chat platform gave to a person, a room, a community or an event. */
export const PlatformId = Type.String({ minLength: 1, maxLength: 255 });

/** Sampler settings in thousandths, so that no signed record holds a float. */
export const SamplerSettings = Type.Object(
  {
    /** Softmax temperature × 1000; 0 takes the most likely token. */
    temperatureMilli: Type.Integer({ minimum: 0, maximum: 5000 }),
    /** Candidates kept by rank; 0 keeps all. */
    topK: Type.Integer({ minimum: 0, maximum: 1000 }),
    /** Probability mass kept × 1000; 1000 keeps all. */
    topPMilli: Type.Integer({ minimum: 1, maximum: 1000 }),
    /** Least probability relative to the best candidate × 1000; 0 keeps all. */
    minPMilli: Type.Integer({ minimum: 0, maximum: 1000 }),
  },
  { additionalProperties: false },
);
export type SamplerSettings = Type.Static<typeof SamplerSettings>;

/** What a volunteer's engine did when the answer ended. `stopped`: somebody pressed Stop. */
export const FinishReason = Type.Union([
  Type.Literal("stop"),
  Type.Literal("length"),
  Type.Literal("stopped"),
]);
export type FinishReason = Type.Static<typeof FinishReason>;

export const ChatMessage = Type.Object(
  {
    role: Type.Union([Type.Literal("system"), Type.Literal("user"), Type.Literal("assistant")]),
    content: Type.String(),
  },
  { additionalProperties: false },
);
export type ChatMessage = Type.Static<typeof ChatMessage>;

/**
 * How much of a model's training data is public, from most to least:
 * `open` the set can be downloaded · `named` the sets are listed · `described` only kinds of data are told · `undisclosed`.
 */
export const DisclosureClass = Type.Union([
  Type.Literal("open"),
  Type.Literal("named"),
  Type.Literal("described"),
  Type.Literal("undisclosed"),
]);
export type DisclosureClass = Type.Static<typeof DisclosureClass>;
