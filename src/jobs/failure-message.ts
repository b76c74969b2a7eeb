import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { escapeText, formatDiagnostics } from "../diagnostics/format.js";
import type { DriverEndedError } from "../drivers/driver.js";
import type { DriverJobEvent } from "../drivers/driver-protocol.js";

type FailedEvent = Extract<DriverJobEvent, { readonly event: "failed" }>;

/**
 * Why a job failed, for its user: what failed where in the form of a diagnostic, then the user's own traceback,
 * which ends with the transform as Beam's own runners write it. Programs and people look at the last line.
 */
export function formatJobFailure({ code, transform, message, hint, traceback }: FailedEvent): string {
  const lines = [`error ${escapeText(code ?? "run/job-failed")}`];
  if (transform != null) lines.push(`  at   ${escapeText(transform)}`);
  lines.push(`  why  ${escapeText(message)}`);
  if (hint != null) lines.push(`  hint ${escapeText(hint)}`);
  const trace = (traceback ?? "").trimEnd();
  if (trace !== "") lines.push(...escapeLines(trace));
  const last = lines.at(-1) ?? "";
  // A worker of Beam's SDK has written it already.
  const where = transform == null ? "" : ` [while running '${escapeText(transform)}']`;
  if (!last.endsWith(where)) lines[lines.length - 1] = `${last}${where}`;
  return lines.join("\n");
}

/** A driver's end for the users of its jobs: the end of its log, then the diagnostic. */
export function formatDriverFailure(diagnostic: Diagnostic, log: string): string {
  const said = log === "" ? "" : `${escapeLines(log).join("\n")}\n`;
  return `${said}${formatDiagnostics([diagnostic])}`.trimEnd();
}

/** A driver's end for the service's own output: all that there is. */
export function formatLostDriver({ end, log }: DriverEndedError): string {
  const said = log === "" ? [] : escapeLines(log).map((line) => `  ${line}`);
  return [`a Spark session ended with ${escapeText(end)}`, ...said, ""].join("\n");
}

/** What Spark's Java process writes of its own end; everything else in a log may be some job's. */
const javaErrors = [
  /^\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d (ERROR|FATAL) /,
  /^Exception in thread "/,
  /^Terminating due to java\.lang\./,
  /^# (A fatal error has been detected|There is insufficient memory|java\.lang\.OutOfMemoryError)/,
];

/** The lines of a driver's log that tell of its own troubles, and nothing that one of its jobs has written. */
export function pickJavaErrors(log: string): string {
  return log
    .split("\n")
    .filter((line) => javaErrors.some((pattern) => pattern.test(line)))
    .join("\n");
}

function escapeLines(text: string): string[] {
  return text.split("\n").map((line) => escapeText(line.trimEnd().replaceAll("\t", "    ")));
}
