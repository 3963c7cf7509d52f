import type { Limits } from "../limits.ts";
import type { Bus, BusMessage } from "./bus.ts";
import { connectRedis, pingRedis } from "./redis.ts";

const ALL = "substrate:all";
const replicaChannel = (replica: string): string => `substrate:replica:${replica}`;

/**
 * The bus on Redis pub/sub. Messages of one turn of the event loop travel as one. A message sent while a replica
 * reconnects is lost to it.
 */
export async function openRedisBus(
  url: string,
  replica: string,
  limits: Pick<Limits, "replicaDeadMs">,
  onMessage: (message: BusMessage) => void,
  onError: (error: Error) => void,
): Promise<Bus> {
  const publisher = await connectRedis(url, onError, { maxRetriesPerRequest: 1 });
  const subscriber = await connectRedis(url, onError, { maxRetriesPerRequest: null });
  // Others may be there before we hear of them.
  let othersHeardAt = performance.now();
  subscriber.on("message", (_channel: string, text: string) => {
    // Only replicas of this program write here.
    const packet = JSON.parse(text) as Packet;
    if (packet.from === replica) return;
    othersHeardAt = performance.now();
    for (const message of packet.messages) onMessage(message);
  });
  await subscriber.subscribe(ALL, replicaChannel(replica));

  const waiting = new Map<string, BusMessage[]>();
  const flush = () => {
    for (const [channel, messages] of waiting) {
      const packet: Packet = { from: replica, messages };
      publisher.publish(channel, JSON.stringify(packet)).catch(onError);
    }
    waiting.clear();
  };
  /** Text for readers leaves at once; what only sets others looking, once a turn for all that said it. */
  const publish = (channel: string, message: BusMessage) => {
    if (channel !== ALL) process.nextTick(flush);
    else if (waiting.size === 0) setImmediate(flush);
    const messages = waiting.get(channel);
    if (messages === undefined) waiting.set(channel, [message]);
    else if (!repeats(messages, message)) messages.push(message);
  };
  const alone = () => performance.now() - othersHeardAt > limits.replicaDeadMs;
  return {
    toAll(message) {
      // Every job would pay for these; what tells replicas of each other goes out all the same.
      if ((message.type === "wake" || message.type === "follow") && alone()) return;
      publish(ALL, message);
    },
    toReplica: (to, message) => publish(replicaChannel(to), message),
    ping: () => pingRedis(publisher),
    async close() {
      flush();
      await publisher.quit().catch(() => {});
      subscriber.disconnect();
    },
  };
}

interface Packet {
  readonly from: string;
  readonly messages: readonly BusMessage[];
}

/** Many jobs may be added to one queue in one turn; one wake says it all. */
function repeats(messages: readonly BusMessage[], message: BusMessage): boolean {
  return (
    message.type === "wake" &&
    messages.some((other) => other.type === "wake" && other.queue === message.queue)
  );
}
