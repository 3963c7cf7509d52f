import type { Bus, BusMessage } from "./bus.ts";
import { connectRedis, pingRedis } from "./redis.ts";

const ALL = "substrate:all";
const replicaChannel = (replica: string): string => `substrate:replica:${replica}`;

/** The bus on Redis pub/sub. A message sent while a replica reconnects is lost to it. */
export async function openRedisBus(
  url: string,
  replica: string,
  onMessage: (message: BusMessage) => void,
  onError: (error: Error) => void,
): Promise<Bus> {
  const publisher = await connectRedis(url, onError, { maxRetriesPerRequest: 1 });
  const subscriber = await connectRedis(url, onError, { maxRetriesPerRequest: null });
  subscriber.on("message", (_channel: string, text: string) => {
    // Only replicas of this program write here.
    const message = JSON.parse(text) as BusMessage;
    if (message.from !== replica) onMessage(message);
  });
  await subscriber.subscribe(ALL, replicaChannel(replica));
  const publish = (channel: string, message: BusMessage) =>
    void publisher.publish(channel, JSON.stringify(message)).catch(onError);
  return {
    toAll: (message) => publish(ALL, message),
    toReplica: (to, message) => publish(replicaChannel(to), message),
    ping: () => pingRedis(publisher),
    async close() {
      await publisher.quit().catch(() => {});
      subscriber.disconnect();
    },
  };
}
