import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { atMost } from "./at-most.ts";
import type { ApiContext } from "./context.ts";
import { openGovernance } from "./governance/open.ts";
import { AnswerTimes } from "./jobs/answer-times.ts";
import { type Asked, Intake } from "./jobs/ask.ts";
import { Dispatcher } from "./jobs/dispatch.ts";
import { FairOrder } from "./jobs/fair-order.ts";
import { Following } from "./jobs/follow.ts";
import { ForgottenJobs } from "./jobs/forgotten-jobs.ts";
import { LeaseDesk } from "./jobs/lease-desk.ts";
import { Places } from "./jobs/place.ts";
import type { Tier } from "./jobs/queue-name.ts";
import { RecentJobs } from "./jobs/recent.ts";
import { beat, holdDuty, reconcile } from "./jobs/reconcile.ts";
import { chooseAgain, failRemovedModels, keepApart, keepPrivate } from "./jobs/rehome.ts";
import { Relay } from "./jobs/relay.ts";
import { jobRoutes } from "./jobs/routes.ts";
import { loadJob, viewOfFresh } from "./jobs/view.ts";
import { leaseWatch, renewLeases } from "./jobs/watch.ts";
import { sweepTexts } from "./members/retention.ts";
import { memberRoutes } from "./members/routes.ts";
import { addGauges } from "./metrics/gauges.ts";
import { NodeRules } from "./moderation/node-rules.ts";
import { reportRoutes } from "./moderation/report-routes.ts";
import { moderationRoutes } from "./moderation/routes.ts";
import { NodeDirectory } from "./nodes/directory.ts";
import { Gateway } from "./nodes/gateway.ts";
import { inviteLookRoute, inviteRoutes } from "./nodes/invite-routes.ts";
import { Presence } from "./nodes/presence.ts";
import type { NodeSession } from "./nodes/session.ts";
import { tellQueue } from "./nodes/tell-queue.ts";
import { PolicyBook } from "./policy/book.ts";
import { policyRoutes } from "./policy/routes.ts";
import { ModelBook } from "./pool/model-book.ts";
import { poolRoutes } from "./pool/routes.ts";
import type { BusMessage } from "./queue/bus.ts";
import { receiptRoutes } from "./receipts/routes.ts";
import { everyWhile } from "./rounds.ts";

/** The rooms of one replica, joined together. */
export interface OpenPool {
  readonly rooms: FastifyPluginAsyncTypebox[];
  readonly openRooms: FastifyPluginAsyncTypebox[];
  readonly gateway: Gateway;
  /** A message from another replica. */
  readonly hear: (message: BusMessage) => void;
  /** Takes no more work, gives running jobs back and says goodbye to nodes. */
  leave(): Promise<void>;
  /** Ends what is left. */
  close(): Promise<void>;
}

/** An asker's answer is not held up longer than this by a queue that is away. */
const QUEUE_ADDS_MS = 250;

/** Builds the rooms and starts their rounds. `alone`: no other replica shares these records. */
export async function openPool(ctx: ApiContext, alone: boolean): Promise<OpenPool> {
  const { limits } = ctx;
  // Nobody else can be alive: what a killed predecessor led is taken over at once.
  if (alone) await ctx.db.deleteFrom("replica").execute();
  const rules = new NodeRules(ctx);
  await rules.load();
  const directory = new NodeDirectory((keyId, tier) => rules.serves(keyId, tier));
  const book = new ModelBook(ctx.db, ctx.clock);
  const policies = new PolicyBook(ctx);
  const rights = { poolModerators: ctx.settings.poolModerators };
  const outlook = {
    slots: (sha256: string, tier: Tier) => directory.slots(sha256, tier),
    waitLimitMs: ctx.settings.waitLimitMs,
  };
  const places = new Places(ctx.db, ctx.queue, new AnswerTimes(ctx.steady, ctx.clock), outlook);
  const load = (id: string) => loadJob(ctx.steady, id, places);
  const viewFresh = async ({ row, queued }: Asked) => {
    // The queue knows the place; while it is away nobody waits for it.
    await atMost(QUEUE_ADDS_MS, queued);
    const job = await viewOfFresh(row, places);
    recent.tell(job);
    return job;
  };
  const recent = new RecentJobs(ctx.clock);
  const order = new FairOrder(ctx.steady);
  const relay = new Relay(
    ctx.bus,
    ctx.replica,
    async (id) => (await load(id))?.job ?? null,
    ctx.log,
    recent,
  );
  const desk = new LeaseDesk(ctx, relay, order);
  const dispatcher = new Dispatcher(ctx, relay, desk, directory, book, rules, policies, recent);
  const asking = { book, directory, dispatcher, recent, order, policies, rules, rights };
  const intake = new Intake(ctx, asking);
  const following = new Following(ctx, relay, desk, places, load, recent);
  const governance = await openGovernance({ ctx, book, policies, rights, nodeRules: rules });
  dispatcher.rulesInForce = governance.rulesetDigest;
  intake.suspended = governance.suspended;
  const sessions = new Map<string, NodeSession>();
  const parts = { ctx, relay, dispatcher, directory, rules, policies };
  const forgotten = new ForgottenJobs(parts);
  const presence = new Presence(ctx, directory, sessions, () => chooseAgain(parts));
  const gateway = new Gateway({ ctx, desk, dispatcher, book, presence, sessions, rules });
  const logged = (what: string) => (error: unknown) => ctx.log.error({ err: error }, what);
  rules.onChange(() => {
    directory.forgetOffers();
    gateway.heed();
    keepApart(parts).catch(logged("could not sort waiting jobs"));
  });
  policies.onChange(() => {
    const sorted = keepPrivate(parts)
      .then(() => chooseAgain(parts))
      .then(() => failRemovedModels(parts));
    sorted.catch(logged("could not sort waiting jobs by the new settings"));
  });
  addGauges(ctx.metrics, {
    db: ctx.db,
    clock: ctx.clock,
    connectedNodes: () => sessions.size,
    onlineNodes: () => directory.online(),
    leases: () => desk.all().length,
    followedJobs: () => relay.followed().length,
  });
  await beat(ctx);
  await presence.begin();

  const rounds = [
    everyWhile(ctx.log, "heartbeat", limits.reconcileMs, () => beat(ctx)),
    everyWhile(ctx.log, "reconcile", limits.reconcileMs, () => reconcile({ ...parts, forgotten })),
    everyWhile(ctx.log, "read node rules", limits.reconcileMs, () => rules.load()),
    everyWhile(ctx.log, "erase texts", limits.eraseMs, async () => {
      if (await holdDuty(ctx, "erase texts", 3 * limits.eraseMs)) await sweepTexts(ctx);
    }),
    everyWhile(ctx.log, "watch leases", limits.pollMs, leaseWatch(ctx, desk)),
    everyWhile(ctx.log, "renew leases", limits.renewMs, () => renewLeases(ctx, desk)),
    everyWhile(ctx.log, "tell places", limits.placeMs, () => following.refresh()),
    everyWhile(ctx.log, "tell nodes the queue", limits.placeMs, () => tellQueue(ctx, sessions)),
    everyWhile(ctx.log, "tell presence", limits.presenceMs, async () => {
      directory.forgetSilent(ctx.clock() - limits.replicaDeadMs, ctx.replica);
      await presence.round();
    }),
  ];

  const hear = (message: BusMessage): void => {
    switch (message.type) {
      case "wake":
        dispatcher.look(message.queue);
        break;
      case "cancel":
        dispatcher.stop(message.job);
        break;
      case "who":
        presence.tellAll(message.from);
        break;
      case "policy":
        policies.hear();
        break;
      case "rules":
        rules.load().catch(logged("could not read what nodes may serve"));
        break;
      case "presence":
      case "change":
      case "alive":
        presence.hear(message);
        break;
      case "events":
        for (const { job, event } of message.events) relay.deliver(job, event);
        break;
      case "ended":
        for (const job of message.jobs) relay.endHere(job);
        break;
      case "follow": {
        const lease = desk.byJob(message.job);
        if (lease === undefined) break;
        lease.replyTo.add(message.from);
        relay.sendSnapshot(lease, message.from);
      }
    }
  };

  return {
    rooms: [
      jobRoutes({
        ...{ ctx, db: ctx.db, relay, dispatcher, intake, following, load, viewFresh },
        ...{ policies, rights },
      }),
      receiptRoutes({ ctx, load, policies }),
      poolRoutes({ ctx, directory, book }),
      memberRoutes({ ctx, policies, directory, relay, dispatcher }),
      moderationRoutes({ ctx, policies, rules, rights, directory, places }),
      reportRoutes({ ctx, policies, rights, load }),
      policyRoutes({ ctx, policies, book, rights }),
      inviteRoutes({ ctx, policies, rights }),
      ...governance.rooms,
    ],
    openRooms: [inviteLookRoute(ctx)],
    gateway,
    hear,
    async leave() {
      dispatcher.close();
      await governance.close();
      await Promise.all(desk.all().map((lease) => desk.lose(lease, "pool_restarted")));
      relay.close();
      gateway.close();
      await Promise.all(rounds.map((stop) => stop()));
      await presence.close();
      await ctx.db.deleteFrom("replica").where("id", "=", ctx.replica).execute();
    },
    async close() {
      gateway.terminate();
    },
  };
}
