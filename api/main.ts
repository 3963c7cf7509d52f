// `npm run api`: one replica of the pool service. Settings: config/settings.ts.
import { apiSettings, SettingsError } from "../config/settings.ts";
import { startApi } from "./start.ts";
import { FolderInUseError } from "./storage/folder-lock.ts";

try {
  const api = await startApi({ settings: apiSettings(process.env) });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    api.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
} catch (error) {
  const told = error instanceof SettingsError || error instanceof FolderInUseError;
  console.error(told ? (error as Error).message : error);
  process.exit(1);
}
