// Asks and follows in a process of its own, as doors do: POST /v1/jobs, then the job's events to their end.
import { randomUUID } from "node:crypto";
import { Agent, type ClientRequest, type IncomingMessage, request } from "node:http";
import type { AskersOrder, AskersReport } from "./drive.ts";

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });

process.on("message", async (order: AskersOrder) => {
  process.send?.(await (order.perSecond === null ? closedLoop(order) : openLoop(order)));
});
process.once("disconnect", () => process.exit());

/** `atOnce` askers, each asking again as soon as it has its answer. */
async function closedLoop(order: AskersOrder): Promise<AskersReport> {
  const report = emptyReport();
  const end = performance.now() + order.seconds * 1000;
  const asker = async (number: number) => {
    for (let at = 0; performance.now() < end; at++) await askOnce(order, number + at, end, report);
  };
  await Promise.all(Array.from({ length: order.atOnce }, (_, number) => asker(number)));
  return report;
}

/** A steady stream of questions, whether or not the earlier ones have their answers. */
async function openLoop(order: AskersOrder): Promise<AskersReport> {
  const report = emptyReport();
  const begun = performance.now();
  const end = begun + order.seconds * 1000;
  const open: Promise<void>[] = [];
  const perMs = (order.perSecond as number) / 1000;
  while (performance.now() < end) {
    while (open.length < (performance.now() - begun) * perMs) {
      open.push(askOnce(order, open.length, end, report));
    }
    await new Promise((done) => setTimeout(done, 1));
  }
  await Promise.all(open);
  return report;
}

function emptyReport(): AskersReport {
  return { asked: 0, answered: 0, answeredInTime: 0, failed: 0, firstTextMs: [], endMs: [] };
}

async function askOnce(
  order: AskersOrder,
  number: number,
  end: number,
  report: AskersReport,
): Promise<void> {
  const begun = performance.now();
  report.asked++;
  try {
    const posted = await send(order, "/v1/jobs", {
      community: `community ${number % order.communities}`,
      member: "bench",
      room: "bench",
      requestKey: randomUUID(),
      prompt: order.prompt,
      options: { wait: true },
    });
    const accepted = JSON.parse(await whole(posted)) as { id: string };
    const acceptedAt = performance.now();
    if (posted.statusCode !== 201) throw new Error(`status ${posted.statusCode}`);
    if (order.follow === false) {
      report.answered++;
      return;
    }
    const events = await send(order, `/v1/jobs/${accepted.id}/events`);
    const { firstTextAt, state } = await follow(events);
    const now = performance.now();
    if (state !== "done") throw new Error(`ended as ${state}`);
    report.answered++;
    if (now <= end) report.answeredInTime++;
    report.firstTextMs.push(firstTextAt - acceptedAt);
    report.endMs.push(now - begun);
  } catch (error) {
    report.failed++;
    console.error(`bench: a question failed: ${(error as Error).message}`);
  }
}

/** Reads a job's events to the end. Only what is measured is parsed: a door's own cost is measured elsewhere. */
async function follow(events: IncomingMessage): Promise<{ firstTextAt: number; state: string }> {
  let firstTextAt = Number.NaN;
  let text = "";
  events.setEncoding("utf8");
  for await (const piece of events) {
    text += piece;
    if (Number.isNaN(firstTextAt) && text.includes("event: text")) firstTextAt = performance.now();
  }
  // An answer that was finished before the door listened comes with the end.
  if (Number.isNaN(firstTextAt)) firstTextAt = performance.now();
  const state = /event: end\ndata: \{"id":"[^"]*","state":"(\w+)"/.exec(text)?.[1];
  return { firstTextAt, state: state ?? "nothing" };
}

function send(order: AskersOrder, path: string, body?: object): Promise<IncomingMessage> {
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers: Record<string, string | number> = { authorization: `Bearer ${order.token}` };
    if (text !== undefined) {
      headers["content-type"] = "application/json";
      headers["content-length"] = Buffer.byteLength(text);
    }
    const url = order.urls[Math.floor(Math.random() * order.urls.length)] as string;
    const sent: ClientRequest = request(
      `${url}${path}`,
      { agent, method: text === undefined ? "GET" : "POST", headers },
      resolve,
    );
    sent.on("error", reject);
    sent.end(text);
  });
}

async function whole(response: IncomingMessage): Promise<string> {
  response.setEncoding("utf8");
  let text = "";
  for await (const piece of response) text += piece;
  return text;
}
