import type { NodeSession } from "../nodes/session.ts";

/** The best free node here, or the model that every free one would have to read from disk first. */
export interface Choice {
  readonly node: NodeSession | null;
  readonly mustLoad: string | null;
}

/**
 * Picks a node for a queue: one with the model in memory before one that must load it (which counts only when
 * `mayLoad`), the less busy before the busier, and among equals the one whose latest job is longest ago, so that
 * every volunteer's machine gets its turn. Pure; nodes in `except` are passed over.
 */
export function chooseNode(
  sessions: Iterable<NodeSession>,
  queue: string,
  mayLoad: boolean,
  except: ReadonlySet<string> = new Set(),
): Choice {
  let node: NodeSession | null = null;
  let best = -1;
  let mustLoad: string | null = null;
  for (const session of sessions) {
    const model = session.queues.get(queue);
    if (model === undefined || !session.hasFreeSlot || except.has(session.keyId)) continue;
    if (!model.loaded && !mayLoad) {
      mustLoad = model.sha256;
      continue;
    }
    const score = (model.loaded ? 2 : 1) - session.busy / (session.slots + 1);
    const turn = score === best && node !== null && session.latestTurn < node.latestTurn;
    if (score > best || turn) [node, best] = [session, score];
  }
  return { node, mustLoad: node === null ? mustLoad : null };
}
