import { type ChildProcess, spawn } from "node:child_process";

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
const patience = 5_000;

/** `python` or `python3` as the first word means the chosen Python; any other command is left as it is. */
export function resolveProgram(command: readonly string[], python: string): Program {
  const [first = "", ...rest] = command;
  return { executable: /^python3?$/.test(first) ? python : first, arguments: rest };
}

/**
 * Runs a program with its output passed through until it ends.
 *
 * A signal to us is passed on to it; if it still lives some seconds later, or at a second signal, it is killed.
 */
export function runProgram(program: Program, environment: NodeJS.ProcessEnv): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let errorTail = "";
    let interruptedBy: NodeJS.Signals | null = null;
    const child = spawn(program.executable, program.arguments, {
      env: environment,
      stdio: ["inherit", "inherit", "pipe"],
    });
    const stopForwarding = forwardSignals(child, (signal) => {
      interruptedBy = signal;
    });
    child.stderr.on("data", (chunk: Buffer) => {
      process.stderr.write(chunk);
      errorTail = (errorTail + chunk.toString("utf8")).slice(-tailLength);
    });
    const finish = (end: Pick<ProgramEnd, "status" | "signal" | "startError">): void => {
      stopForwarding();
      resolve({ ...end, errorTail, interruptedBy });
    };
    child.on("error", (error) => {
      if (child.pid === undefined) finish({ status: null, signal: null, startError: error.message });
    });
    child.on("close", (status, signal) => {
      if (child.pid !== undefined) finish({ status, signal, startError: null });
    });
  });
}

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Passes our signals on to a child, and kills it when that does not help. Out: a function that stops doing so.
 */
export function forwardSignals(child: ChildProcess, onSignal: (signal: NodeJS.Signals) => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let interrupted = false;
  const listener = (signal: NodeJS.Signals): void => {
    onSignal(signal);
    if (interrupted) {
      child.kill("SIGKILL");
      return;
    }
    interrupted = true;
    child.kill(signal);
    timer = setTimeout(() => child.kill("SIGKILL"), patience);
    timer.unref();
  };
  for (const signal of forwarded) process.on(signal, listener);
  return () => {
    clearTimeout(timer);
    for (const signal of forwarded) process.off(signal, listener);
  };
}
