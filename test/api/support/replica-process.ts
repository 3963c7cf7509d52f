// A replica in a process of its own, so that a test can kill it: settings from the environment, LIMITS as JSON.
// SIGTERM stops it as a service manager does. SIGUSR2 moves its machine's clock by CLOCK_JUMP_MS, and back.
import { startApi } from "../../../api/start.ts";
import { apiSettings } from "../../../config/settings.ts";
import { UNHURRIED } from "./pool.ts";

const { LIMITS = "{}", CLOCK_JUMP_MS = "0" } = process.env;
const wallClock = Date.now;
let jumpMs = 0;
Date.now = () => wallClock() + jumpMs;
process.on("SIGUSR2", () => {
  jumpMs = jumpMs === 0 ? Number(CLOCK_JUMP_MS) : 0;
});

const api = await startApi({
  settings: apiSettings({ ...UNHURRIED, ...process.env }),
  limits: JSON.parse(LIMITS),
});
process.once("SIGTERM", () => void api.close().then(() => process.exit(0)));
// A driver that started it with a channel waits for this word, and takes it along when it dies.
process.send?.({ ready: true });
process.on("disconnect", () => process.exit());
