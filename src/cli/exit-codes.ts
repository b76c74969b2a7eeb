/** What the command line ends with; `run` ends with the job's own status instead of `ok`. */
export const exitCodes = { ok: 0, diagnostics: 1, usage: 2 } as const;
