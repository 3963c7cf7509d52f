import Type from "typebox";
import { ModelFetch, NodeLimits, NodeState, SpeedMeasured } from "../../protocol/wire/gateway.ts";
import { EpochMs, KeyId, Sha256Hex } from "../../protocol/wire/primitives.ts";

/** What other terminals on this machine may ask of a running worker: one line of JSON each way. */
const closed = { additionalProperties: false } as const;
const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const count = Type.Integer({ minimum: 0 });

export const ControlRequest = Type.Union([
  Type.Object({ do: Type.Literal("status") }, closed),
  /** `until` null: until resumed. */
  Type.Object({ do: Type.Literal("pause"), until: nullable(EpochMs) }, closed),
  Type.Object({ do: Type.Literal("resume") }, closed),
  /** Drains first; `now` gives back what runs. */
  Type.Object({ do: Type.Literal("leave"), now: Type.Boolean() }, closed),
  /** Settings were noted down anew: take on what can be taken on while running. */
  Type.Object({ do: Type.Literal("reload") }, closed),
]);
export type ControlRequest = Type.Static<typeof ControlRequest>;

/** Everything a person may want to know of a running worker. */
export const WorkerStatus = Type.Object(
  {
    name: Type.String(),
    node: KeyId,
    url: Type.String(),
    pool: nullable(Type.Object({ name: Type.String(), keyId: KeyId }, closed)),
    connection: Type.Object({ is: Type.String(), since: EpochMs, problem: Type.String() }, closed),
    state: NodeState,
    until: nullable(EpochMs),
    why: Type.String(),
    engine: Type.Object(
      {
        name: Type.String(),
        library: Type.String(),
        backend: Type.String(),
        threads: count,
        auditable: Type.Boolean(),
      },
      closed,
    ),
    models: Type.Array(
      Type.Object(
        {
          sha256: Sha256Hex,
          name: Type.String(),
          bytes: count,
          loaded: Type.Boolean(),
          tokensPerSecond: nullable(count),
        },
        closed,
      ),
    ),
    fetches: Type.Array(ModelFetch),
    slots: Type.Object({ total: count, taken: count }, closed),
    /** Now, and in each of the last 60 seconds, oldest first. */
    tokensPerSecond: Type.Number(),
    curve: Type.Array(count),
    today: Type.Object({ answers: count, tokens: count, most: nullable(count) }, closed),
    /** Questions waiting for this node's models; null while the pool has not said. */
    waiting: nullable(count),
    /** This machine's clock against the pool's, behind: negative; 0: right enough. */
    clockAheadMs: Type.Integer(),
    hours: nullable(Type.String()),
    zone: Type.String(),
    limits: NodeLimits,
    measured: Type.Array(SpeedMeasured),
  },
  closed,
);
export type WorkerStatus = Type.Static<typeof WorkerStatus>;

export const ControlAnswer = Type.Union([
  Type.Object({ ok: Type.Literal(true), said: Type.String(), status: WorkerStatus }, closed),
  Type.Object({ ok: Type.Literal(false), said: Type.String() }, closed),
]);
export type ControlAnswer = Type.Static<typeof ControlAnswer>;
