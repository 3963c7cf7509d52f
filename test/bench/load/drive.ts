import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** What load/nodes.ts is told. */
export interface NodesOrder {
  readonly url: string;
  readonly enrolmentToken: string;
  readonly count: number;
  readonly slots: number;
  /** Answer at once, stream slowly, or do nothing at all. */
  readonly work: "answer" | "stream" | "nothing";
  /** For streams: how many tokens an answer has, and how fast each node writes. */
  readonly tokens?: number;
  readonly tokensPerSecond?: number;
}

/** What load/readers.ts is told. */
export interface ReadersOrder {
  readonly url: string;
  readonly token: string;
  /** Answers read at once. */
  readonly count: number;
  /** So many tokens, of all answers together, are not measured. */
  readonly warmUpTokens: number;
}

export interface ReadersReport {
  readonly tokens: number;
  readonly seconds: number;
  /** From the node's writing to the reader's hand, of each token. */
  readonly delaysMs: number[];
}

/** What load/askers.ts is told, once for each measurement. */
export interface AskersOrder {
  readonly urls: readonly string[];
  readonly token: string;
  readonly prompt: string;
  readonly communities: number;
  readonly seconds: number;
  /** Askers that each wait for their answer; counts only without `perSecond`. */
  readonly atOnce: number;
  /** Questions a second, whatever becomes of them; null: as fast as answers come. */
  readonly perSecond: number | null;
  /** False: a question that was accepted counts as answered. */
  readonly follow?: boolean;
}

export interface AskersReport {
  asked: number;
  answered: number;
  /** Answered before the seconds were over. */
  answeredInTime: number;
  failed: number;
  /** From "accepted" to the first text, milliseconds. */
  firstTextMs: number[];
  /** From the question to its end, milliseconds. */
  endMs: number[];
}

/** A program of this folder, in a process of its own. */
export interface LoadProcess {
  readonly pid: number;
  /** Sends an order and waits for the report. Rejects when the process ends instead. */
  tell<Report>(order: object): Promise<Report>;
  stop(): Promise<void>;
}

/** Starts `file` of this folder. It ends with this process, whatever happens. */
export function startLoad(file: string): LoadProcess {
  const child: ChildProcess = fork(join(import.meta.dirname, file), { stdio: "inherit" });
  return {
    pid: child.pid as number,
    async tell<Report>(order: object) {
      const ended = once(child, "exit").then(([code]) => {
        throw new Error(`${file} ended with code ${code}`);
      });
      const report = once(child, "message");
      child.send(order);
      const [message] = (await Promise.race([report, ended])) as [Report];
      return message;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}
