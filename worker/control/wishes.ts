import type { WorkerSettings } from "../../config/settings.ts";
import type { Steering } from "../limits/steering.ts";
import type { ControlAnswer, ControlRequest, WorkerStatus } from "./wire.ts";

/** The parts of a running worker that its owner steers. */
export interface Steered {
  readonly status: () => WorkerStatus;
  readonly steering: Steering;
  readonly leave: (graceMs: number) => Promise<void>;
  /** Takes on what was noted down anew. Throws for what cannot be read. */
  readonly reload: () => { before: WorkerSettings; current: WorkerSettings };
}

/** Settings the engine was started with; others are taken on while it runs. */
const AT_NEXT_START = [
  ["workerThreads", "threads"],
  ["workerMaxThreads", "threads"],
  ["workerSlots", "answers at once"],
  ["workerMemoryMb", "memory"],
  ["workerGpu", "graphics card"],
  ["workerVramMb", "graphics memory"],
  ["workerEngine", "engine"],
  ["workerOpenaiUrl", "server"],
  ["workerContext", "context"],
  ["apiUrl", "pool"],
] as const;

/** Does what the owner asks from another terminal, and says so. */
export function ownersWishes(worker: Steered): (request: ControlRequest) => ControlAnswer {
  const said = (text: string): ControlAnswer => ({ ok: true, said: text, status: worker.status() });
  return (request) => {
    switch (request.do) {
      case "status":
        return said("");
      case "pause":
        worker.steering.pause(request.until);
        return said("Paused: it takes no new answers. What it is writing, it finishes.");
      case "resume": {
        worker.steering.resume();
        const { state, why } = worker.steering.state;
        return said(
          state === "open" ? "It takes answers again." : `Not paused any more, but it is ${why}.`,
        );
      }
      case "leave": {
        const { taken } = worker.status().slots;
        void worker.leave(request.now ? 0 : Number.POSITIVE_INFINITY);
        if (taken === 0 || request.now) return said("It leaves now.");
        return said(`It takes nothing new, finishes ${taken} answer(s), and then leaves.`);
      }
      case "reload": {
        const { before, current } = worker.reload();
        const later = new Set(
          AT_NEXT_START.filter(([key]) => before[key] !== current[key]).map(([, name]) => name),
        );
        const rest = [...later].join(", ");
        return said(rest === "" ? "In force now." : `In force at the next start: ${rest}.`);
      }
    }
  };
}
