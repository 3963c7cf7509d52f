/** Bytes so far and in all; the total is 0 while unknown. */
export type OnProgress = (receivedBytes: number, totalBytes: number) => void;

/** What a place is asked for. */
export interface FetchRequest {
  readonly sha256: string;
  /** Expected size; null when unknown. */
  readonly bytes: number | null;
  /** File to fill. What an earlier try left in it may be continued. */
  readonly partFile: string;
  readonly onProgress: OnProgress;
  readonly signal: AbortSignal;
}

/** A place did not give the file. The message ends a sentence that starts with the place's name. */
export class PlaceFailed extends Error {
  override name = "PlaceFailed";
}
