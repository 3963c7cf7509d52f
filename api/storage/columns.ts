import type { ColumnType } from "kysely";

/** Written as text and read as a value. */
export type Json<T> = ColumnType<T, string, string>;
/** Read as a Buffer (PostgreSQL) or Uint8Array (PGlite). */
export type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>;
