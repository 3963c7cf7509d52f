import { findModelFact, modelFacts } from "../../config/model-facts.ts";
import { ECHO_MODEL } from "../../protocol/echo.ts";
import { sha256Hex } from "../../protocol/receipts/commitments.ts";
import type { OfferedModel } from "../../protocol/wire/gateway.ts";
import type { Lineage } from "../../protocol/wire/lineage.ts";
import type { Clock } from "../context.ts";
import { modelBom } from "../lineage/bom.ts";
import { lineageOf } from "../lineage/lineage.ts";
import type { Database } from "../storage/open.ts";

/** How people and orders name a model. */
export interface NamedModel {
  readonly sha256: string;
  readonly name: string;
}

/** A model some node has offered, with its lineage as receipts name it. */
export interface KnownModel extends NamedModel {
  readonly bytes: number | null;
  readonly lineage: Lineage;
  /** SHA-256 of the ML-BOM stored for it. */
  readonly lineageDigest: string;
}

/**
 * The models this pool knows. The first node that offers a file fixes its name and header keys: a model is
 * its digest, and whoever comes later cannot rename it.
 */
export class ModelBook {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #known = new Map<string, KnownModel>();

  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** All models offered so far, by any node on any replica. */
  async all(): Promise<KnownModel[]> {
    const rows = await this.#db.selectFrom("model").selectAll().execute();
    return Promise.all(rows.map((row) => this.#remember(row)));
  }

  /** Notes what a node offers and returns each model as the pool knows it. */
  async learn(offered: readonly OfferedModel[]): Promise<KnownModel[]> {
    const fresh = offered.filter((model) => !this.#known.has(model.sha256));
    if (fresh.length > 0) {
      await this.#db
        .insertInto("model")
        .values(
          fresh.map((model) => ({
            sha256: model.sha256,
            name: findModelFact(model.sha256)?.name ?? model.name,
            bytes: model.bytes,
            declared: JSON.stringify(model.declared),
            chat_template: model.chatTemplate,
            first_seen: this.#clock(),
          })),
        )
        .onConflict((conflict) => conflict.column("sha256").doNothing())
        .execute();
    }
    return Promise.all(offered.map(async (model) => (await this.get(model.sha256)) as KnownModel));
  }

  /** A model by digest; null when no node has offered it. */
  async get(sha256: string): Promise<KnownModel | null> {
    const known = this.#known.get(sha256);
    if (known !== undefined) return known;
    const row = await this.#db
      .selectFrom("model")
      .selectAll()
      .where("sha256", "=", sha256)
      .executeTakeFirst();
    return row === undefined ? null : this.#remember(row);
  }

  /** What a person meant by a digest, id or name (upper and lower case alike); null when it means nothing here. */
  async resolve(wanted: string): Promise<NamedModel | null> {
    const name = wanted.trim().toLowerCase();
    const fact = findModelFact(name);
    const all = await this.all();
    const found =
      all.find((model) => model.sha256 === (fact?.sha256 ?? name)) ??
      all.find((model) => model.name.toLowerCase() === name);
    if (found !== undefined) return { sha256: found.sha256, name: found.name };
    return fact?.sha256 ? { sha256: fact.sha256, name: fact.name } : null;
  }

  async #remember(row: {
    sha256: string;
    name: string;
    bytes: number | null;
    declared: Record<string, string>;
  }): Promise<KnownModel> {
    const { sha256, name, bytes, declared } = row;
    const earlier = this.#known.get(sha256);
    if (earlier !== undefined) return earlier;
    const lineage = lineageOf(sha256, name, declared);
    const bom = modelBom(sha256, lineage, bytes);
    const lineageDigest = sha256Hex(bom);
    await this.#db
      .insertInto("bom")
      .values({
        digest: lineageDigest,
        content: bom.toString("utf8"),
        lineage: JSON.stringify(lineage),
        created_at: this.#clock(),
      })
      .onConflict((conflict) => conflict.column("digest").doNothing())
      .execute();
    const known = { sha256, name, bytes, lineage, lineageDigest };
    this.#known.set(sha256, known);
    return known;
  }
}

/** Most capable first: by the facts' rank; models without facts after them, larger files first. */
export function byCapability(
  a: { sha256: string; bytes: number | null },
  b: { sha256: string; bytes: number | null },
): number {
  const rank = (sha256: string) => findModelFact(sha256)?.rank ?? -1;
  return rank(b.sha256) - rank(a.sha256) || (b.bytes ?? 0) - (a.bytes ?? 0);
}

/** The model a question waits for while the pool has never seen a node: the one that ships with the program. */
export function shippedModel(): NamedModel {
  const fact = modelFacts().find(
    (candidate) =>
      candidate.sha256 !== null && candidate.places.some((place) => place.kind === "file"),
  );
  return fact?.sha256 ? { sha256: fact.sha256, name: fact.name } : { ...ECHO_MODEL };
}
