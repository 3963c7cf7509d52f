// A replica in a process of its own, so that a test can kill it: settings from the environment, LIMITS as JSON.
import { startApi } from "../../../api/start.ts";
import { apiSettings } from "../../../config/settings.ts";

const { LIMITS = "{}" } = process.env;
await startApi({ settings: apiSettings(process.env), limits: JSON.parse(LIMITS) });
