import { spawn } from "node:child_process";
import { forwardSignals } from "../machine/forward-signals.js";

/** The user's program, as a shell would start it. */
export interface Program {
  readonly executable: string;
  readonly arguments: readonly string[];
}

/** How a program ended, and the end of what it wrote to its standard error. */
export interface ProgramEnd {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started at all. */
  readonly startError: string | null;
  readonly errorTail: string;
  /** The signal by which the user stopped us while it ran. */
  readonly interruptedBy: NodeJS.Signals | null;
}

const tailLength = 64 * 1024;

/**
 * Runs a program with its output passed through until it ends.
 *
 * A signal to us is passed on to it; if it still lives some seconds later, or at a second signal, it is killed.
 */
export function runProgram(program: Program, environment: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let errorTail = "";
    const child = spawn(program.executable, program.arguments, {
      env: environment,
      stdio: ["inherit", "inherit", "pipe"],
    });
    const forwarding = forwardSignals((signal) => child.kill(signal));
    child.stderr.on("data", (chunk: Buffer) => {
      process.stderr.write(chunk);
      errorTail = (errorTail + chunk.toString("utf8")).slice(-tailLength);
    });
    const finish = (end: Pick<ProgramEnd, "status" | "signal" | "startError">): void => {
      forwarding.stop();
      resolve({ ...end, errorTail, interruptedBy: forwarding.signal() });
    };
    child.on("error", (error) => {
      if (child.pid === undefined) finish({ status: null, signal: null, startError: error.message });
    });
    child.on("close", (status, signal) => {
      if (child.pid !== undefined) finish({ status, signal, startError: null });
    });
  });
}
