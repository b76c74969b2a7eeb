import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exitCodeOfSignal } from "./exit-code-of-signal.js";

/** A folder that only this user can look into, and that does not outlive this process. */
export interface TemporaryFolder {
  readonly path: string;
  readonly remove: () => void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Makes a folder among the system's temporary ones, or in another; `remove` is to be called when its user is done.
 *
 * It is removed too when the process ends without that, by a signal for instance. A signal that somebody else
 * listens for is theirs.
 */
export function makeTemporaryFolder(prefix: string, parent = tmpdir()): TemporaryFolder {
  const path = mkdtempSync(join(parent, prefix));
  const removeFiles = (): void => rmSync(path, { recursive: true, force: true });
  process.on("exit", removeFiles);
  for (const signal of signals) process.on(signal, endProcess);
  return {
    path,
    remove: () => {
      removeFiles();
      process.off("exit", removeFiles);
      for (const signal of signals) process.off(signal, endProcess);
    },
  };
}

function endProcess(signal: NodeJS.Signals): void {
  if (process.listeners(signal).every((listener) => listener === endProcess)) {
    process.exit(exitCodeOfSignal(signal));
  }
}
