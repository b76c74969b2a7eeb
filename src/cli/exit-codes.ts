/** What the command line ends with; `run` ends with the job's own status instead of `ok`. */
export const exitCodes = { ok: 0, diagnostics: 1, usage: 2 } as const;

/** The shell's convention for a process that a signal ended. */
export function exitCodeOfSignal(signal: NodeJS.Signals): number {
  return signal === "SIGINT" ? 130 : signal === "SIGHUP" ? 129 : 143;
}
