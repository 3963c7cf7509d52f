// Loaded before every test file (test/run.ts): property tests draw the same cases in every run, SEED=… draws others.
import fc from "fast-check";

fc.configureGlobal({ seed: Number(process.env.SEED ?? 1) });
