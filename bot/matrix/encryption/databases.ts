import "fake-indexeddb/auto";

/**
 * The crypto library keeps its keys in IndexedDB, which Node has only in memory (fake-indexeddb). Here a set of
 * databases becomes plain data and comes back from it.
 */
export interface DatabaseCopy {
  /** Behind the prefix. */
  readonly name: string;
  readonly version: number;
  readonly stores: readonly StoreCopy[];
}

interface StoreCopy {
  readonly name: string;
  readonly keyPath: string | string[] | null;
  readonly autoIncrement: boolean;
  readonly indexes: readonly {
    readonly name: string;
    readonly keyPath: string | string[];
    readonly unique: boolean;
    readonly multiEntry: boolean;
  }[];
  readonly keys: readonly IDBValidKey[];
  readonly values: readonly unknown[];
}

/** Copies every database whose name starts with the prefix; each as it stood at one moment. */
export async function copyDatabases(prefix: string): Promise<DatabaseCopy[]> {
  const copies: DatabaseCopy[] = [];
  for (const { name = "" } of await indexedDB.databases()) {
    if (!name.startsWith(prefix)) continue;
    const database = await done(indexedDB.open(name));
    try {
      copies.push({
        name: name.slice(prefix.length),
        version: database.version,
        stores: await copyStores(database),
      });
    } finally {
      database.close();
    }
  }
  return copies.sort((a, b) => a.name.localeCompare(b.name));
}

/** Makes the databases again, under another prefix if need be. */
export async function restoreDatabases(
  prefix: string,
  copies: readonly DatabaseCopy[],
): Promise<void> {
  for (const { name, version, stores } of copies) {
    const opening = indexedDB.open(prefix + name, version);
    opening.onupgradeneeded = () => {
      for (const store of stores) {
        const made = opening.result.createObjectStore(store.name, {
          keyPath: store.keyPath,
          autoIncrement: store.autoIncrement,
        });
        for (const { name: index, keyPath, unique, multiEntry } of store.indexes) {
          made.createIndex(index, keyPath, { unique, multiEntry });
        }
        store.values.forEach((value, at) => {
          // A store with a key path finds its key in the value.
          made.put(value, ...(store.keyPath === null ? [store.keys[at]] : []));
        });
      }
    };
    (await done(opening)).close();
  }
}

/** Forgets every database of the prefix. */
export async function dropDatabases(prefix: string): Promise<void> {
  for (const { name = "" } of await indexedDB.databases()) {
    if (name.startsWith(prefix)) await done(indexedDB.deleteDatabase(name));
  }
}

/** All stores in one transaction, so that no write falls between two of them. */
async function copyStores(database: IDBDatabase): Promise<StoreCopy[]> {
  const names = [...database.objectStoreNames];
  if (names.length === 0) return [];
  const transaction = database.transaction(names, "readonly");
  const reading = names.map((name) => {
    const store = transaction.objectStore(name);
    return { store, keys: done(store.getAllKeys()), values: done(store.getAll()) };
  });
  const copies: StoreCopy[] = [];
  for (const { store, keys, values } of reading) {
    const indexes = [...store.indexNames].map((index) => {
      const { name, keyPath, unique, multiEntry } = store.index(index);
      return { name, keyPath, unique, multiEntry };
    });
    const { name, keyPath, autoIncrement } = store;
    copies.push({
      ...{ name, keyPath, autoIncrement, indexes },
      keys: await keys,
      values: await values,
    });
  }
  return copies;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
