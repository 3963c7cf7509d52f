// Loaded before every test file (test/run.ts): property tests draw the same cases in every run, SEED=… draws others.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) });

// A file that ran too long is told to end: its services and folders go first, which they do when a process exits.
if (process.env.NODE_TEST_CONTEXT?.startsWith("child")) {
  process.once("SIGTERM", () => process.exit(143));
}
