import { constants } from "node:os";

/** The shell's convention for the exit status of a process that a signal ended. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
