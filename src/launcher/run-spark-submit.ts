import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { forwardSignals } from "../machine/forward-signals.js";
import { signalGroup } from "../machine/process-group.js";

/** How `spark-submit` ended. */
export interface SparkEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The signal by which the user stopped the job. */
  readonly interruptedBy: NodeJS.Signals | null;
}

/**
 * Runs `spark-submit` until it ends: its standard output is handed on, its log goes to a file.
 *
 * It has a process group of its own, because Java and the Python driver it starts must both get a signal.
 * Errors: an Error when it can't be started.
 */
export function runSparkSubmit(request: {
  readonly sparkHome: string;
  readonly words: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly logFile: string;
  readonly onOutput: (text: string) => void;
  /** Stops it as the user's Ctrl-C does. */
  readonly stop?: AbortSignal | undefined;
}): Promise<SparkEnd> {
  const name = process.platform === "win32" ? "spark-submit.cmd" : "spark-submit";
  const log = openSync(request.logFile, "a");
  return new Promise((resolve, reject) => {
    const child = spawn(join(request.sparkHome, "bin", name), request.words, {
      env: request.environment,
      stdio: ["ignore", "pipe", log],
      detached: process.platform !== "win32",
    });
    const signalAll = (signal: NodeJS.Signals): void => {
      if (child.pid !== undefined) signalGroup(child.pid, signal);
    };
    const forwarding = forwardSignals(signalAll);
    const stop = (): void => forwarding.send("SIGTERM");
    request.stop?.addEventListener("abort", stop);
    if (request.stop?.aborted) stop();
    const finish = (): void => {
      request.stop?.removeEventListener("abort", stop);
      forwarding.stop();
      closeSync(log);
    };
    child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      // What a stopped driver says is that it was stopped.
      if (forwarding.signal() === null) request.onOutput(text);
    });
    let startError: Error | null = null;
    child.on("error", (error) => {
      startError = error;
    });
    child.on("exit", () => signalAll("SIGKILL"));
    child.on("close", (status, signal) => {
      finish();
      if (startError !== null) reject(startError);
      else resolve({ status, signal, interruptedBy: forwarding.signal() });
    });
  });
}
