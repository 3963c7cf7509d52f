import Type from "typebox";
import { ParseError } from "../parse.ts";
import { strictJsonParser } from "../receipts/strict-json.ts";

/** The part of CycloneDX 1.6 that names the model file; the rest is for people to read. */
const ModelBom = Type.Object({
  bomFormat: Type.Literal("CycloneDX"),
  metadata: Type.Object({
    component: Type.Object({
      hashes: Type.Array(Type.Object({ alg: Type.String(), content: Type.String() })),
    }),
  }),
});

const parse = strictJsonParser(ModelBom, "lineage record", 16 * 1024 * 1024);

/** SHA-256 of the model file that an ML-BOM is about; null where it names none or cannot be read. */
export function bomModelDigest(bytes: Uint8Array): string | null {
  try {
    const { hashes } = parse(bytes).metadata.component;
    return hashes.find(({ alg }) => alg === "SHA-256")?.content ?? null;
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}
