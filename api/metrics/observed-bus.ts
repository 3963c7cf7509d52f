import type { Bus, BusMessage } from "../queue/bus.ts";
import type { Metrics } from "./metrics.ts";

/** The same bus, with what is sent counted. */
export function observedBus(bus: Bus, metrics: Metrics): Bus {
  return {
    toAll(message) {
      count(metrics, "out", message);
      bus.toAll(message);
    },
    toReplica(replica, message) {
      count(metrics, "out", message);
      bus.toReplica(replica, message);
    },
    ping: () => bus.ping(),
    close: () => bus.close(),
  };
}

/** The same listener, with what is heard counted. */
export function observedListener(
  listener: (message: BusMessage) => void,
  metrics: Metrics,
): (message: BusMessage) => void {
  return (message) => {
    count(metrics, "in", message);
    listener(message);
  };
}

function count(metrics: Metrics, direction: "in" | "out", message: BusMessage): void {
  metrics.busMessages.inc({ direction, type: message.type });
  if (message.type === "events") metrics.relayedEvents.inc({ direction }, message.events.length);
}
